"""From the answers of one wave to everything that may be shown of it (rules S1–S7, S9, R1–R4, R6, D1–D2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.absent import Reason
from assessments.scoring.answers import coverage, item_results
from assessments.scoring.blueprint import Blueprint
from assessments.scoring.index import generative_value_index
from assessments.scoring.population import GroupSpec, Population, population
from assessments.scoring.quality import (
    FEWEST_ANSWERS,
    Section,
    agreement_results,
    driver_results,
    reliability_results,
)
from assessments.scoring.results import METHOD_VERSION, Cell, Index, Level, Note, Robustness, Score, WaveResults
from assessments.scoring.robustness import DRAWS, Structure, Voice, robustness
from assessments.scoring.table import closed_row, score_row

__all__ = ["GroupSpec", "score_wave"]


def score_wave(
    blueprint: Blueprint,
    matrix: NDArray[np.float64],
    cant_say: NDArray[np.bool_],
    group_index: NDArray[np.integer],
    groups: Sequence[GroupSpec],
    *,
    k: int,
    seed: int = 0,
    live: bool = False,
    draws: int = DRAWS,
    shown_before: NDArray[np.bool_] | None = None,
) -> WaveResults:
    """Score one wave; the result does not depend on the order of the responses.

    `matrix`: raw answers (responses × items, NaN = no rating); `cant_say`: the same shape; `group_index`: place of each
    response's group in `groups`; `k`: minimum group size; `live`: only index and dimension × group cells. Any number
    of responses is valid, none too. `shown_before`, for a wave that showed results while open: the responses that these
    counted; of each group and facet either none or at least k others join them (rule D2). Raises `OffScale` for an
    answer that its item does not have, ValueError for arrays that do not fit each other.
    """
    people = population(
        blueprint, matrix, cant_say, group_index.astype(np.int64), groups, k=k, shown_before=shown_before
    )
    # The draws and the rest need nothing of each other, and NumPy lets both run at once.
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawing = beside.submit(_robustness, people, draws=draws, seed=seed)
        rows = list(_rows(people, live=live))
        results = WaveResults(
            method=METHOD_VERSION,
            k=k,
            seed=seed,
            live=live,
            headline=people.headline,
            n=people.disclosed_n,
            groups=people.described(),
            index=Index(),
            dimensions=tuple(row for row in rows if row.level == "dimension"),
            facets=tuple(row for row in rows if row.level == "facet"),
            blocks=tuple(row for row in rows if row.level == "block"),
            constructs=tuple(row for row in rows if row.level == "construct"),
            own_is_private=people.own_is_private,
        )
        if not live:
            results = _with_detail(results, people)
        robust = drawing.result()
    results = replace(
        results,
        index=_index(people, results.dimensions, robust),
        robustness=results.robustness if live else robust,
    )
    return replace(results, notes=tuple(_notes(results, people)))


def _with_detail(results: WaveResults, people: Population) -> WaveResults:
    """What is released once, after closing."""
    # A dimension of one facet may carry the facet's code: then it is one scale, measured once.
    scales = {facet.code: [place] for place, facet in enumerate(people.blueprint.facets)}
    scales |= {one.code: people.facet_places(one.code) for one in people.blueprint.dimensions}
    sections: list[Section] = list(scales.items())
    covered, by_facet = coverage(people)
    return replace(
        results,
        items=item_results(people),
        reliability=reliability_results(people, sections),
        agreement=agreement_results(people, sections),
        drivers=driver_results(people),
        coverage=covered,
        facet_coverage=by_facet,
    )


def _rows(people: Population, *, live: bool) -> Iterator[Score]:
    """Dimensions and blocks, then facets and constructs, each in the instrument's order."""
    blueprint = people.blueprint
    blocks = {block.code for block in blueprint.blocks}
    sections: list[tuple[str, Level, list[int], str | None, bool]] = [
        (one.code, "block" if one.block else "dimension", people.facet_places(one.code), None, one.barrier)
        for one in blueprint.dimensions
    ]
    for place, facet in enumerate(blueprint.facets):
        level: Level = "construct" if facet.dimension in blocks else "facet"
        sections.append((facet.code, level, [place], facet.dimension, facet.barrier))
    for code, level, facets, parent, barrier in sections:
        if live and level != "dimension":
            yield closed_row(code, level, parent=parent, barrier=barrier)
        else:
            yield score_row(people, code, level, facets, parent=parent, barrier=barrier, live=live)


def _robustness(people: Population, *, draws: int, seed: int) -> Robustness:
    """Rule S7 on the facets of the dimensions, as far as they are released; units are resampled as one population."""
    outcomes = people.blueprint.outcomes
    places = {one.code: place for place, one in enumerate(outcomes)}
    facets = [place for place, facet in enumerate(people.blueprint.facets) if facet.dimension in places]
    structure = Structure(
        codes=tuple(one.code for one in outcomes),
        weights=np.array([one.weight for one in outcomes]),
        dimension=np.array([places[people.blueprint.facets[place].dimension] for place in facets], dtype=np.int64),
        facet_weights=np.array(people.weights(facets)),
    )
    if people.headline == "pooled":
        voices = [Voice("", 1.0, people.facets[:, facets][people.headline_rows])]
    else:
        voices = [
            Voice(people.groups[place].key, people.groups[place].weight, people.facets[people.rows(place)][:, facets])
            for place in people.voices
            if people.large[place]
        ]
    voices = [voice for voice in voices if not np.isnan(voice.scores).all()]
    if not voices:
        return Robustness(draws=draws, seed=seed, reason=Reason.NO_GROUP_SHOWN)
    return robustness(voices, structure, draws=draws, seed=seed)


def _index(people: Population, dimensions: Sequence[Score], robust: Robustness) -> Index:
    cells: dict[str, Cell] = {row.code: row.overall for row in dimensions}
    weights = {one.code: one.weight for one in people.blueprint.outcomes}
    index = generative_value_index(cells, weights, robust.index)
    for reason in (Reason.NOT_ASKED, Reason.NO_ANSWERS):
        if index.value is None and all(cell.reason is reason for cell in cells.values()):
            return replace(index, reason=reason)
    return index


def _notes(results: WaveResults, people: Population) -> Iterator[Note]:
    """Why something is absent, or partly so, that a reader would look for."""
    if results.index.reason is not None:
        yield Note(results.index.reason, "index")
    if not results.live:
        if results.robustness.reason is not None:
            yield Note(results.robustness.reason, "robustness")
        for one in results.reliability:
            if one.reason is not None:
                yield Note(one.reason, f"reliability:{one.code}")
        for agreed in results.agreement:
            if agreed.reason is not None:
                yield Note(agreed.reason, f"agreement:{agreed.code}")
        for found in results.drivers:
            if found.reason is not None:
                yield Note(found.reason, f"drivers:{found.outcome}", n=found.n, need=_need(found.reason))
        if not results.drivers:
            yield Note(Reason.NO_LEADERSHIP, "drivers")
    for spec in people.groups:
        if spec.waiting:
            yield Note(Reason.TOO_FEW_ANSWERS, f"waiting:{spec.key}", n=spec.waiting, need=people.k)


def _need(reason: Reason) -> int | None:
    return FEWEST_ANSWERS if reason is Reason.TOO_FEW_ANSWERS else None
