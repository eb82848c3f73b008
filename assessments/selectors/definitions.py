"""Reading an instrument's definition: the JSON form of `assessments/data/instrument.yaml`.

The database keeps no order of keys, so a definition names the order of its audiences, forms and scales under `order`,
and levels and anchors, whose keys JSON turns into text, are read as whole numbers here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

Definition = Mapping[str, Any]
Wording = str | Mapping[str, str]
About = Literal["network", "leader"]
Mark = Literal["", "inn", "eco", "ada", "sta", "sus"]

SCHEMA_FILE = Path(__file__).resolve().parents[1] / "data" / "instrument.schema.json"
EVERYONE = "all"
"""In a wording by audience: the text of each audience that has none of its own."""
WORKSHOP_FORM = "workshop"
GROUPS_OF_BLOCKS = (("dimensions", "facets"), ("leadership", "constructs"))
MARKS: Mapping[str, Mark] = {"INN": "inn", "ECO": "eco", "ADA": "ada", "SAT": "sta", "STA": "sta", "SUS": "sus"}
"""Which colour and glyph a dimension has; a code that is not here has none."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole-number levels from `lo` to `hi`; `labels` may be empty, `cant_say` is '' where it is not offered."""

    code: str
    question: str
    lo: int
    hi: int
    labels: Mapping[int, str]
    cant_say: str

    @property
    def levels(self) -> range:
        return range(self.lo, self.hi + 1)


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    block: str
    facet: str
    text: Wording
    scale: Scale
    reverse: bool
    audiences: tuple[str, ...]
    forms: Mapping[str, tuple[str, ...]]
    anchors: Mapping[int, str]
    room: Mapping[str, str] | None
    position: int
    """From 0, in document order: the column of the item in `Response.values`."""

    def is_asked(self, form: str, audience: str) -> bool:
        return audience in self.forms.get(form, ())


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of a dimension, or a construct of a leadership block."""

    code: str
    block: str
    name: str
    title: Wording
    description: str
    high: str
    low: str
    starters: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A dimension of outcome, or a block of leadership."""

    code: str
    name: str
    title: Wording
    intro: str
    about: About
    is_dimension: bool
    lower_is_better: bool
    higher_means: str
    facets: tuple[Facet, ...]
    evidence: tuple[Mapping[str, Any], ...]

    @property
    def mark(self) -> Mark:
        return MARKS.get(self.code, "") if self.is_dimension else ""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for facet in self.facets for item in facet.items)


@cache
def schema() -> dict[str, Any]:
    """The shape of an instrument document, as JSON Schema."""
    document: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return document


def blocks_of(definition: Definition) -> tuple[Block, ...]:
    """Dimensions, then leadership blocks, in document order."""
    scales = scales_of(definition)
    counter = iter(range(10**9))
    return tuple(
        _block(block, children, key == "dimensions", scales, counter)
        for key, children in GROUPS_OF_BLOCKS
        for block in definition.get(key, ())
    )


def items_of(definition: Definition) -> tuple[Item, ...]:
    return tuple(item for block in blocks_of(definition) for item in block.items)


def item_codes_of(definition: Definition) -> list[str]:
    """The order in which a version stores answers."""
    return [
        item["code"]
        for key, children in GROUPS_OF_BLOCKS
        for block in definition.get(key, ())
        for facet in block.get(children, ())
        for item in facet.get("items", ())
    ]


def scales_of(definition: Definition) -> dict[str, Scale]:
    return {code: scale_of(code, definition["scales"][code]) for code in ordered(definition, "scales")}


def scale_of(code: str, entry: Mapping[str, Any]) -> Scale:
    labels = {int(level): str(label) for level, label in entry.get("levels", {}).items()}
    low, high = entry.get("lo", entry.get("lowest")), entry.get("hi", entry.get("highest"))
    return Scale(
        code=code,
        question=entry.get("question", ""),
        lo=int(min(labels, default=0) if low is None else low),
        hi=int(max(labels, default=0) if high is None else high),
        labels=dict(sorted(labels.items())),
        cant_say=entry.get("cant_say", ""),
    )


def ordered(definition: Definition, key: Literal["audiences", "forms", "scales"]) -> list[str]:
    """Keys of `audiences`, `forms` or `scales` in their author's order."""
    named: Sequence[str] = definition.get("order", {}).get(key, ())
    present = definition.get(key, {})
    return [code for code in named if code in present] + [code for code in present if code not in named]


def audiences_of(definition: Definition) -> dict[str, str]:
    return {code: definition["audiences"][code] for code in ordered(definition, "audiences")}


def parts_of(definition: Definition, form: str, audience: str) -> tuple[str, ...]:
    """Whose items an audience answers in a form, in order; without `parts`, its own."""
    parts = definition.get("forms", {}).get(form, {}).get("parts", {})
    return tuple(parts.get(audience, (audience,)))


def wording(text: Wording, audience: str) -> str:
    """The text for an audience; '' where it has none."""
    return text if isinstance(text, str) else text.get(audience, text.get(EVERYONE, ""))


def _block(
    entry: Mapping[str, Any], children: str, is_dimension: bool, scales: Mapping[str, Scale], counter: Iterator[int]
) -> Block:
    code = entry["code"]
    higher_means = entry.get("higher_means", "better")
    return Block(
        code=code,
        name=entry.get("name", code),
        title=entry.get("title", entry.get("name", code)),
        intro=entry.get("intro", ""),
        about=cast(About, entry.get("about", "network")),
        is_dimension=is_dimension,
        lower_is_better=bool(entry.get("barrier", "lower is better" in higher_means)),
        higher_means=higher_means,
        facets=tuple(_facet(facet, code, scales, counter) for facet in entry.get(children, ())),
        evidence=tuple(entry.get("evidence", ())),
    )


def _facet(entry: Mapping[str, Any], block: str, scales: Mapping[str, Scale], counter: Iterator[int]) -> Facet:
    code = entry["code"]
    return Facet(
        code=code,
        block=block,
        name=entry.get("name", code),
        title=entry.get("title", entry.get("name", code)),
        description=entry.get("description", ""),
        high=entry.get("high", ""),
        low=entry.get("low", ""),
        starters=tuple(entry.get("starters", ())),
        items=tuple(_item(item, block, code, scales, next(counter)) for item in entry.get("items", ())),
    )


def _item(entry: Mapping[str, Any], block: str, facet: str, scales: Mapping[str, Scale], position: int) -> Item:
    scale = scales.get(entry.get("scale", ""))
    return Item(
        code=entry["code"],
        block=block,
        facet=facet,
        text=entry["text"],
        scale=scale or scale_of("", entry),
        reverse=entry.get("keying", "forward") == "reverse",
        audiences=tuple(entry.get("audiences", ())),
        forms={form: tuple(audiences) for form, audiences in entry.get("forms", {}).items()},
        anchors={int(level): anchor for level, anchor in entry.get("anchors", {}).items()},
        room=entry.get("room"),
        position=position,
    )
