"""Reading assessments and their waves for lists."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from assessments.models import Assessment, Instrument, Wave
from assessments.permissions import seen_by
from ecosystems.models import Organization
from ecosystems.permissions import Viewer


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment in the list, with its newest wave."""

    assessment: Assessment
    last: Wave | None
    waves: int


def visible_assessments(viewer: Viewer) -> QuerySet[Assessment]:
    """Assessments that the viewer may know of, by name."""
    return (
        Assessment.objects.filter(ecosystem__organization=viewer.organization)
        .filter(seen_by(viewer))
        .select_related("ecosystem__organization", "instrument", "leader")
    )


def rows_of(assessments: list[Assessment]) -> list[AssessmentRow]:
    """The same assessments with their newest wave and number of waves, in two queries."""
    pks = [assessment.pk for assessment in assessments]
    counts = {
        row["assessment"]: row["n"]
        for row in Wave.objects.filter(assessment__in=pks).values("assessment").order_by().annotate(n=Count("pk"))
    }
    last = {
        wave.assessment_id: wave
        for wave in Wave.objects.filter(assessment__in=pks)
        .order_by("assessment_id", "-number")
        .distinct("assessment_id")
    }
    return [AssessmentRow(assessment=one, last=last.get(one.pk), waves=counts.get(one.pk, 0)) for one in assessments]


def usable_instruments(organization: Organization) -> QuerySet[Instrument]:
    """Instruments with a published version: the organization's own and those that come with the product."""
    shared = Instrument.objects.filter(organization=None)
    own = Instrument.objects.filter(organization=organization)
    return (shared | own).filter(versions__published_at__isnull=False).distinct().order_by("organization", "name")
