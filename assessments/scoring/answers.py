"""How people answered each item, over all groups that may be shown (rules D1, D2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.absent import Reason
from assessments.scoring.blueprint import FacetSpec
from assessments.scoring.disclosure import Equation, Table, TableCell, protect
from assessments.scoring.groups import rounded
from assessments.scoring.population import Population
from assessments.scoring.results import Coverage, ItemResult

Ints = NDArray[np.int64]
Audience = tuple[tuple[str, ...], slice | Ints | None]  # groups whose answers are shown together, and their rows


def item_results(people: Population) -> tuple[ItemResult, ...]:
    """Every item of the instrument in its order."""
    found: dict[str, ItemResult] = {}
    for facet_place, facet in enumerate(people.blueprint.facets):
        rows = {code: _audience(people, facet_place, code) for code in facet.items}
        counts = {
            code: 0 if at is None else int((~np.isnan(people.raw[at, people.blueprint.column[code]])).sum())
            for code, (_, at) in rows.items()
        }
        withheld = _withheld(people, facet, facet_place, rows, counts)
        for code, (groups, at) in rows.items():
            found[code] = _item(people, facet.code, code, groups, at, withheld=code in withheld)
    return tuple(found[item.code] for item in people.blueprint.items)


def coverage(people: Population) -> tuple[Coverage, dict[str, Coverage]]:
    """Of the questions asked of the disclosed groups, the shares answered, "can't say" and blank: all, and by facet.

    Whole per cents: finer shares of many questions would count the answers behind a withheld cell.
    """
    rows = _disclosed_rows(people)
    asked = people.asked[people.group[rows]]
    answered = (~np.isnan(people.raw[rows]) & asked).sum(axis=0)
    said = (people.cant_say[rows] & asked).sum(axis=0)
    total = asked.sum(axis=0)
    places = np.unique(people.group[rows])
    by_facet = {}
    for place, facet in enumerate(people.blueprint.facets):
        at = people.columns(facet)
        if all(people.shown[group, place] or not people.is_asked(group, [place]) for group in places):
            by_facet[facet.code] = _shares(int(total[at].sum()), int(answered[at].sum()), int(said[at].sum()))
        else:
            by_facet[facet.code] = Coverage(withheld=True)
    return _shares(int(total.sum()), int(answered.sum()), int(said.sum())), by_facet


def _shares(asked: int, answered: int, said: int) -> Coverage:
    if not asked:
        return Coverage()
    blank = asked - answered - said
    return Coverage(asked, round(answered / asked, 2), round(said / asked, 2), round(blank / asked, 2))


def _disclosed_rows(people: Population) -> Ints:
    own = np.empty(0, dtype=np.int64) if people.own_is_private else people.own_rows
    return np.concatenate([people.headline_rows, own])


def _audience(people: Population, facet: int, code: str) -> Audience:
    """Groups whose answers to an item may be shown together, and their rows: those behind the headline that show the
    facet, else, for what only leaders were asked, the leaders; None for the rows where there are none."""
    column = people.blueprint.column[code]
    for places, rest in ((people.voices, people.rest), (people.own, people.rest[:0])):
        shown = [place for place in places if people.shown[place, facet] and people.asked[place, column]]
        # Of small units together, those who were asked, and only while their facet counts in the headline.
        beside = rest[people.asked[people.group[rest], column]] if len(rest) else rest
        if len(beside) and not (~np.isnan(people.facets[beside, facet])).sum() >= people.k:
            beside = beside[:0]
        if shown or len(beside):
            rows = people.together(shown)
            if len(beside):
                rows = np.concatenate([np.arange(people.raw.shape[0])[rows], beside])
            return tuple(people.groups[place].key for place in shown), rows
    return (), None


def _withheld(
    people: Population,
    facet: FacetSpec,
    place: int,
    rows: dict[str, Audience],
    counts: dict[str, int],
) -> frozenset[str]:
    """Items that too few answered, and as many others that the facet's mean does not give them away.

    The facet is taken as the mean of its items, which is exact where nobody left one out.
    """
    codes = [code for code in facet.items if rows[code][1] is not None]
    if all(counts[code] >= people.k for code in codes):
        return frozenset()
    cells = []
    for code in codes:
        scores = people.scores[rows[code][1], people.blueprint.column[code]]
        value = float(np.nanmean(scores)) if counts[code] else 50.0
        cells.append(TableCell(code, value, counts[code]))
    mean = sum(cell.value for cell in cells) / len(cells)
    equation = Equation({**dict.fromkeys(codes, 1.0 / len(codes)), "": -1.0})
    # The facet itself is shown elsewhere already: it can be withheld here no more.
    table = Table((*cells, TableCell("", mean, max(people.k, people.raw.shape[0]), cost=1e9)), (equation,))
    return protect(table, people.k) - {""}


def _item(
    people: Population, facet: str, code: str, groups: Sequence[str], rows: slice | Ints | None, *, withheld: bool
) -> ItemResult:
    column = people.blueprint.column[code]
    levels = people.blueprint.items[column].levels
    if rows is None:
        asked = [place for place in (*people.voices, *people.own) if people.asked[place, column]]
        if not asked:
            return ItemResult(code=code, facet=facet, levels=levels, reason=Reason.NOT_ASKED)
        if not any(people.sizes[place] for place in asked):
            return ItemResult(code=code, facet=facet, levels=levels, reason=Reason.NO_ANSWERS)
        return ItemResult(code=code, facet=facet, levels=levels, withheld=True)
    if withheld:
        return ItemResult(code=code, facet=facet, levels=levels, withheld=True)
    given = ~np.isnan(people.raw[rows, column])
    answers = people.raw[rows, column][given]
    steps = np.rint(answers).astype(np.int64) - levels[0] if levels else np.empty(0, dtype=np.int64)
    counts = np.bincount(np.clip(steps, 0, len(levels) - 1), minlength=len(levels))
    return ItemResult(
        code=code,
        facet=facet,
        levels=levels,
        counts=tuple(int(count) for count in counts),
        n=len(answers),
        cant_say=int(people.cant_say[rows, column].sum()),
        mean=rounded(float(people.scores[rows, column][given].mean())),
        groups=tuple(groups),
    )
