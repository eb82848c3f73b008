"""What the scoring needs to know of an instrument: items on scales, in facets, in dimensions or leadership blocks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

About = Literal["network", "leader"]
Definition = Mapping[str, Any]


class BlueprintError(ValueError):
    """A definition that cannot be scored; the message names the place and what to do."""


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One question. Raw answers run from `lo` to `hi`; `reverse` items are turned round by lo + hi − x (rule S1)."""

    code: str
    facet: str
    lo: float
    hi: float
    reverse: bool = False

    @property
    def levels(self) -> tuple[int, ...]:
        """Whole-number levels of the scale, lowest first."""
        return tuple(range(math.ceil(self.lo), math.floor(self.hi) + 1))


@dataclass(frozen=True, slots=True)
class FacetSpec:
    """Items that are averaged; `needs` is the share of the asked items a response must have answered (rule S2)."""

    code: str
    dimension: str
    items: tuple[str, ...]
    weight: float = 1.0
    needs: float = 0.5
    barrier: bool = False
    about: About = "network"


@dataclass(frozen=True, slots=True)
class DimensionSpec:
    """A dimension of outcome, or (`block`) a block of leadership facets, which never enters the index."""

    code: str
    weight: float = 1.0
    block: bool = False
    barrier: bool = False


@dataclass(frozen=True)
class Blueprint:
    """An instrument as the pure core sees it. The order of `items` is the column order of every answer matrix."""

    items: tuple[ItemSpec, ...]
    facets: tuple[FacetSpec, ...]
    dimensions: tuple[DimensionSpec, ...]

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def column(self) -> dict[str, int]:
        """Item code → column of the answer matrix."""
        return {item.code: position for position, item in enumerate(self.items)}

    @cached_property
    def outcomes(self) -> tuple[DimensionSpec, ...]:
        """The dimensions that make the index."""
        return tuple(dimension for dimension in self.dimensions if not dimension.block)

    @cached_property
    def blocks(self) -> tuple[DimensionSpec, ...]:
        """The leadership blocks."""
        return tuple(dimension for dimension in self.dimensions if dimension.block)

    def facets_of(self, dimension: str) -> tuple[FacetSpec, ...]:
        return tuple(facet for facet in self.facets if facet.dimension == dimension)

    @classmethod
    def from_definition(cls, definition: Definition) -> Blueprint:
        """Read the structure of an instrument file; items keep document order, dimensions before leadership blocks.

        A scale runs from its lowest to its highest level, or from explicit `lo` to `hi`. Raises `BlueprintError`.
        """
        scales = _scales(definition)
        needs = _share(_mapping(definition.get("scoring"), "scoring").get("facet_needs", 0.5), "scoring")
        items: list[ItemSpec] = []
        facets: list[FacetSpec] = []
        dimensions: list[DimensionSpec] = []
        for key, children, block in (("dimensions", "facets", False), ("leadership", "constructs", True)):
            for section in _list(definition.get(key), key):
                dimension = _dimension(section, block)
                dimensions.append(dimension)
                about: About = "leader" if section.get("about") == "leader" else "network"
                for part in _list(section.get(children), f"{dimension.code}: {children}"):
                    facet_items = _items(part, _code(part, dimension.code), scales)
                    items.extend(facet_items)
                    facets.append(
                        FacetSpec(
                            code=_code(part, dimension.code),
                            dimension=dimension.code,
                            items=tuple(item.code for item in facet_items),
                            weight=_weight(part, _code(part, dimension.code)),
                            needs=_share(part.get("needs", needs), _code(part, dimension.code)),
                            barrier=dimension.barrier,
                            about=about,
                        )
                    )
        return cls(items=tuple(items), facets=tuple(facets), dimensions=tuple(dimensions))


def _check(blueprint: Blueprint) -> None:
    if not blueprint.items:
        raise BlueprintError("The instrument has no items. Add at least one item to a facet.")
    named: tuple[tuple[str, list[str]], ...] = (
        ("item", [item.code for item in blueprint.items]),
        ("facet", [facet.code for facet in blueprint.facets]),
        ("dimension", [dimension.code for dimension in blueprint.dimensions]),
    )
    for noun, codes in named:
        for code, times in Counter(codes).items():
            if times > 1:
                raise BlueprintError(f"The code {code} is used by more than one {noun}. Give each {noun} its own code.")
    for item in blueprint.items:
        if not (math.isfinite(item.lo) and math.isfinite(item.hi) and item.lo < item.hi):
            raise BlueprintError(
                f"Item {item.code}: its scale runs from {item.lo:g} to {item.hi:g}. Put the lower first."
            )
    dimensions = {dimension.code for dimension in blueprint.dimensions}
    owner: dict[str, str] = {}
    for facet in blueprint.facets:
        if facet.dimension not in dimensions:
            raise BlueprintError(f"Facet {facet.code}: there is no dimension {facet.dimension}.")
        if not 0 < facet.needs <= 1:
            raise BlueprintError(f"Facet {facet.code}: needs is {facet.needs:g}; it is a share above 0 and up to 1.")
        for code in facet.items:
            owner[code] = facet.code
    for item in blueprint.items:
        if owner.get(item.code) != item.facet:
            raise BlueprintError(f"Item {item.code} is not listed in its facet {item.facet}.")
    known = {item.code for item in blueprint.items}
    for code in owner:
        if code not in known:
            raise BlueprintError(f"Facet {owner[code]} lists the item {code}, which does not exist.")
    for noun, weights in (
        ("facet", [(facet.code, facet.weight) for facet in blueprint.facets]),
        ("dimension", [(dimension.code, dimension.weight) for dimension in blueprint.dimensions]),
    ):
        for code, weight in weights:
            if not (math.isfinite(weight) and weight > 0):
                raise BlueprintError(f"The weight of {noun} {code} is {weight:g}. A weight is a number above 0.")


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BlueprintError(f"{where}: expected names with values.")
    return value


def _list(value: Any, where: str) -> Sequence[Mapping[str, Any]]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(one, Mapping) for one in value):
        raise BlueprintError(f"{where}: expected a list of entries.")
    return value


def _code(part: Mapping[str, Any], where: str) -> str:
    code = part.get("code")
    if not isinstance(code, str) or not code.strip():
        raise BlueprintError(f"{where}: an entry has no code.")
    return code


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BlueprintError(f"{where}: {value!r} is not a number.")
    return float(value)


def _level(key: Any, where: str) -> float:
    """A level of a scale: a number in YAML, and text once the definition has been through JSON."""
    if isinstance(key, str):
        try:
            return float(key)
        except ValueError:
            raise BlueprintError(f"{where}: the level {key!r} is not a number.") from None
    return _number(key, where)


def _weight(part: Mapping[str, Any], where: str) -> float:
    return _number(part.get("weight", 1.0), f"{where}: weight")


def _share(value: Any, where: str) -> float:
    if isinstance(value, str):
        # The default instrument says it in words, since people read that file.
        if value.startswith("half"):
            return 0.5
        if value.startswith("all"):
            return 1.0
        raise BlueprintError(f"{where}: {value!r} is not understood. Write a share such as 0.5.")
    return _number(value, where)


def _dimension(section: Mapping[str, Any], block: bool) -> DimensionSpec:
    code = _code(section, "leadership" if block else "dimensions")
    barrier = section.get("barrier", "lower is better" in str(section.get("higher_means", "better")))
    return DimensionSpec(code=code, weight=_weight(section, code), block=block, barrier=bool(barrier))


def _scales(definition: Definition) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for name, scale in _mapping(definition.get("scales"), "scales").items():
        where = f"Scale {name}"
        scale = _mapping(scale, where)
        levels = [_level(level, where) for level in _mapping(scale.get("levels"), where)]
        low = scale.get("lo", scale.get("lowest", min(levels, default=None)))
        high = scale.get("hi", scale.get("highest", max(levels, default=None)))
        if low is None or high is None:
            raise BlueprintError(f"{where} has no levels. List them, or give lo and hi.")
        found[str(name)] = (_number(low, where), _number(high, where))
    return found


def _items(part: Mapping[str, Any], facet: str, scales: Mapping[str, tuple[float, float]]) -> list[ItemSpec]:
    items = []
    for entry in _list(part.get("items"), f"{facet}: items"):
        code = _code(entry, facet)
        name = entry.get("scale")
        if "lo" in entry and "hi" in entry:
            low, high = _number(entry["lo"], code), _number(entry["hi"], code)
        elif isinstance(name, str) and name in scales:
            low, high = scales[name]
        else:
            raise BlueprintError(f"Item {code}: there is no scale {name!r}.")
        keying = entry.get("keying", "forward")
        if keying not in ("forward", "reverse"):
            raise BlueprintError(f"Item {code}: keying is {keying!r}; it is forward or reverse.")
        items.append(ItemSpec(code=code, facet=facet, lo=low, hi=high, reverse=keying == "reverse"))
    return items
