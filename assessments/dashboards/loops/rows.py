"""The loops of a map as a page lists them: with a tag, a name, members and health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.dashboards.loops.words import ARROWS, change_words, trend_name, trend_words
from assessments.dashboards.material import short_name
from assessments.models import Wave
from assessments.scoring.feedback import LoopState, Search
from assessments.scoring.loop_health import LoopHealth, Trend
from ecosystems.causal.loops import Loop, find_loops, loop_of
from ecosystems.models import LoopName
from ecosystems.selectors.causal_maps import BETWEEN_MEMBERS, EcosystemMap, members_key

MOST_WITHOUT_WAVES, LOOKED_AT_WITHOUT_WAVES = 30, 2_000
UNMEASURED = LoopHealth((), None, 0, None, None)


@dataclass(frozen=True)
class LoopWave:
    name: str
    arrow: str
    trend: str
    is_now: bool


@dataclass(frozen=True)
class LoopRow:
    """`key`: the keys of its members; `path`: their names in the order of influence."""

    key: str
    tag: str
    name: str
    is_named: bool
    note: str
    path: str
    members: tuple[str, ...]
    balancing: bool
    delayed: bool
    trend: Trend | None
    trend_words: str
    change: str
    drag: str
    absent: str
    waves: tuple[LoopWave, ...]
    url: str


def unmeasured_loops(drawn: EcosystemMap) -> tuple[tuple[LoopState, ...], Search]:
    """The shortest loops of a map that no wave has been summed up with yet, and how they were looked for."""
    found = find_loops(drawn.graph, most=MOST_WITHOUT_WAVES, most_looked_at=LOOKED_AT_WITHOUT_WAVES)
    search = Search(found.found, found.complete, found.bound, found.whole_to)
    return tuple(_unmeasured(loop) for loop in found.loops), search


def unkept_loop(drawn: EcosystemMap, key: str) -> LoopState | None:
    """A loop of the map that no summary holds, as it is drawn; None where these factors form no loop."""
    loop = loop_of(drawn.graph, key.split(BETWEEN_MEMBERS))
    return _unmeasured(loop) if loop else None


def _unmeasured(loop: Loop) -> LoopState:
    return LoopState(loop.members, loop.balancing, loop.lowering, loop.delay, loop.gain, UNMEASURED)


def loop_rows(
    states: Sequence[LoopState],
    drawn: EcosystemMap,
    waves: Sequence[Wave],
    given: Mapping[str, LoopName],
    *,
    organization: str,
) -> tuple[LoopRow, ...]:
    """Shortest first. Loops that the map does not hold any more are left out: a summary may be behind it."""
    pairs = {link.pair for link in drawn.held}
    counts = {True: 0, False: 0}
    rows = []
    for state in states:
        if not all(pair in pairs for pair in _around(state.members)):
            continue
        counts[state.balancing] += 1
        tag = f"{'B' if state.balancing else 'R'}{counts[state.balancing]}"
        rows.append(_row(state, tag, drawn, waves, given, organization))
    return tuple(rows)


def _around(members: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(members, (*members[1:], members[0]), strict=True))


def _row(
    state: LoopState,
    tag: str,
    drawn: EcosystemMap,
    waves: Sequence[Wave],
    given: Mapping[str, LoopName],
    organization: str,
) -> LoopRow:
    key, names, health = members_key(state.members), drawn.names, state.health
    weights = {link.pair: abs(link.effect) for link in drawn.held}
    loop = Loop(state.members, tuple(weights[pair] for pair in _around(state.members)), state.lowering, state.delay)
    own = given.get(key)
    absent = [names[member] for member in health.waves[-1].absent if member in names] if health.waves else []
    return LoopRow(
        key=key,
        tag=tag,
        name=own.name if own else loop.named(names),
        is_named=own is not None,
        note=own.note if own else "",
        path=" → ".join([*(names[member] for member in state.members), names[state.members[0]]]),
        members=state.members,
        balancing=state.balancing,
        delayed=state.delay > 0,
        trend=health.trend,
        trend_words=trend_words(health) if len(health.waves) > 1 else "",
        change=change_words(health) if health.waves else "",
        drag=_("%(name)s pulls it down most.") % {"name": names[health.drag]}
        if health.drag and health.drag in names
        else "",
        absent=_("Without a score from ratings: %(names)s.") % {"names": ", ".join(absent)} if absent else "",
        waves=tuple(
            LoopWave(
                short_name(wave),
                ARROWS[one.trend] if one.trend else "○",
                trend_name(one.trend),
                place == len(health.waves) - 1,
            )
            for place, (wave, one) in enumerate(zip(waves, health.waves, strict=False))
        ),
        url=reverse("assessments:loop", args=[organization, drawn.ecosystem.slug, key]),
    )
