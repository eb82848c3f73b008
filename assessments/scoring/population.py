"""Who counts in a wave and what of them may be released (rules D1, D2).

Everything that is computed later is computed from the facet scores kept here, from which groups and facets below the
minimum are already gone. What is not there can be found from nothing that is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.blueprint import Blueprint, FacetSpec
from assessments.scoring.groups import combined_cell
from assessments.scoring.results import Cell, Group, GroupKind, Headline
from assessments.scoring.scales import canonical_order, facet_scores, item_scores

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A group that was asked. `items`: codes its form asks (None: those anybody in it touched).

    `waiting` answers are kept out of the matrix by the release rule; the count is passed on.
    """

    key: str
    label: str
    kind: GroupKind
    audience: str = ""
    weight: float = 1.0
    items: tuple[str, ...] | None = None
    waiting: int = 0


@dataclass(frozen=True)
class Population:
    """Responses in an order of their own (group by group, then by content), with what may be released of them.

    `scores`: items on 0–100, `facets`: responses × facets with NaN wherever a number may not be released. `shown`:
    groups × facets with a cell of their own. `rest`: rows of units too small to be shown that are enough together.
    """

    blueprint: Blueprint
    groups: tuple[GroupSpec, ...]
    k: int
    raw: Floats
    cant_say: Bools
    group: Ints
    asked: Bools
    scores: Floats
    facets: Floats
    sizes: Ints
    starts: Ints
    large: Bools
    shown: Bools
    headline: Headline
    rest: Ints
    own_is_private: bool

    def rows(self, place: int) -> slice:
        """Rows of one group."""
        return slice(int(self.starts[place]), int(self.starts[place] + self.sizes[place]))

    def together(self, places: Sequence[int]) -> slice | Ints:
        """Rows of several groups; a slice, which copies nothing, where they lie side by side."""
        parts = [self.rows(place) for place in places]
        if parts and all(one.stop == two.start for one, two in pairwise(parts)):
            return slice(parts[0].start, parts[-1].stop)
        return self._rows_of(places)

    @cached_property
    def voices(self) -> tuple[int, ...]:
        """Places of the groups behind the headline."""
        if self.headline == "pooled":
            return self._of("unit")
        if self.headline == "group means":
            return self._of("stakeholder", "others")
        return self._of("leaders") if self.headline == "leaders" else ()

    @cached_property
    def own(self) -> tuple[int, ...]:
        """Places of the groups that give the leaders' own view."""
        return () if self.headline == "leaders" else self._of("leaders", "self")

    @cached_property
    def own_rows(self) -> Ints:
        """Rows of the own view that may be used; a private one is used for its own cells alone."""
        usable = [place for place in self.own if self.large[place] or self.own_is_private]
        return self._rows_of(usable)

    @cached_property
    def headline_rows(self) -> Ints:
        """Rows behind the headline: disclosed groups, and small units that are enough together."""
        return np.concatenate([self._rows_of([place for place in self.voices if self.large[place]]), self.rest])

    @cached_property
    def disclosed_n(self) -> int:
        """Responses in disclosed groups, the leaders' and small units that are enough together included."""
        counted = [place for place in (*self.voices, *self.own) if self.large[place]]
        return int(self.sizes[counted].sum()) + len(self.rest)

    @cached_property
    def own_facets(self) -> Floats:
        return self.facets[self.own_rows]

    def is_asked(self, place: int, facets: Sequence[int]) -> bool:
        columns = [self.blueprint.column[code] for one in facets for code in self.blueprint.facets[one].items]
        return bool(self.asked[place, columns].any())

    def cell(self, place: int, facets: Sequence[int]) -> Cell:
        """A group's weighted mean of these facets, of those that may be shown."""
        usable = tuple(facet for facet in facets if self.shown[place, facet])
        if (place, usable) not in self._cells:
            scores = self.facets[self.rows(place)][:, usable]
            self._cells[place, usable] = combined_cell(scores, self.weights(usable))
        return self._cells[place, usable]

    def own_cell(self, facets: Sequence[int]) -> Cell:
        """The leaders' own weighted mean of these facets."""
        chosen = tuple(facets)
        if (None, chosen) not in self._cells:
            self._cells[None, chosen] = combined_cell(self.own_facets[:, chosen], self.weights(chosen))
        return self._cells[None, chosen]

    @cached_property
    def _cells(self) -> dict[tuple[int | None, tuple[int, ...]], Cell]:
        """What has been computed: a cell is compared with several others."""
        return {}

    def weights(self, facets: Sequence[int]) -> list[float]:
        return [self.blueprint.facets[facet].weight for facet in facets]

    def facet_places(self, dimension: str) -> list[int]:
        return [place for place, facet in enumerate(self.blueprint.facets) if facet.dimension == dimension]

    def columns(self, facet: FacetSpec) -> list[int]:
        return [self.blueprint.column[code] for code in facet.items]

    def described(self) -> tuple[Group, ...]:
        """The groups as the results name them: no count below the minimum, except that nobody answered."""
        return tuple(
            Group(
                key=spec.key,
                label=spec.label,
                kind=spec.kind,
                audience=spec.audience,
                n=int(size) if large or size == 0 else None,
                withheld=bool(size > 0 and not large),
                weight=spec.weight,
                waiting=spec.waiting,
            )
            for spec, size, large in zip(self.groups, self.sizes, self.large, strict=True)
        )

    def _of(self, *kinds: GroupKind) -> tuple[int, ...]:
        return tuple(place for place, spec in enumerate(self.groups) if spec.kind in kinds)

    def _rows_of(self, places: Sequence[int]) -> Ints:
        parts = [np.arange(self.starts[place], self.starts[place] + self.sizes[place]) for place in places]
        return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def population(
    blueprint: Blueprint,
    matrix: Floats,
    cant_say: Bools,
    group_index: Ints,
    groups: Sequence[GroupSpec],
    *,
    k: int,
    shown_before: Bools | None = None,
) -> Population:
    """Sort the responses, score their facets and take out what is below the minimum group size `k`.

    `shown_before` (responses): counted in what was shown while the wave was open.
    """
    raw, said, group = _checked(blueprint, matrix, cant_say, group_index, groups, k)
    if shown_before is not None:
        raw, said, late = _hold_back(blueprint, raw, said, group, groups, shown_before, k)
        raw, said, group, left = raw[~late], said[~late], group[~late], group[late]
        waiting = np.bincount(left, minlength=len(groups))
        groups = [replace(spec, waiting=spec.waiting + int(n)) for spec, n in zip(groups, waiting, strict=True)]
    sizes = np.bincount(group, minlength=len(groups))
    asked = _asked(blueprint, raw, said, groups, group)
    scores = item_scores(raw, blueprint)
    facets = facet_scores(scores, blueprint, asked, group)
    large = sizes >= k
    counts = [np.bincount(group[~np.isnan(column)], minlength=len(groups)) for column in facets.T]
    shown = large[:, None] & (np.stack(counts, axis=1) >= k)
    own_size = sum(int(size) for spec, size in zip(groups, sizes, strict=True) if spec.kind == "self")
    private = 0 < own_size < k
    mine = np.array([spec.kind == "self" and private for spec in groups], dtype=np.bool_)
    rest = _rest(groups, group, large, k)
    allowed = (shown | mine[:, None])[group]
    allowed[rest] = (~np.isnan(facets[rest])).sum(axis=0) >= k
    facets[~allowed] = np.nan
    # Ordered by what is released alone: not even a draw of the bootstrap may depend on a withheld answer.
    place = {facet.code: position for position, facet in enumerate(blueprint.facets)}
    released = allowed[:, [place[item.facet] for item in blueprint.items]]
    order = canonical_order(np.where(released, raw, np.nan), said & released, group)
    return Population(
        blueprint=blueprint,
        groups=tuple(groups),
        k=k,
        # By column: nearly everything that follows reads a few columns of all rows.
        raw=np.asfortranarray(raw[order]),
        cant_say=said[order],
        group=group[order],
        asked=asked,
        scores=np.asfortranarray(scores[order]),
        facets=np.asfortranarray(facets[order]),
        sizes=sizes,
        starts=np.cumsum(sizes) - sizes,
        large=large,
        shown=shown,
        headline=_headline(groups),
        rest=np.flatnonzero(rest[order]),
        own_is_private=private,
    )


def _checked(
    blueprint: Blueprint, matrix: Floats, cant_say: Bools, group_index: Ints, groups: Sequence[GroupSpec], k: int
) -> tuple[Floats, Bools, Ints]:
    raw = np.asarray(matrix, dtype=np.float64).reshape(-1, len(blueprint.items))
    said = np.asarray(cant_say, dtype=np.bool_).reshape(-1, len(blueprint.items))
    group = np.asarray(group_index, dtype=np.int64).reshape(-1)
    if not len(raw) == len(said) == len(group):
        raise ValueError(
            f"{len(raw)} responses, {len(said)} rows of can't-say marks, {len(group)} groups: they differ."
        )
    if len(group) and not (group.min() >= 0 and group.max() < len(groups)):
        raise ValueError(f"A response belongs to a group that is not among the {len(groups)} given.")
    if k < 1:
        raise ValueError(f"The minimum group size is {k}; it is 1 or more.")
    keys = [spec.key for spec in groups]
    if len(set(keys)) < len(keys):
        raise ValueError("Two groups have the same key.")
    if any(not spec.weight > 0 for spec in groups):
        raise ValueError("The weight of a group is a number above 0.")
    return raw, said, group


def facet_validity(
    blueprint: Blueprint, matrix: Floats, cant_say: Bools, group_index: Ints, groups: Sequence[GroupSpec]
) -> Bools:
    """Which facets (responses × facets) count in the numbers: what a release must not let change by one (rule D2)."""
    raw, said, group = _checked(blueprint, matrix, cant_say, group_index, groups, 1)
    asked = _asked(blueprint, raw, said, groups, group)
    valid: Bools = ~np.isnan(facet_scores(item_scores(raw, blueprint), blueprint, asked, group))
    return valid


def _hold_back(
    blueprint: Blueprint,
    raw: Floats,
    said: Bools,
    group: Ints,
    groups: Sequence[GroupSpec],
    shown_before: Bools,
    k: int,
) -> tuple[Floats, Bools, Bools]:
    """Answers without those whose few could be read off the difference to what was shown before (rule D2).

    Facet by facet: where at least k of a group were shown, either none or at least k others join them. The third
    array marks responses of which nothing is left.
    """
    valid = facet_validity(blueprint, raw, said, group, groups)
    old = np.asarray(shown_before, dtype=np.bool_).reshape(-1)
    if len(old) != len(raw):
        raise ValueError(f"{len(raw)} responses, but {len(old)} marks of what was shown before.")
    raw, said = raw.copy(), said.copy()
    kept = valid.copy()
    for place in range(len(groups)):
        before, new = (group == place) & old, (group == place) & ~old
        gain = valid[new].sum(axis=0)
        for facet in np.flatnonzero((valid[before].sum(axis=0) >= k) & (gain > 0) & (gain < k)):
            cells = np.ix_(new, [blueprint.column[code] for code in blueprint.facets[facet].items])
            raw[cells], said[cells] = np.nan, False
            kept[new, facet] = False
    return raw, said, np.asarray(valid.any(axis=1) & ~kept.any(axis=1), dtype=np.bool_)


def _asked(blueprint: Blueprint, raw: Floats, said: Bools, groups: Sequence[GroupSpec], group: Ints) -> Bools:
    asked = np.ones((len(groups), len(blueprint.items)), dtype=np.bool_)
    for place, spec in enumerate(groups):
        rows = group == place
        if spec.items is not None:
            asked[place] = False
            asked[place, [blueprint.column[code] for code in spec.items]] = True
        elif rows.any():
            asked[place] = (~np.isnan(raw[rows]) | said[rows]).any(axis=0)
    return asked


def _headline(groups: Sequence[GroupSpec]) -> Headline:
    kinds = {spec.kind for spec in groups}
    if "unit" in kinds:
        return "pooled"
    if kinds & {"stakeholder", "others"}:
        return "group means"
    return "leaders" if "leaders" in kinds else "none"


def _rest(groups: Sequence[GroupSpec], group: Ints, large: Bools, k: int) -> Bools:
    """Which rows are of units below the minimum, if together they reach it: then the headline may count them."""
    units = np.array([spec.kind == "unit" for spec in groups], dtype=np.bool_)
    rows: Bools = (units & ~large)[group] if len(groups) else np.zeros(0, dtype=np.bool_)
    return rows if rows.sum() >= k else np.zeros_like(rows)
