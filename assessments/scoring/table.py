"""The rows of the results: each dimension, facet, leadership block and construct with its cells (rules S3–S5, S9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assessments.scoring.absent import Reason
from assessments.scoring.dimensions import absent, breadth, pooled_mean, stakeholder_mean, weakest
from assessments.scoring.groups import combined_cell, difference
from assessments.scoring.population import Population
from assessments.scoring.results import WITHHELD, Cell, Difference, Gap, Level, Score


def score_row(
    people: Population, code: str, level: Level, facets: Sequence[int], *, parent: str | None, barrier: bool, live: bool
) -> Score:
    """All that is released of one dimension, facet, block or construct; `live`: only what an open wave may show."""
    groups = people.groups
    cells = {groups[place].key: group_cell(people, place, facets) for place in people.voices}
    weights = {spec.key: spec.weight for spec in groups}
    overall, pooled = _headline(people, facets, cells, weights)
    own = _own_cell(people, facets)
    common_facets = [] if live else _common(people, facets)
    common = {}
    if 0 < len(common_facets) < len(facets):
        common = {
            groups[place].key: people.cell(place, common_facets)
            for place in people.voices
            if _shows(people, place, facets)
        }
    elif common_facets:
        common = {key: cell for key, cell in cells.items() if cell.shown}
    compared = people.headline != "leaders"
    return Score(
        code=code,
        level=level,
        parent=parent,
        barrier=barrier,
        overall=overall,
        pooled=pooled,
        groups=cells,
        own=own,
        gap=None if live else _gap(people, facets, own, overall),
        weakest=weakest(cells, common, barrier=barrier) if compared else None,
        breadth=breadth(cells, weights) if compared and not barrier else None,
        common=common,
        common_facets=tuple(people.blueprint.facets[facet].code for facet in common_facets),
    )


def closed_row(code: str, level: Level, *, parent: str | None, barrier: bool) -> Score:
    """A row that an open wave does not show."""
    later = Cell(reason=Reason.AFTER_CLOSING)
    return Score(code=code, level=level, parent=parent, barrier=barrier, overall=later, pooled=later, own=later)


def group_cell(people: Population, place: int, facets: Sequence[int]) -> Cell:
    """One group's cell. Withheld looks the same whatever the cause; only an empty group and an unasked one say so."""
    if not people.is_asked(place, facets):
        return Cell(reason=Reason.NOT_ASKED)
    if not people.sizes[place]:
        return Cell(reason=Reason.NO_ANSWERS)
    if not _shows(people, place, facets):
        return WITHHELD
    return people.cell(place, facets)


def _shows(people: Population, place: int, facets: Sequence[int]) -> bool:
    return bool(people.shown[place, list(facets)].any())


def _headline(
    people: Population, facets: Sequence[int], cells: dict[str, Cell], weights: dict[str, float]
) -> tuple[Cell, Cell]:
    if people.headline == "pooled":
        rows = people.facets[:, list(facets)][people.headline_rows]
        pooled = combined_cell(rows, people.weights(facets)) if (~np.isnan(rows)).any() else absent(cells)
        return pooled, pooled
    return stakeholder_mean(cells, weights), pooled_mean(cells)


def _own_cell(people: Population, facets: Sequence[int]) -> Cell:
    if not people.own:
        return Cell(reason=Reason.NO_OWN_VIEW)
    if not any(people.is_asked(place, facets) for place in people.own):
        return Cell(reason=Reason.NOT_ASKED)
    if not sum(int(people.sizes[place]) for place in people.own):
        return Cell(reason=Reason.NO_ANSWERS)
    cell = people.own_cell(facets)
    if cell.value is not None:
        return cell
    return Cell(reason=Reason.NO_ANSWERS) if people.own_is_private else WITHHELD


def _common(people: Population, facets: Sequence[int]) -> list[int]:
    """Facets that every group with a cell here was asked and may show."""
    places = [place for place in people.voices if _shows(people, place, facets)]
    return [facet for facet in facets if places and all(people.shown[place, facet] for place in places)]


def _gap(people: Population, facets: Sequence[int], own: Cell, overall: Cell) -> Gap | None:
    """Own view minus the others' on the facets both have, group by group and over all groups (rule S9)."""
    if people.headline not in ("group means", "pooled") or not _has_self_view(people, facets):
        return None
    if own.reason in (Reason.NO_OWN_VIEW, Reason.NOT_ASKED) or overall.reason is Reason.NOT_ASKED:
        return None
    if own.value is None or overall.value is None:
        return Gap(own=own, others=overall, difference=difference(own, overall))
    mine = [facet for facet in facets if (~np.isnan(people.own_facets[:, facet])).any()]
    others: dict[str, Cell] = {}
    apart: dict[str, Difference] = {}
    share = dict.fromkeys(facets, 0.0)
    for key, weight, shared, cell in _others(people, mine):
        others[key] = cell
        view = people.own_cell(shared)
        if key:
            apart[key] = difference(view, cell)
        total = sum(people.weights(shared))
        for facet in shared:
            share[facet] += weight * people.blueprint.facets[facet].weight / total
    used = [facet for facet in facets if share[facet] > 0]
    if not used:
        return Gap(own=own, others=overall, difference=Difference(reason=Reason.NO_COMMON_FACETS))
    own_shared = combined_cell(people.own_facets[:, used], [share[facet] for facet in used])
    weights = {spec.key: spec.weight for spec in people.groups}
    others_shared = stakeholder_mean(others, weights)
    return Gap(
        own=own_shared,
        others=others_shared,
        difference=difference(own_shared, others_shared),
        groups=apart,
        facets=tuple(people.blueprint.facets[facet].code for facet in used),
    )


def _others(people: Population, mine: Sequence[int]) -> list[tuple[str, float, list[int], Cell]]:
    """Key, weight, shared facets and cell of everyone an own view is compared with; units speak as one."""
    if people.headline == "pooled":
        rows = people.facets[people.headline_rows]
        shared = [facet for facet in mine if (~np.isnan(rows[:, facet])).any()]
        return [("", 1.0, shared, combined_cell(rows[:, shared], people.weights(shared)))] if shared else []
    found = []
    for place in people.voices:
        shared = [facet for facet in mine if people.shown[place, facet]]
        if shared:
            spec = people.groups[place]
            found.append((spec.key, spec.weight, shared, people.cell(place, shared)))
    return found


def _has_self_view(people: Population, facets: Sequence[int]) -> bool:
    """Blocks about the network, the barriers too, have no self view; dimensions have the leaders'."""
    blocks = {block.code for block in people.blueprint.blocks}
    leaders = any(people.groups[place].kind == "leaders" for place in people.own)
    return all(
        people.blueprint.facets[facet].about == "leader"
        or (leaders and people.blueprint.facets[facet].dimension not in blocks)
        for facet in facets
    )
