"""The words of each question with its scale, for whoever reads how people answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from assessments.models import InstrumentVersion
from assessments.selectors.definitions import audiences_of, items_of
from assessments.selectors.instrument_texts import item_text


@dataclass(frozen=True, slots=True)
class ItemWords:
    """`levels`: a label for each level, lowest first; `wordings`: (audience, text), empty where all read the same."""

    code: str
    text: str
    question: str
    levels: tuple[str, ...]
    anchors: tuple[str, ...]
    reverse: bool
    wordings: tuple[tuple[str, str], ...]


def item_words(version: InstrumentVersion) -> Mapping[str, ItemWords]:
    """The questions of a version by code; a published one is read once per process."""
    return _read(version) if version.is_draft else _published(_Key(version.pk, version))


@dataclass(frozen=True)
class _Key:
    pk: int
    version: InstrumentVersion = field(compare=False, repr=False)


@lru_cache(maxsize=32)
def _published(key: _Key) -> Mapping[str, ItemWords]:
    return _read(key.version)


def _read(version: InstrumentVersion) -> Mapping[str, ItemWords]:
    labels = audiences_of(version.definition)
    return {
        item.code: ItemWords(
            code=item.code,
            text=item_text(item),
            question=item.scale.question,
            levels=tuple(item.scale.labels.get(level) or str(level) for level in item.scale.levels),
            anchors=tuple(item.anchors.get(level, "") for level in item.scale.levels),
            reverse=item.reverse,
            wordings=()
            if isinstance(item.text, str)
            else tuple((labels.get(audience, audience), text) for audience, text in item.text.items()),
        )
        for item in items_of(version.definition)
    }
