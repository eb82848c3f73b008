"""What to talk about next: the findings of a wave that stay standing when the doubt is taken off.

Each candidate has a `value` and a `strength`: the points of 0–100 that are left at the end of its 95 % interval which
lies nearest to zero. Only what leaves zero out is a candidate. Disagreement and thin coverage have no interval; by
convention a full lack of either counts as `WITHOUT_INTERVAL` points, so that they rank among small but clear findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assessments.scoring.dimensions import stakeholder_mean
from assessments.scoring.groups import difference
from assessments.scoring.results import Cell, Difference, Score, WaveResults

WEAK_AGREEMENT = 0.5
"""r_WG(J) up to here is weak agreement (LeBreton & Senter 2008)."""
THIN_COVERAGE = 0.5
WITHOUT_INTERVAL = 10.0


class Topic(StrEnum):
    GAP = "gap"
    WEAKEST = "weakest"
    DROP = "drop"
    DISAGREEMENT = "disagreement"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something worth talking about. `code` is a dimension, facet, block or construct, or '' for the whole wave.

    `value`, `low` and `high` are those of the difference, or the agreement, or the share that answered. `group`: whose
    it is. `score`: the group's own score. `everywhere`: a weakest group is weakest in every row where groups differ.
    """

    topic: Topic
    code: str
    strength: float
    value: float
    low: float | None = None
    high: float | None = None
    group: str = ""
    score: float | None = None
    n: int | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """How many of a group's people answered, where both counts may be said."""

    group: str
    answered: int
    invited: int


def talk_about(
    results: WaveResults,
    *,
    rows: Sequence[Score],
    parts: Sequence[Score],
    changes: Mapping[str, Difference],
    answered: Sequence[Answered] = (),
) -> tuple[Candidate, ...]:
    """Candidates in the order in which to offer them: the strongest of each topic first, then the rest by strength.

    `rows` are the dimensions (of a 360°: blocks), `parts` their facets (constructs); `changes` since the wave before,
    by code. Ties keep the instrument's order, so the same numbers give the same list.
    """
    found = [
        *_gaps(rows, parts),
        *_weakest(results, rows),
        *_drops(rows, parts, changes),
        *_disagreements(results, rows),
        *_thin(answered),
    ]
    ordered = sorted(found, key=lambda one: -one.strength)
    best: dict[Topic, Candidate] = {}
    for one in ordered:
        best.setdefault(one.topic, one)
    leading = list(best.values())
    return (*leading, *(one for one in ordered if one not in leading))


def nearest(change: Difference) -> float:
    """Points left at the end of the interval that is nearest to zero; 0 where the interval holds zero or is unknown."""
    if not change.clear or change.low is None or change.high is None:
        return 0.0
    return min(abs(change.low), abs(change.high))


def _gaps(rows: Sequence[Score], parts: Sequence[Score]) -> list[Candidate]:
    """Where own view and that of the others differ; constructs in a 360°, where the blocks only sum them up."""
    constructs = [one for one in parts if one.level == "construct" and one.gap]
    found = []
    for row in constructs or rows:
        if row.gap is None or not row.gap.difference.clear or row.gap.difference.value is None:
            continue
        gap = row.gap.difference
        found.append(
            Candidate(Topic.GAP, row.code, nearest(gap), row.gap.difference.value, gap.low, gap.high, n=row.gap.own.n)
        )
    return found


def _weakest(results: WaveResults, rows: Sequence[Score]) -> list[Candidate]:
    """For each group the row in which it most clearly lies below the mean of the others."""
    weights = {group.key: group.weight for group in results.groups}
    found: dict[str, Candidate] = {}
    lowest: dict[str, int] = {}
    compared = 0
    for row in rows:
        if row.weakest is None:
            continue
        cells = row.common if row.weakest.basis == "common" else row.groups
        key = row.weakest.group
        others = {other: cell for other, cell in cells.items() if other != key and cell.shown}
        if key not in cells or not others:
            continue
        compared += 1
        lowest[key] = lowest.get(key, 0) + 1
        gap = difference(cells[key], _mean(others, weights))
        if not gap.clear or gap.value is None:
            continue
        candidate = Candidate(
            Topic.WEAKEST,
            row.code,
            nearest(gap),
            gap.value,
            gap.low,
            gap.high,
            group=key,
            score=row.weakest.cell.value,
            n=row.weakest.cell.n,
        )
        if key not in found or candidate.strength > found[key].strength:
            found[key] = candidate
    return [replace(one, everywhere=compared > 1 and lowest[key] == compared) for key, one in found.items()]


def _mean(cells: Mapping[str, Cell], weights: Mapping[str, float]) -> Cell:
    return next(iter(cells.values())) if len(cells) == 1 else stakeholder_mean(cells, weights)


def _drops(rows: Sequence[Score], parts: Sequence[Score], changes: Mapping[str, Difference]) -> list[Candidate]:
    """What clearly got worse (of a barrier: what rose); a dimension only where none of its facets did."""
    found = [one for part in parts if (one := _drop(part, changes.get(part.code)))]
    fallen = {part.parent for part in parts if any(one.code == part.code for one in found)}
    return found + [one for row in rows if row.code not in fallen and (one := _drop(row, changes.get(row.code)))]


def _drop(row: Score, change: Difference | None) -> Candidate | None:
    if change is None or change.value is None or not change.clear or (change.value > 0) is not row.barrier:
        return None
    return Candidate(Topic.DROP, row.code, nearest(change), change.value, change.low, change.high)


def _disagreements(results: WaveResults, rows: Sequence[Score]) -> list[Candidate]:
    codes = {row.code for row in rows}
    found = []
    for one in results.agreement:
        for group in one.groups if one.code in codes else ():
            if group.rwg is not None and group.rwg <= WEAK_AGREEMENT:
                strength = WITHOUT_INTERVAL * (WEAK_AGREEMENT - max(group.rwg, 0.0)) / WEAK_AGREEMENT
                found.append(Candidate(Topic.DISAGREEMENT, one.code, strength, group.rwg, group=group.group, n=group.n))
    return found


def _thin(answered: Sequence[Answered]) -> list[Candidate]:
    found = []
    for one in answered:
        share = one.answered / one.invited if one.invited else 1.0
        if share < THIN_COVERAGE:
            strength = WITHOUT_INTERVAL * (THIN_COVERAGE - share) / THIN_COVERAGE
            found.append(Candidate(Topic.COVERAGE, "", strength, share, group=one.group, n=one.answered))
    return found
