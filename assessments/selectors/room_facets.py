"""The scores that a commitment can be meant to move: facets of the instrument that the workshop talks about."""

from dataclasses import dataclass

from assessments.models import InstrumentVersion, Workshop
from assessments.selectors.instrument_texts import instrument_text


@dataclass(frozen=True, slots=True)
class Facet:
    """`block` is the name of the dimension, or of the part of leadership, that it belongs to."""

    code: str
    name: str
    block: str


def facets_of(workshop: Workshop) -> tuple[Facet, ...]:
    """Those of the wave's instrument, else of the newest one that everybody may use; empty where there is none."""
    version = version_for(workshop)
    if version is None:
        return ()
    text = instrument_text(version)
    blocks = text.dimensions if workshop.wave is None else (*text.dimensions, *text.leadership)
    return tuple(Facet(facet.code, facet.name, block.name) for block in blocks for facet in text.facets_of(block.code))


def version_for(workshop: Workshop) -> InstrumentVersion | None:
    """The questions that a workshop can take from: those of its wave, else the newest that everybody may use."""
    return workshop.wave.version if workshop.wave is not None else newest_shared()


def newest_shared() -> InstrumentVersion | None:
    versions = InstrumentVersion.objects.filter(instrument__organization=None, published_at__isnull=False)
    return versions.defer("definition", "item_codes").order_by("-published_at", "-pk").first()
