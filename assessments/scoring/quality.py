"""How well a wave measured: reliability, agreement and drivers of what may be released (rules R1–R4, R6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.agreement import AgreementTable, Null, Spread, null_variance, spread
from assessments.scoring.covariance import Moments, moments
from assessments.scoring.drivers import FEWEST_ANSWERS, Drivers, drivers
from assessments.scoring.groups import rounded
from assessments.scoring.intraclass import group_icc
from assessments.scoring.population import Population
from assessments.scoring.reliability import reliability_of
from assessments.scoring.results import AgreementResult, Driver, DriverSet, GroupAgreement, ReliabilityResult
from assessments.scoring.scales import weighted_mean

__all__ = ["FEWEST_ANSWERS", "Section", "agreement_results", "driver_results", "reliability_results"]

Ints = NDArray[np.int64]
Section = tuple[str, list[int]]  # a dimension, facet, block or construct, and the places of its facets


def reliability_results(people: Population, sections: Sequence[Section]) -> tuple[ReliabilityResult, ...]:
    """α and ω over the groups behind the headline and, apart, over the leaders; on the items all of them were asked."""
    found = []
    shared: dict[tuple[str, tuple[int, ...]], Moments] = {}  # a dimension is made of the items of its facets
    for code, facets in sections:
        dimension = people.blueprint.facets[facets[0]].dimension if facets else code
        for name, places in _populations(people):
            shown = tuple(place for place in places if people.shown[place, facets].any())
            if shown and (dimension, shown) not in shared:
                columns = _columns(people, dimension)
                shared[dimension, shown] = moments(people.scores[people.together(shown)][:, columns])
            if shown:
                found.append(_reliability(people, code, facets, name, shown, shared[dimension, shown]))
    return tuple(found)


def _columns(people: Population, dimension: str) -> list[int]:
    return [column for facet in people.blueprint.facets_of(dimension) for column in people.columns(facet)]


def _populations(people: Population) -> list[tuple[Literal["headline", "own"], tuple[int, ...]]]:
    both: list[tuple[Literal["headline", "own"], tuple[int, ...]]] = [("headline", people.voices)]
    if people.own and not people.own_is_private:
        both.append(("own", people.own))
    return both


def _reliability(
    people: Population,
    code: str,
    facets: Sequence[int],
    name: Literal["headline", "own"],
    places: Sequence[int],
    shared: Moments,
) -> ReliabilityResult:
    columns = _common_columns(people, facets, places)
    items = tuple(people.blueprint.items[column].code for column in columns)
    if len(columns) < 2:
        return ReliabilityResult(code=code, population=name, items=items, reason=Reason.TOO_FEW_ITEMS)
    position = {column: at for at, column in enumerate(_columns(people, people.blueprint.facets[facets[0]].dimension))}
    measured = reliability_of(shared.covariance([position[column] for column in columns]))
    alpha, omega = measured.alpha, measured.omega
    if isinstance(alpha, Absent):
        return ReliabilityResult(code=code, population=name, items=items, reason=alpha.reason)
    return ReliabilityResult(
        code=code,
        population=name,
        n=alpha.n,
        items=items,
        method="pairwise",
        alpha=rounded(alpha.alpha),
        low=rounded(alpha.interval.low),
        high=rounded(alpha.interval.high),
        omega=None if isinstance(omega, Absent) else rounded(omega.omega),
        omega_reason=omega.reason if isinstance(omega, Absent) else None,
        keying_error=alpha.keying_error,
        item_rest={item: _number(value) for item, value in zip(items, alpha.item_rest, strict=True)},
        alpha_if_deleted={item: _number(value) for item, value in zip(items, alpha.if_deleted, strict=True)},
    )


def _number(value: float | Absent) -> float | None:
    return None if isinstance(value, Absent) else rounded(value)


def _common_columns(people: Population, facets: Sequence[int], places: Sequence[int]) -> list[int]:
    """Items of these facets that every one of these groups was asked and whose facet it may show."""
    return [
        column
        for facet in facets
        if all(people.shown[place, facet] for place in places)
        for column in people.columns(people.blueprint.facets[facet])
        if people.asked[list(places), column].all()
    ]


def agreement_results(people: Population, sections: Sequence[Section]) -> tuple[AgreementResult, ...]:
    """Agreement inside each disclosed group, and the share of variance between them."""
    found = []
    spreads: dict[tuple[int, ...], Spread] = {}  # a dimension is made of the items of its facets
    for code, facets in sections:
        shown = tuple(place for place in people.voices if people.shown[place, facets].any())
        if shown:
            if shown not in spreads:
                spreads[shown] = _spread(people, shown)
            found.append(_agreement(people, code, facets, shown, spreads[shown]))
    return tuple(found)


def _spread(people: Population, places: Sequence[int]) -> Spread:
    rows = people.together(places)
    return spread(people.raw[rows], _position(people, places)[people.group[rows]], groups=len(places))


def _position(people: Population, places: Sequence[int]) -> Ints:
    """Where each group of the wave stands among these; −1: not there."""
    position = np.full(len(people.groups), -1)
    position[list(places)] = np.arange(len(places))
    return position


def _agreement(
    people: Population, code: str, facets: Sequence[int], places: Sequence[int], measured: Spread
) -> AgreementResult:
    columns = _common_columns(people, facets, places)
    rows, group = people.together(places), measured.index
    icc = group_icc(weighted_mean(people.facets[rows][:, list(facets)], people.weights(facets)), group)
    inside = _inside(people, columns, places, measured)
    known = [one.rwg for one in inside if one.rwg is not None]
    return AgreementResult(
        code=code,
        items=tuple(people.blueprint.items[column].code for column in columns),
        groups=inside,
        rwg_mean=rounded(sum(known) / len(known)) if known else None,
        icc1=None if isinstance(icc, Absent) else rounded(icc.icc1),
        icc2=None if isinstance(icc, Absent) else _number(icc.icc2),
        n=len(group) if isinstance(icc, Absent) else icc.n,
        reason=icc.reason if isinstance(icc, Absent) else None,
    )


def _inside(
    people: Population, columns: Sequence[int], places: Sequence[int], measured: Spread
) -> tuple[GroupAgreement, ...]:
    """One entry a group, in their order; a group without figures says why."""
    sizes = [int(people.sizes[place]) for place in places]
    steps = {people.blueprint.items[column].hi - people.blueprint.items[column].lo for column in columns}
    reason = Reason.NO_COMMON_FACETS if not columns else Reason.MIXED_SCALES
    if len(steps) != 1:
        return tuple(
            GroupAgreement(group=people.groups[place].key, n=size, reason=reason)
            for place, size in zip(places, sizes, strict=True)
        )
    levels = round(steps.pop()) + 1
    uniform = measured.table(columns, levels=levels)
    skewed = _against_skew(uniform, levels)
    found = []
    for index, place in enumerate(places):
        key = people.groups[place].key
        one = uniform if isinstance(uniform, Absent) else uniform.group(index)
        other = skewed if isinstance(skewed, Absent) else skewed.group(index)
        if isinstance(one, Absent):
            found.append(GroupAgreement(group=key, n=sizes[index], reason=one.reason))
            continue
        found.append(
            GroupAgreement(
                group=key,
                n=one.n,
                rwg=_number(one.rwg_j),
                rwg_skewed=None if isinstance(other, Absent) else _number(other.rwg_j),
                rwg_star=rounded(one.rwg_star),
                ad=rounded(one.ad_m),
                out_of_range=one.worse_than_chance,
                reason=one.rwg_j.reason if isinstance(one.rwg_j, Absent) else None,
            )
        )
    return tuple(found)


def _against_skew(uniform: AgreementTable | Absent, levels: int) -> AgreementTable | Absent:
    variance = null_variance(levels, Null.SLIGHT_SKEW)
    if isinstance(uniform, Absent) or isinstance(variance, Absent):
        return uniform if isinstance(uniform, Absent) else Absent(Reason.NO_PUBLISHED_NULL, have=levels)
    return uniform.against(variance)


def driver_results(people: Population) -> tuple[DriverSet, ...]:
    """Which leadership facets go with each dimension, among the leaders who answered both (rule R6)."""
    blueprint = people.blueprint
    blocks = {block.code for block in blueprint.blocks}
    places = people.own or people.voices
    if people.own_is_private or not any(people.large[place] for place in places):
        return ()
    facets = people.facets[people.together(places)]
    answered = np.any(~np.isnan(facets), axis=0)
    predictors = [
        place for place, facet in enumerate(blueprint.facets) if facet.dimension in blocks and answered[place]
    ]
    if not predictors:
        return ()
    names = [blueprint.facets[place].code for place in predictors]
    found = []
    for dimension in blueprint.outcomes:
        parts = people.facet_places(dimension.code)
        if not answered[parts].any():
            continue
        outcome = weighted_mean(facets[:, parts], people.weights(parts))
        found.append(_drivers(dimension.code, drivers(facets[:, predictors], outcome, names=names)))
    return tuple(found)


def _drivers(code: str, measured: Drivers | Absent) -> DriverSet:
    if isinstance(measured, Absent):
        # How many answered both is said only where a refusal is about it, and then as what is needed.
        return DriverSet(outcome=code, culprits=measured.names, reason=measured.reason)
    strongest = sorted(measured.drivers, key=lambda one: (-one.weight, one.name))
    return DriverSet(
        outcome=code,
        n=measured.n,
        r2=rounded(measured.r2),
        drivers=tuple(
            Driver(
                code=one.name,
                weight=rounded(one.weight),
                share=_number(one.share),
                r=rounded(one.r),
                r_low=None if isinstance(one.r_interval, Absent) else rounded(one.r_interval.low),
                r_high=None if isinstance(one.r_interval, Absent) else rounded(one.r_interval.high),
            )
            for one in strongest
        ),
    )
