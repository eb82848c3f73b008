"""Recomputing feedback-loop summaries: claim, compute, save (rules L1–L3, L5)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.dashboards.changes import part_changes
from assessments.dashboards.groups import WhoAnswered
from assessments.dashboards.material import Material
from assessments.dashboards.talk import talk
from assessments.enums import About, SignalKind, WaveState
from assessments.live import bus
from assessments.live.events import WaveSnapshot
from assessments.models import FeedbackSummary, Signal, SummaryMark, Wave, WaveMap
from assessments.scoring.feedback import METHOD, Feedback, LoopState, Search
from assessments.scoring.learning_cycle import cycles_by_dimension, learning_cycle
from assessments.scoring.loop_health import Trend
from assessments.selectors.results import History, scored_of
from assessments.selectors.signals import signals_of, until
from assessments.services.scenario_outcomes import note_outcomes
from assessments.services.signals import note_talks, raise_signals
from assessments.services.summary_marks import hold_closed_waves, stale_summaries, wake_summaries
from assessments.services.summary_parts import effects_at, healths, levers_of
from ecosystems.causal.graph import CausalGraph
from ecosystems.causal.loops import Loop, LoopSearch, find_loops, loop_of
from ecosystems.models import Ecosystem
from ecosystems.selectors.causal_maps import BETWEEN_MEMBERS, loop_names, map_of, members_key
from ecosystems.selectors.kept_maps import MapState, map_at, state_in, state_of

LEASE = timedelta(minutes=4)
"""So long a killed worker's ecosystem waits for the sweep. Work that takes longer may be done twice, alike."""
KEPT_LOOPS = 30
"""The shortest loops that a summary keeps; all that somebody named are kept besides."""

State = tuple[tuple[object, ...], ...]


class _Found(NamedTuple):
    """The loops of a map, and those of them that a summary keeps."""

    search: LoopSearch
    kept: list[Loop]


class _States(NamedTuple):
    """Loops as they stood with a wave, and the number of the map's version that has them."""

    version: int
    loops: tuple[LoopState, ...]


def summarise(*, ecosystem_id: int) -> bool:
    """Recompute a stale ecosystem's summaries; True if this call did it.

    Claims the mark, reads and computes without a lock, and saves only if the closed waves are still those it read.
    What changes meanwhile leaves the ecosystem stale, so that it is taken up again.
    """
    lease = timezone.now() + LEASE
    version = _claim(ecosystem_id, lease)
    if version is None:
        return False
    try:
        saved = _recompute(Ecosystem.objects.select_related("organization").get(pk=ecosystem_id), version)
    finally:
        # only its own: one that ran out while this worked may be somebody else's by now
        SummaryMark.objects.filter(ecosystem_id=ecosystem_id, lease_until=lease).update(lease_until=None)
    if stale_summaries().filter(ecosystem_id=ecosystem_id).exists():
        wake_summaries(ecosystem_id)
    return saved


def _claim(ecosystem_id: int, lease: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_summarymark SET lease_until = %s"
            " WHERE ecosystem_id = %s AND done_version < version"
            " AND (lease_until IS NULL OR lease_until < now()) RETURNING version",
            [lease, ecosystem_id],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _recompute(ecosystem: Ecosystem, version: int) -> bool:
    state = _state(ecosystem)
    series = _series(ecosystem)
    drawn = map_of(ecosystem)
    now = state_of(drawn)
    names = {members: row.name for members, row in loop_names(ecosystem).items()}
    newest = max((one.wave for some in series for one in some), key=_closing, default=None)
    found = {now.version: _found(now, names)}
    states = {}
    for some in series:
        for place, material in enumerate(some):
            then = None if material.wave == newest else _map_of_close(ecosystem, material.wave)
            shown = then or now
            if shown.version not in found:
                found[shown.version] = _found(shown, names)
            loops = _loops(found[shown.version].kept, shown, some[: place + 1], names)
            states[material.wave.pk] = _States(shown.version, loops)
    levers = levers_of(drawn, newest, seed=ecosystem.pk)
    with transaction.atomic():
        hold_closed_waves(ecosystem_id=ecosystem.pk)
        mark = SummaryMark.objects.select_for_update().get(ecosystem=ecosystem)
        if mark.done_version >= version or _state(ecosystem) != state:
            return False
        _note_findings(series)
        if newest is not None and not newest.is_stale:
            _note_weakening(newest, states[newest.pk].loops)
        _note_talks(series)
        signals = signals_of(ecosystem)
        rows = []
        for some in series:
            for place, material in enumerate(some):
                wave = material.wave
                day = timezone.localdate() if wave == newest else timezone.localdate(_closing(wave)[0])
                known = until(signals, day)
                cycle = learning_cycle(known, today=day)
                oldest = next((one.row for one in signals if str(one.row.pk) == cycle.oldest), None)
                kept, loops = states[wave.pk]
                feedback = Feedback(
                    waves=tuple(one.wave.pk for one in some[: place + 1]),
                    loops=loops,
                    search=_search(found[kept].search),
                    cycle=cycle,
                    by_dimension=cycles_by_dimension(known, today=day),
                    effects=effects_at(ecosystem, material),
                    levers=levers,
                    oldest_title=oldest.title if oldest else "",
                    oldest_on=oldest.raised_on.isoformat() if oldest else "",
                    map_version=kept,
                    heard=tuple(sorted({one.row.wave_id for one in signals if one.row.raised_on <= day})),
                )
                rows.append((wave, feedback))
        _save(ecosystem, rows, version)
        mark.done_version = version
        mark.save(update_fields=["done_version"])
        bus.publish_on_commit(
            *(WaveSnapshot(one.pk, one.scores_done_version, one.state, summed=version) for one, _feedback in rows)
        )
    note_outcomes(ecosystem_id=ecosystem.pk)
    return True


def _state(ecosystem: Ecosystem) -> State:
    """What says that the closed waves are still those that were read."""
    return tuple(
        _waves(ecosystem).order_by("pk").values_list("pk", "closed_at", "scores_done_version", "result__computed_at")
    )


def _waves(ecosystem: Ecosystem) -> QuerySet[Wave]:
    """The closed, scored waves; one whose votes on links are still to be counted comes once they are on the map."""
    return Wave.objects.filter(
        kept_map__drawn__isnull=True,
        assessment__ecosystem=ecosystem,
        assessment__about=About.SYSTEM,
        state=WaveState.CLOSED,
        result__isnull=False,
    )


def _map_of_close(ecosystem: Ecosystem, wave: Wave) -> MapState | None:
    """The map on which its votes were counted; for a wave that has noted none, the one kept at that moment."""
    noted = WaveMap.objects.filter(wave=wave, version__isnull=False).select_related("version").first()
    return state_in(noted.version) if noted and noted.version else map_at(ecosystem, _closing(wave)[0])


def _series(ecosystem: Ecosystem) -> list[list[Material]]:
    """The closed, scored waves of each assessment of the system, oldest first, each beside the one before it."""
    waves = list(
        _waves(ecosystem)
        .select_related("assessment__ecosystem__organization", "assessment__leader", "version__instrument")
        .order_by("assessment_id", "number")
    )
    found = scored_of(waves)
    series: dict[int, list[Material]] = {}
    for wave in waves:
        earlier = series.setdefault(wave.assessment_id, [])
        before = earlier[-1].scored if earlier else None
        earlier.append(Material(scored=found[wave.pk], history=History((), {}), before=before))
    return list(series.values())


def _closing(wave: Wave) -> tuple[datetime, int]:
    assert wave.closed_at is not None
    return wave.closed_at, wave.pk


def _loops(
    kept: Sequence[Loop], shown: MapState, waves: Sequence[Material], names: Mapping[str, str]
) -> tuple[LoopState, ...]:
    return tuple(
        LoopState(
            members=loop.members,
            balancing=loop.balancing,
            lowering=loop.lowering,
            delay=loop.delay,
            gain=round(loop.gain, 6),
            health=health,
            name=names.get(members_key(loop.members)) or loop.named(shown.names),
        )
        for loop, health in zip(kept, healths(kept, shown.factors, waves), strict=True)
    )


def _found(shown: MapState, names: Mapping[str, str]) -> _Found:
    search = find_loops(shown.graph)
    return _Found(search, _kept(search, shown.graph, names))


def _kept(search: LoopSearch, graph: CausalGraph, names: Mapping[str, str]) -> list[Loop]:
    """The shortest, and those that somebody named, however long."""
    found = {members_key(loop.members): loop for loop in search.loops[:KEPT_LOOPS]}
    for members in sorted(names):
        loop = loop_of(graph, members.split(BETWEEN_MEMBERS))
        if loop is not None:
            found.setdefault(members, loop)
    return sorted(found.values(), key=lambda loop: (len(loop.members), loop.members))


def _search(search: LoopSearch) -> Search:
    return Search(search.found, search.complete, search.bound, search.whole_to)


def _note_findings(series: Sequence[Sequence[Material]]) -> None:
    """What each wave gave to talk about, once its last answers are scored."""
    nobody = WhoAnswered(chart=None, said="", thin="", waiting=0, answered=(), submitted=0)
    for material in chain.from_iterable(series):
        if material.wave.is_stale:
            continue
        told = talk(material, part_changes(material), nobody)
        first: dict[str, tuple[str, str, str]] = {}
        for point in (*told.first, *told.more):
            if point.code:
                first.setdefault(point.code, (point.code, point.title, _dimension(material, point.code)))
        raise_signals(wave=material.wave, kind=SignalKind.FINDING, found=first.values())


def _note_weakening(newest: Wave, loops: Iterable[LoopState]) -> None:
    found = [
        (members_key(loop.members), _("The loop “%(name)s” is weakening") % {"name": loop.name[:160]}, "")
        for loop in loops
        if loop.health.trend is Trend.WEAKENING
    ]
    raise_signals(wave=newest, kind=SignalKind.LOOP, found=found)


def _note_talks(series: Sequence[Sequence[Material]]) -> None:
    materials = list(chain.from_iterable(series))
    parents = {
        material.wave.pk: {code: facet.block for code, facet in material.text.facets.items()} for material in materials
    }
    note_talks(waves=[material.wave for material in materials], parents=parents)


def _dimension(material: Material, code: str) -> str:
    facet = material.text.facets.get(code)
    return facet.block if facet else code


def _save(ecosystem: Ecosystem, rows: Sequence[tuple[Wave, Feedback]], version: int) -> None:
    kept = [wave.pk for wave, _feedback in rows]
    FeedbackSummary.objects.filter(wave__assessment__ecosystem=ecosystem).exclude(wave__in=kept).delete()
    Signal.objects.filter(ecosystem=ecosystem).exclude(wave__state=WaveState.CLOSED).delete()
    now = timezone.now()
    FeedbackSummary.objects.bulk_create(
        [
            FeedbackSummary(wave=wave, results=feedback.to_json(), method=METHOD, mark_version=version, computed_at=now)
            for wave, feedback in rows
        ],
        update_conflicts=True,
        unique_fields=["wave"],
        update_fields=["results", "method", "mark_version", "computed_at"],
    )
