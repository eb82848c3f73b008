"""Across groups: each group one voice (rule S4), and how far apart the groups are (rule S5)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from assessments.scoring.absent import Reason
from assessments.scoring.blueprint import Blueprint
from assessments.scoring.groups import rounded, satterthwaite, with_interval
from assessments.scoring.results import WITHHELD, Breadth, Cell, Weakest
from assessments.scoring.scales import Bools, Floats, Ints, facet_scores, item_scores, weighted_mean

FLOOR = 1.0  # as in the index (rule S6): a geometric mean needs scores above 0


def dimension_scores(
    blueprint: Blueprint, raw: Floats, asked: Bools | None = None, group: Ints | None = None
) -> Floats:
    """Dimensions of outcome of each response (responses × dimensions, 0–100), from raw answers (rules S1, S2, S4).

    The weighted mean of the facets it has; NaN without any. `asked` and `group` as in `facet_scores`.
    """
    facets = facet_scores(item_scores(raw, blueprint), blueprint, asked, group)
    columns = []
    for dimension in blueprint.outcomes:
        places = [place for place, facet in enumerate(blueprint.facets) if facet.dimension == dimension.code]
        columns.append(weighted_mean(facets[:, places], [blueprint.facets[place].weight for place in places]))
    return np.stack(columns, axis=1) if columns else np.empty((len(raw), 0))


def stakeholder_mean(cells: Mapping[str, Cell], weights: Mapping[str, float] | None = None) -> Cell:
    """Mean of the disclosed group means, each group one voice unless `weights` say otherwise (rule S4).

    The interval propagates the groups' standard errors with Welch–Satterthwaite degrees of freedom.
    """
    return _mean(cells, {key: 1.0 if weights is None else weights.get(key, 1.0) for key in cells})


def pooled_mean(cells: Mapping[str, Cell]) -> Cell:
    """Mean of the disclosed group means, each weighted by its answers: what counting everyone alike would give."""
    return _mean(cells, {key: float(cell.n or 0) for key, cell in cells.items()})


def _mean(cells: Mapping[str, Cell], weights: Mapping[str, float]) -> Cell:
    shown = {key: cell for key, cell in sorted(cells.items()) if cell.value is not None and weights[key] > 0}
    if not shown:
        return absent(cells)
    if len(shown) == 1:
        return next(iter(shown.values()))
    total = sum(weights[key] for key in shown)
    share = {key: weights[key] / total for key in shown}
    value = sum(share[key] * (cell.value or 0.0) for key, cell in shown.items())
    n = sum(cell.n or 0 for cell in shown.values())
    errors = [(share[key] * cell.se, cell.df) for key, cell in shown.items() if cell.se and cell.df]
    if not errors:
        reason = Reason.SINGLE_ANSWER if any(cell.se is None for cell in shown.values()) else Reason.ALL_EQUAL
        return Cell(value=rounded(value), n=n, reason=reason)
    se = math.hypot(*(error for error, _ in errors))
    return with_interval(
        value, n=n, se=se, df=satterthwaite([error for error, _ in errors], [freedom for _, freedom in errors])
    )


def absent(cells: Mapping[str, Cell]) -> Cell:
    """Why there is no mean: withheld if any group is, else no answers, else not asked."""
    if any(cell.withheld for cell in cells.values()):
        return WITHHELD
    if any(cell.reason is Reason.NO_ANSWERS for cell in cells.values()):
        return Cell(reason=Reason.NO_ANSWERS)
    return Cell(reason=Reason.NOT_ASKED)


def breadth(cells: Mapping[str, Cell], weights: Mapping[str, float] | None = None) -> Breadth | None:
    """Inequality between the disclosed groups (rule S5, the idea of UNDP's inequality-adjusted HDI); None below two."""
    shown = {key: max(cell.value, FLOOR) for key, cell in sorted(cells.items()) if cell.value is not None}
    if len(shown) < 2:
        return None
    weight = {key: 1.0 if weights is None else weights.get(key, 1.0) for key in shown}
    total = sum(weight.values())
    arithmetic = sum(weight[key] * value for key, value in shown.items()) / total
    geometric = math.exp(sum(weight[key] * math.log(value) for key, value in shown.items()) / total)
    return Breadth(
        geometric=rounded(geometric),
        arithmetic=rounded(arithmetic),
        loss=rounded(min(1.0, max(0.0, 1 - geometric / arithmetic))),
        groups=len(shown),
    )


def weakest(cells: Mapping[str, Cell], common: Mapping[str, Cell], *, barrier: bool = False) -> Weakest | None:
    """The disclosed group with the lowest score (of a barrier: the highest); None below two groups.

    Groups are compared on the facets they were all asked (`common`) where there are any, since a group that was asked
    other questions is not weaker for that. The cell is the group's own, as shown elsewhere.
    """
    shown = {key: cell for key, cell in cells.items() if cell.value is not None}
    if len(shown) < 2:
        return None
    on_common = {key: common[key].value for key in shown if key in common and common[key].value is not None}
    basis = on_common if len(on_common) == len(shown) else {key: cell.value for key, cell in shown.items()}
    sign = -1.0 if barrier else 1.0
    group = min(sorted(basis), key=lambda key: sign * (basis[key] or 0.0))
    return Weakest(group=group, cell=shown[group], basis="common" if basis is on_common else "all")
