"""What a workshop can take from its instrument: questions and facets, by dimension, for lists to choose from."""

from dataclasses import dataclass, field
from functools import lru_cache

from assessments.models import InstrumentVersion, Workshop
from assessments.models.activity_plans import Item
from assessments.selectors.definitions import Item as Asked
from assessments.selectors.definitions import Mark, blocks_of
from assessments.selectors.instrument_texts import item_text
from assessments.selectors.room_facets import version_for


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked in a room. `is_room`: made for that, on 1 to 10; else of the questionnaire."""

    item: Item
    facet: str
    is_room: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A dimension or facet; `starters` are questions to begin talking with."""

    code: str
    name: str
    about: str
    starters: tuple[str, ...]
    is_dimension: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """A dimension or block of leadership with all that belongs to it; room questions come first."""

    code: str
    name: str
    mark: Mark
    is_dimension: bool
    questions: tuple[Question, ...]
    facets: tuple[Named, ...]


def chapters_for(workshop: Workshop) -> tuple[Chapter, ...]:
    """Of the wave's instrument, else of the newest shared one; without a wave the dimensions alone."""
    version = version_for(workshop)
    if version is None:
        return ()
    chapters = chapters_of(version)
    return chapters if workshop.wave_id else tuple(chapter for chapter in chapters if chapter.is_dimension)


def chapters_of(version: InstrumentVersion) -> tuple[Chapter, ...]:
    """The same of a version; a published one is read once per process."""
    return _read(version) if version.is_draft else _published(_Key(version.pk, version))


def named_in(chapters: tuple[Chapter, ...]) -> dict[str, Named]:
    """Dimensions and facets by their code, in document order."""
    found = {}
    for chapter in chapters:
        if chapter.is_dimension:
            starters = tuple(facet.starters[0] for facet in chapter.facets if facet.starters)
            found[chapter.code] = Named(chapter.code, chapter.name, "", starters, is_dimension=True)
        found |= {facet.code: facet for facet in chapter.facets}
    return found


@dataclass(frozen=True)
class _Key:
    pk: int
    version: InstrumentVersion = field(compare=False, repr=False)


@lru_cache(maxsize=16)
def _published(key: _Key) -> tuple[Chapter, ...]:
    return _read(key.version)


def _read(version: InstrumentVersion) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            code=block.code,
            name=block.name,
            mark=block.mark,
            is_dimension=block.is_dimension,
            questions=tuple(
                sorted(
                    (
                        _question(item, facet.name, block.code if block.is_dimension else "")
                        for facet in block.facets
                        for item in facet.items
                    ),
                    key=lambda question: not question.is_room,
                )
            ),
            facets=tuple(
                Named(facet.code, facet.name, facet.description, facet.starters, is_dimension=False)
                for facet in block.facets
            ),
        )
        for block in blocks_of(version.definition)
    )


def _question(item: Asked, facet: str, dimension: str) -> Question:
    if item.room:
        text, low, high = item.room["question"], item.room["low"], item.room["high"]
        reverse = item.room.get("keying") == "reverse"
    else:
        words = item.anchors or item.scale.labels
        text, reverse = item_text(item), item.reverse
        low, high = (words.get(item.scale.lo, ""), words.get(item.scale.hi, "")) if words else ("", "")
    return Question(
        item=Item(
            key=item.code,
            text=text,
            item=item.code,
            facet=item.facet,
            dimension=dimension,
            low=low,
            high=high,
            reverse=reverse,
        ),
        facet=facet,
        is_room=bool(item.room),
    )
