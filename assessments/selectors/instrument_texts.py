"""What an instrument says beside its questions: names, readings, conversation starters, evidence, room questions."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from assessments.models import InstrumentVersion
from assessments.selectors.definitions import About, Definition, Item, Mark, blocks_of, items_of, wording

READER = "leaders"
"""Results are read by leaders: titles that differ by audience speak to them."""


@dataclass(frozen=True, slots=True)
class FacetText:
    """`high` and `low` say what a high or low score looks like; in a barrier, high is more of the barrier."""

    code: str
    block: str
    name: str
    title: str
    description: str
    high: str
    low: str
    starters: tuple[str, ...]
    lower_is_better: bool
    about: About
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockText:
    """A dimension, or a block of leadership."""

    code: str
    mark: Mark
    name: str
    title: str
    intro: str
    about: About
    is_dimension: bool
    lower_is_better: bool
    higher_means: str
    facets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """A figure from the registers that stands beside the ratings; `low` and `high` are None where it is shown only."""

    code: str
    dimension: str
    name: str
    unit: str
    direction: str
    low: float | None
    high: float | None
    formula: str
    why: str
    source: str
    independent_of_ratings: bool


@dataclass(frozen=True, slots=True)
class RoomQuestion:
    """A question for a workshop, on a scale from `lo` to `hi` with words at both ends."""

    item: str
    facet: str
    question: str
    lo: int
    hi: int
    low: str
    high: str
    reverse: bool
    cant_say: str


@dataclass(frozen=True)
class InstrumentText:
    """Texts of one version, by code; each mapping keeps document order."""

    name: str
    label: str
    licence: str
    licence_url: str
    purpose: str
    use_for: str
    avoid_for: str
    status: str
    privacy_note: str
    blocks: dict[str, BlockText]
    facets: dict[str, FacetText]
    evidence: dict[str, tuple[IndicatorText, ...]]
    """Dimension code → its indicators."""
    room_questions: tuple[RoomQuestion, ...]
    item_texts: dict[str, str]
    """Item code → its wording for the readers of results."""

    @cached_property
    def dimensions(self) -> tuple[BlockText, ...]:
        return tuple(block for block in self.blocks.values() if block.is_dimension)

    @cached_property
    def leadership(self) -> tuple[BlockText, ...]:
        return tuple(block for block in self.blocks.values() if not block.is_dimension)

    def facets_of(self, block: str) -> tuple[FacetText, ...]:
        return tuple(self.facets[code] for code in self.blocks[block].facets)


def instrument_text(version: InstrumentVersion) -> InstrumentText:
    """The texts of a version; a published one is read once per process."""
    return _published(_Key(version.pk, version)) if not version.is_draft else _read(version)


@dataclass(frozen=True)
class _Key:
    pk: int
    version: InstrumentVersion = field(compare=False, repr=False)


@lru_cache(maxsize=32)
def _published(key: _Key) -> InstrumentText:
    return _read(key.version)


def _read(version: InstrumentVersion) -> InstrumentText:
    definition: Definition = version.definition
    blocks = blocks_of(definition)
    return InstrumentText(
        name=definition.get("name", ""),
        label=version.label,
        licence=definition.get("licence", ""),
        licence_url=definition.get("licence_url", ""),
        purpose=definition.get("purpose", ""),
        use_for=definition.get("use_for", ""),
        avoid_for=definition.get("avoid_for", ""),
        status=definition.get("status", ""),
        privacy_note=definition.get("privacy_note", ""),
        blocks={
            block.code: BlockText(
                code=block.code,
                mark=block.mark,
                name=block.name,
                title=wording(block.title, READER) or block.name,
                intro=block.intro,
                about=block.about,
                is_dimension=block.is_dimension,
                lower_is_better=block.lower_is_better,
                higher_means=block.higher_means,
                facets=tuple(facet.code for facet in block.facets),
            )
            for block in blocks
        },
        facets={
            facet.code: FacetText(
                code=facet.code,
                block=block.code,
                name=facet.name,
                title=wording(facet.title, READER) or facet.name,
                description=facet.description,
                high=facet.high,
                low=facet.low,
                starters=facet.starters,
                lower_is_better=block.lower_is_better,
                about=block.about,
                items=tuple(item.code for item in facet.items),
            )
            for block in blocks
            for facet in block.facets
        },
        evidence={block.code: _indicators(block.code, block.evidence) for block in blocks if block.evidence},
        room_questions=tuple(_room_questions(definition)),
        item_texts={item.code: item_text(item) for item in items_of(definition)},
    )


def item_text(item: Item, audience: str = READER) -> str:
    """An item for somebody who reads about it: worded for them if it can be, else for its first audience."""
    if isinstance(item.text, str):
        return item.text
    return item.text.get(audience) or wording(item.text, item.audiences[0] if item.audiences else audience)


def _indicators(dimension: str, entries: tuple[object, ...]) -> tuple[IndicatorText, ...]:
    found = []
    for entry in entries:
        assert isinstance(entry, dict)
        goalposts = entry.get("goalposts") or {}
        found.append(
            IndicatorText(
                code=entry["code"],
                dimension=dimension,
                name=entry["name"],
                unit=entry.get("unit", ""),
                direction=entry["direction"],
                low=goalposts.get("low"),
                high=goalposts.get("high"),
                formula=entry.get("formula", ""),
                why=entry.get("why", ""),
                source=entry.get("source", ""),
                independent_of_ratings=entry.get("independent_of_ratings", True),
            )
        )
    return tuple(found)


def _room_questions(definition: Definition) -> list[RoomQuestion]:
    scale = definition.get("scales", {}).get("room", {})
    return [
        RoomQuestion(
            item=item.code,
            facet=item.facet,
            question=item.room["question"],
            lo=int(scale.get("lo", 1)),
            hi=int(scale.get("hi", 10)),
            low=item.room["low"],
            high=item.room["high"],
            reverse=item.room.get("keying") == "reverse",
            cant_say=scale.get("cant_say", ""),
        )
        for item in items_of(definition)
        if item.room
    ]
