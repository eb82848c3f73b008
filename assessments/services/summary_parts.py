"""The parts of a feedback-loop summary: health of loops, effects of commitments, levers (rules L2, L3, L5)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from hashlib import blake2s
from itertools import chain
from typing import Final, Literal, NamedTuple

from django.utils import timezone

from assessments.dashboards.material import Material
from assessments.enums import CommitmentState
from assessments.models import Commitment, FeedbackSummary, Wave
from assessments.scoring.absent import Reason
from assessments.scoring.commitment_effect import Commitment as Promised
from assessments.scoring.commitment_effect import Effect, commitment_effects
from assessments.scoring.feedback import METHOD, Feedback, Levers, Pressed
from assessments.scoring.loop_health import LoopHealth, Member, loop_health
from assessments.scoring.results import Cell, Difference, Score
from assessments.selectors.instrument_texts import instrument_text
from ecosystems.causal.leverage import DRAWS, ENOUGH_STABLE, drawn_weights, leverage
from ecosystems.causal.loops import Loop
from ecosystems.models import Ecosystem
from ecosystems.selectors.causal_maps import EcosystemMap, MapFactor

SETTLE_DAYS: Final = 14
"""A score cannot show what was done less than two weeks before people were asked."""
LEVERS_KEPT: Final = 3


def healths(loops: Sequence[Loop], factors: Iterable[MapFactor], waves: Sequence[Material]) -> list[LoopHealth]:
    """Health of each loop over these waves of one assessment, oldest first."""
    rows = [_rows(material) for material in waves]
    members = {factor.key: _member(factor, waves, rows) for factor in factors}
    return [loop_health([members[key] for key in loop.members]) for loop in loops]


def _rows(material: Material) -> dict[str, Score]:
    results = material.results
    return {row.code: row for row in (*results.dimensions, *results.facets, *results.blocks, *results.constructs)}


def _member(factor: MapFactor, waves: Sequence[Material], rows: Sequence[Mapping[str, Score]]) -> Member:
    found = [row.get(factor.facet) if factor.facet else None for row in rows]
    turned = any(row.barrier for row in found if row is not None)
    return Member(
        key=factor.key,
        scores=tuple(
            Cell(reason=Reason.NOT_ASKED) if row is None else material.cell(row)
            for material, row in zip(waves, found, strict=True)
        ),
        changes=tuple(_change(material, row) for material, row in zip(waves[1:], found[1:], strict=True)),
        direction=-1 if turned else 1,
    )


def _change(material: Material, row: Score | None) -> Difference:
    compared = material.change(row) if row is not None else None
    return compared.difference if compared is not None else Difference(reason=Reason.NO_COMMON_FACETS)


def effects_at(ecosystem: Ecosystem, material: Material) -> tuple[Effect, ...]:
    """What became of each commitment with this wave; nothing at the first wave of an assessment.

    Those that the wave before could already tell of are left out. Facets stand against facets, dimensions against
    dimensions; parts of a dimension that somebody aims at, and dimensions of which a part is aimed at, are no controls.
    Barriers, which should fall, are none either. What was promised only after people were asked takes no control away:
    an effect that was told once stays what it was.
    """
    if material.before is None:
        return ()
    opened = material.wave.opened_at or material.wave.closed_at
    earlier = material.before.wave.opened_at or material.before.wave.closed_at
    assert opened is not None
    assert earlier is not None
    measured, told = timezone.localdate(opened), timezone.localdate(earlier) - timedelta(days=SETTLE_DAYS)
    promises = _promises(ecosystem, measured=measured, told=told)
    rows = _rows(material)
    wholes = {row.code for row in rows.values() if row.level in ("dimension", "block")}
    aimed = {one.facet for one in promises.standing}
    above = {rows[code].parent for code in aimed if code in rows}
    effects: list[Effect] = []
    for of_whole in (False, True):
        standing, later = (
            [one for one in some if (one.facet in wholes) is of_whole] for some in (promises.standing, promises.later)
        )
        left_out = above if of_whole else aimed & wholes
        changes, answers = {}, {}
        for row in rows.values():
            about = row.code if of_whole else row.parent
            control = row.level == ("dimension" if of_whole else "facet") and not row.barrier and about not in left_out
            targeted = row.code in {one.facet for one in (*standing, *later)}
            if (control or targeted) and (compared := material.change(row)):
                changes[row.code] = compared.difference
                if counted := _answers(material, row):
                    answers[row.code] = counted
        for some in (standing, later):
            effects += commitment_effects(some, changes, measured=measured, answers=answers, settle_days=SETTLE_DAYS)
    return tuple(effect for effect in effects if effect.commitment not in promises.given_up)


class _Promises(NamedTuple):
    """
    Commitments with a score to move, as they stood on the day people were asked, and those made `later`.

    What was `given_up` since stood then: its score is no control, and it has no effect to tell.
    """

    standing: list[Promised]
    later: list[Promised]
    given_up: set[str]


def _promises(ecosystem: Ecosystem, *, measured: date, told: date) -> _Promises:
    """Without what was done so early that the wave before could tell of it (by `told`)."""
    found = _Promises([], [], set())
    agreed = Commitment.objects.filter(ecosystem=ecosystem, workshop__rehearsal_of=None)
    for one in agreed.exclude(facet="").exclude(state=CommitmentState.PROPOSED).order_by("created_at", "key"):
        noted, over = timezone.localdate(one.created_at), one.closed_on
        stood = min(noted, over or noted) <= measured
        if one.state == CommitmentState.DROPPED:
            if over is None or over <= measured or not stood:
                continue
            found.given_up.add(str(one.pk))
        if one.state == CommitmentState.DONE and (over is None or over <= told):
            continue
        done = over if one.state == CommitmentState.DONE else None
        (found.standing if stood else found.later).append(Promised(str(one.pk), one.facet, done, _way(one)))
    return found


def _way(one: Commitment) -> Literal[-1, 1]:
    return -1 if one.expected < 0 else 1


def _answers(material: Material, row: Score) -> tuple[int, int] | None:
    assert material.before is not None
    results = material.before.results
    rows = chain(results.dimensions, results.facets, results.blocks, results.constructs)
    before = next((one for one in rows if one.code == row.code), None)
    first, second = (before.overall.n if before else None), material.cell(row).n
    return (first, second) if first is not None and second is not None else None


def levers_of(drawn: EcosystemMap, wave: Wave | None, *, seed: int) -> Levers:
    """
    Which factor, pressed, moves which dimension. A dimension is made of the factors tied to it or to its facets.

    Drawn anew only where map, votes or ties are others than those that the wave's summary has: on a large map that is
    the longest part of it.
    """
    if wave is None or not drawn.graph.links:
        return Levers()
    text = instrument_text(wave.version)
    dimensions = {block.code for block in text.dimensions}
    outcomes: dict[str, list[str]] = {}
    for factor in drawn.factors:
        facet = text.facets.get(factor.facet)
        code = facet.block if facet else factor.facet
        if code in dimensions:
            outcomes.setdefault(code, []).append(factor.key)
    if not outcomes:
        return Levers()
    basis = _mark((METHOD, DRAWS, seed, drawn.graph.factors, _signs(drawn), sorted(drawn.effects.items()), outcomes))
    known = FeedbackSummary.objects.filter(wave=wave, results__levers__basis=basis).first()
    if known is not None:
        return Feedback.from_json(known.results).levers
    found = leverage(
        drawn_weights(drawn.graph, seed=seed, effects=drawn.effects),
        drawn.graph.factors,
        outcomes=outcomes,
        fewest=ENOUGH_STABLE / DRAWS,
    )
    kept = [
        Pressed(one.pressed, one.outcome, one.raises, one.lowers, one.unmoved, one.change)
        for outcome in sorted(outcomes)
        for one in [lever for lever in found.strongest(outcome) if lever.pressed not in outcomes[outcome]][:LEVERS_KEPT]
    ]
    return Levers(found.draws, found.stable, seed, found.enough, tuple(kept), basis)


def _signs(drawn: EcosystemMap) -> list[tuple[str, str, int]]:
    return [(link.source, link.target, link.sign) for link in drawn.graph.links]


def _mark(of: object) -> str:
    return blake2s(repr(of).encode(), digest_size=12).hexdigest()
