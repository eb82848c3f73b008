"""Summaries of feedback loops: computed once for what changed, from released numbers alone."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from assessments.enums import CommitmentSource, SignalKind, WaveState
from assessments.models import Commitment, FeedbackSummary, Signal, SummaryMark
from assessments.scoring.feedback import Feedback
from assessments.scoring.learning_cycle import Stage
from assessments.scoring.loop_health import Trend
from assessments.selectors.signals import signals_of
from assessments.selectors.summaries import is_behind, newest_summary
from assessments.services import summaries, summary_parts
from assessments.services.maps import edits
from assessments.services.maps.versions import keep_if_changed
from assessments.services.scores import forget_scores
from assessments.services.signals import SignalProblem, decline_signal, reopen_signal
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from assessments.tasks import sweep_stale_summaries
from ecosystems.models import Factor
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_fallen_waves, make_scored_wave

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def waves(ecosystem):
    return make_fallen_waves(ecosystem, now=NOW)


@pytest.fixture
def circle(ecosystem):
    """Learning and innovation feed each other, by way of a factor that nobody measures."""
    maker = MapMaker(ecosystem)
    learning, products, free = maker.factor("Learning", "ADA"), maker.factor("Products", "INN"), maker.factor("Energy")
    maker.link(learning, products, strength=1)
    maker.link(products, free, strength=1)
    maker.link(free, learning, strength=1)
    return learning, products, free


def test_each_wave_gets_its_loops_with_trend_drag_and_who_is_absent(ecosystem, waves, circle):
    learning, products, free = map(str, circle)
    assert summarise(ecosystem_id=ecosystem.pk) is True
    assert FeedbackSummary.objects.count() == 2
    found = newest_summary(ecosystem)
    assert [wave.title for wave in found.waves] == ["Spring", "Autumn"]
    (loop,) = found.feedback.loops
    assert sorted(loop.members) == sorted([learning, products, free])
    assert (loop.balancing, loop.health.trend, loop.health.drag) == (False, Trend.WEAKENING, learning)
    assert [one.absent for one in loop.health.waves] == [(free,), (free,)]
    assert sorted(loop.health.waves[1].compared) == sorted([learning, products])
    earlier = Feedback.from_json(FeedbackSummary.objects.get(wave=waves[0]).results)
    assert earlier.loops[0].health.trend is None
    assert found.feedback.levers.enough is True
    assert {one.outcome for one in found.feedback.levers.levers} == {"ADA", "INN"}
    assert not is_behind(ecosystem)


def test_an_earlier_wave_keeps_the_map_of_its_close(ecosystem, circle):
    learning, products, free = map(str, circle)
    assessment = make_assessment(ecosystem)
    first = make_scored_wave(assessment, day=timezone.now(), title="Spring")
    keep_if_changed(ecosystem=ecosystem, by=None)
    maker = MapMaker(ecosystem)
    maker.do(edits.change_factor, factor=circle[0], name="Learning again", facet="ADA")
    maker.do(edits.remove_factor, factor=circle[2])
    maker.link(*circle[:2], -1)
    maker.link(circle[1], circle[0], -1, 3)
    summarise(ecosystem_id=ecosystem.pk)
    (now,) = newest_summary(ecosystem).feedback.loops
    assert (newest_summary(ecosystem).feedback.map_version, set(now.members)) == (0, {learning, products})
    second = make_scored_wave(assessment, day=timezone.now(), title="Autumn", seed=4)
    assert summarise(ecosystem_id=ecosystem.pk) is True
    kept = Feedback.from_json(FeedbackSummary.objects.get(wave=first).results)
    (then,) = kept.loops
    assert (kept.map_version, kept.search.found, set(then.members)) == (1, 1, {learning, products, free})
    assert (then.name, then.balancing, round(then.gain, 3)) == ("Learning · Products · Energy", False, 0.037)
    latest = newest_summary(ecosystem)
    assert (latest.wave, latest.feedback.map_version, set(latest.feedback.loops[0].members)) == (
        second,
        0,
        {learning, products},
    )


def test_levers_are_drawn_anew_only_for_another_map(ecosystem, waves, circle):
    def summed_up():
        mark_summaries_stale(ecosystem_id=ecosystem.pk)
        with mock.patch.object(summary_parts, "leverage", wraps=summary_parts.leverage) as drawn:
            assert summarise(ecosystem_id=ecosystem.pk) is True
        return newest_summary(ecosystem).feedback.levers, drawn.call_count

    first, times = summed_up()
    assert (times, first.enough) == (1, True)
    assert summed_up() == (first, 0)
    learning, products, _free = circle
    MapMaker(ecosystem).link(products, learning, sign=-1)
    other, times = summed_up()
    assert times == 1
    assert other.basis != first.basis
    Factor.objects.filter(pk=products).update(facet="SUS")
    retied, times = summed_up()
    assert (times, {one.outcome for one in retied.levers}) == (1, {"ADA", "SUS"})


def test_a_weakening_loop_and_what_fell_are_signals_raised_once(ecosystem, waves, circle):
    summarise(ecosystem_id=ecosystem.pk)
    kinds = set(Signal.objects.values_list("kind", flat=True))
    assert kinds == {SignalKind.FINDING, SignalKind.LOOP}
    before = list(Signal.objects.order_by("pk").values())
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    assert summarise(ecosystem_id=ecosystem.pk) is True
    assert list(Signal.objects.order_by("pk").values()) == before
    loop = Signal.objects.get(kind=SignalKind.LOOP)
    assert loop.wave == waves[1]
    assert loop.raised_on == timezone.localdate(waves[1].closed_at)


def test_a_signal_is_followed_to_the_commitment_made_for_its_score(ecosystem, waves):
    summarise(ecosystem_id=ecosystem.pk)
    signal = Signal.objects.filter(wave=waves[1], kind=SignalKind.FINDING, code__startswith="ADA").first()
    made = Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Learn", owner_name="Ana", facet=signal.code
    )
    (one,) = [one for one in signals_of(ecosystem) if one.row == signal]
    assert one.followed.days == {
        Stage.RAISED: signal.raised_on,
        Stage.COMMITTED: timezone.localdate(made.created_at),
    }
    assert one.stage is Stage.COMMITTED


def test_what_is_promised_from_a_finding_answers_it_whatever_score_it_should_move(ecosystem, waves):
    """A dimension fell; what is promised from there may aim at one of its facets."""
    summarise(ecosystem_id=ecosystem.pk)
    signals = Signal.objects.filter(wave=waves[1], kind=SignalKind.FINDING)
    Commitment.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        text="Learn",
        owner_name="Ana",
        facet="ADA-SPEED",
        source=CommitmentSource.SCORE,
        source_code="ADA",
    )
    answered = {one.row.code for one in signals_of(ecosystem) if one.row.wave == waves[1] and one.followed.answered}
    assert answered == {"ADA", "ADA-SPEED"} & set(signals.values_list("code", flat=True))
    assert "ADA" in answered


def test_nothing_is_done_twice_and_a_killed_worker_is_found_again(ecosystem, waves):
    mark = SummaryMark.objects.get(ecosystem=ecosystem)
    SummaryMark.objects.filter(pk=mark.pk).update(lease_until=timezone.now() + DAY)
    assert summarise(ecosystem_id=ecosystem.pk) is False
    assert sweep_stale_summaries() == 0
    SummaryMark.objects.filter(pk=mark.pk).update(lease_until=timezone.now() - DAY)
    assert sweep_stale_summaries() == 1
    assert summarise(ecosystem_id=ecosystem.pk) is False
    mark.refresh_from_db()
    assert (mark.done_version, mark.lease_until) == (mark.version, None)


def test_what_was_read_is_not_saved_once_a_wave_is_no_longer_closed(ecosystem, waves):
    def opened_meanwhile(graph):
        type(waves[1]).objects.filter(pk=waves[1].pk).update(state=WaveState.OPEN)
        return summaries_find(graph)

    summaries_find = summaries.find_loops
    with mock.patch.object(summaries, "find_loops", opened_meanwhile):
        assert summarise(ecosystem_id=ecosystem.pk) is False
    assert not FeedbackSummary.objects.exists()
    assert is_behind(ecosystem)


def test_a_wave_that_is_opened_again_takes_its_summary_and_signals_along(ecosystem, waves):
    summarise(ecosystem_id=ecosystem.pk)
    assert Signal.objects.filter(wave=waves[1]).exists()
    type(waves[1]).objects.filter(pk=waves[1].pk).update(state=WaveState.OPEN, closed_at=None)
    forget_scores(wave=waves[1])
    assert not FeedbackSummary.objects.filter(wave=waves[1]).exists()
    assert summarise(ecosystem_id=ecosystem.pk) is True
    assert not Signal.objects.filter(wave=waves[1]).exists()


def test_nothing_measured_and_nothing_drawn_is_no_failure(ecosystem):
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    assert summarise(ecosystem_id=ecosystem.pk) is True
    assert newest_summary(ecosystem) is None


def test_a_signal_is_declined_with_a_reason_and_taken_up_again(ecosystem, waves, admin):
    summarise(ecosystem_id=ecosystem.pk)
    signal = Signal.objects.filter(wave=waves[1]).earliest("pk")
    with pytest.raises(SignalProblem, match="Say in a few words"):
        decline_signal(signal=signal, why=" \0\u200b ", by=None)
    with pytest.raises(SignalProblem, match="300 characters"):
        decline_signal(signal=signal, why="x" * 301, by=None)
    decline_signal(signal=signal, why="No money this year", by=None)
    signal.refresh_from_db()
    assert (signal.declined_on, signal.declined_why) == (timezone.localdate(), "No money this year")
    assert is_behind(ecosystem)
    reopen_signal(signal=signal, by=None)
    signal.refresh_from_db()
    assert (signal.declined_on, signal.declined_why) == (None, "")
