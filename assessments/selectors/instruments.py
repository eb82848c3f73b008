"""Instruments an organization may use: its own, and those that come with the product."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from assessments.models import Assessment, Instrument, InstrumentVersion, Wave
from ecosystems.models import Organization


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """A line of the list. `published` is the newest published version; definitions are not loaded."""

    instrument: Instrument
    published: InstrumentVersion | None
    draft: InstrumentVersion | None
    assessments: int

    @property
    def items(self) -> int:
        version = self.published or self.draft
        return len(version.item_codes) if version else 0

    @property
    def is_own(self) -> bool:
        return self.instrument.organization_id is not None


@dataclass(frozen=True, slots=True)
class Use:
    """An assessment that asks the instrument, with its waves' versions as labels, oldest first."""

    assessment: Assessment
    waves: tuple[tuple[str, str], ...]
    """(title of the wave, label of its version)"""


def instruments_of(organization: Organization) -> QuerySet[Instrument]:
    return Instrument.objects.filter(Q(organization=organization) | Q(organization=None)).select_related("organization")


def instrument_rows(organization: Organization) -> list[InstrumentRow]:
    """Own instruments first, each group by name; two queries however many there are."""
    instruments = instruments_of(organization).annotate(
        uses=Count("assessments", filter=Q(assessments__ecosystem__organization=organization))
    )
    found: dict[int, dict[bool, InstrumentVersion]] = {}
    versions = InstrumentVersion.objects.filter(instrument__in=instruments_of(organization)).defer("definition")
    for version in versions.order_by("instrument", Coalesce(F("number"), 0)):
        found.setdefault(version.instrument_id, {})[version.is_draft] = version
    rows = [
        InstrumentRow(
            instrument=instrument,
            published=found.get(instrument.pk, {}).get(False),
            draft=found.get(instrument.pk, {}).get(True),
            assessments=instrument.uses,
        )
        for instrument in instruments
    ]
    return sorted(rows, key=lambda row: (not row.is_own, row.instrument.name.lower(), row.instrument.pk))


def versions_of(instrument: Instrument) -> list[InstrumentVersion]:
    """The draft first, then published versions, newest first; definitions are not loaded."""
    versions = instrument.versions.select_related("published_by").defer("definition")
    return sorted(versions, key=lambda version: -(version.number or 10**9))


def usable_versions(organization: Organization) -> QuerySet[InstrumentVersion]:
    """Published versions that a wave of this organization may ask, newest first within each instrument."""
    return (
        InstrumentVersion.objects.filter(instrument__in=instruments_of(organization), published_at__isnull=False)
        .select_related("instrument")
        .defer("definition")
        .order_by("instrument__name", "instrument", "-number")
    )


def uses_of(*, instrument: Instrument, organization: Organization) -> list[Use]:
    """Assessments of this organization alone: who else uses a shared instrument is nobody's business."""
    waves = Wave.objects.select_related("version").defer("version__definition", "version__item_codes")
    assessments = (
        Assessment.objects.filter(instrument=instrument, ecosystem__organization=organization)
        .select_related("ecosystem__organization")
        .prefetch_related(Prefetch("waves", waves))
        .order_by("name", "pk")
    )
    return [
        Use(
            assessment=assessment,
            waves=tuple(
                (wave.title, wave.version.label or str(wave.version.number)) for wave in assessment.waves.all()
            ),
        )
        for assessment in assessments
    ]
