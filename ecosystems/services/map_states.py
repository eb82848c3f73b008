"""What an edit remembers of the rows of a causal map: as they were, as they became, and in which words."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, TypedDict

FACTOR: Final = "factor"
LINK: Final = "link"


@dataclass(frozen=True, slots=True)
class FactorState:
    """A factor's row. Off the map it keeps everything, so that it can come back."""

    name: str
    facet: str = ""
    indicator: str = ""
    x: float | None = None
    y: float | None = None
    on_map: bool = True

    @property
    def is_placed(self) -> bool:
        return self.x is not None and self.y is not None


@dataclass(frozen=True, slots=True)
class LinkState:
    """A drawn link's row."""

    source: int
    target: int
    sign: int
    strength: int = 2
    delay: int = 0

    @property
    def opinion(self) -> tuple[int, int, int]:
        """What there is only one link of."""
        return self.source, self.target, self.sign


class Change(TypedDict):
    """
    One row that an edit touched, as `MapEdit.changes` holds it.

    `names` are those of the factor, or of the link's source and target, at that time. `before` and `after` hold the
    fields that changed; None where there was, or is, no such link. A factor comes and goes by its `on_map`.
    """

    of: Literal["factor", "link"]
    id: int
    names: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


Factors = Mapping[int, FactorState]
Links = Mapping[int, LinkState]
_CAME_OR_WENT: Final = ("name", "facet", "indicator", "on_map")
"""Where a factor stands is no part of whether it is there."""


def factor_changes(before: Factors, after: Factors) -> Iterator[Change]:
    for pk, now in sorted(after.items()):
        was = before.get(pk)
        if was == now:
            continue
        if was is None or was.on_map != now.on_map:
            names: tuple[str, ...] = _CAME_OR_WENT
            told = {name: getattr(now if was is None else was, name) for name in names} | {
                "on_map": was is not None and was.on_map
            }
        else:
            names = tuple(name for name in _names(FactorState) if getattr(was, name) != getattr(now, name))
            names += tuple(other for one, other in (("x", "y"), ("y", "x")) if one in names and other not in names)
            told = {name: getattr(was, name) for name in names}
        yield {
            "of": FACTOR,
            "id": pk,
            "names": [now.name],
            "before": told,
            "after": {name: getattr(now, name) for name in names},
        }


def link_changes(before: Links, after: Links, factors: Factors) -> Iterator[Change]:
    for pk in sorted({*before, *after}):
        was, now = before.get(pk), after.get(pk)
        one = now or was
        if one is None or was == now:
            continue
        yield {
            "of": LINK,
            "id": pk,
            "names": [factors[end].name for end in (one.source, one.target)],
            "before": asdict(was) if was else None,
            "after": asdict(now) if now else None,
        }


def _names(state: type[FactorState]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(state))
