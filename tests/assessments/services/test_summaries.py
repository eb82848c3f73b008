"""Summaries of feedback loops: computed once for what changed, from released numbers alone."""

from datetime import timedelta
from statistics import mean
from unittest import mock

import pytest
from django.utils import timezone

from assessments.dashboards.replies import said_and_done
from assessments.enums import CommitmentSource, CommitmentState, SignalKind, WaveState
from assessments.models import Commitment, FeedbackSummary, Score, Signal, SummaryMark
from assessments.scoring.commitment_effect import Reading
from assessments.scoring.feedback import Feedback
from assessments.scoring.learning_cycle import Stage
from assessments.scoring.loop_health import Trend
from assessments.selectors.commitments import effects_of
from assessments.selectors.signals import signals_of
from assessments.selectors.summaries import is_behind, newest_summary
from assessments.services import summaries
from assessments.services.maps import edits
from assessments.services.maps.versions import keep_if_changed
from assessments.services.replies import change_reply_page
from assessments.services.scores import forget_scores
from assessments.services.signals import SignalProblem, decline_signal, reopen_signal
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from assessments.tasks import sweep_stale_summaries
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def waves(ecosystem):
    """Two waves half a year apart; adaptability fell a lot."""
    assessment = make_assessment(ecosystem)
    first = make_scored_wave(assessment, day=NOW - 200 * DAY, title="Spring")
    second = make_scored_wave(assessment, day=NOW - 10 * DAY, title="Autumn", shift={"ADA": -18.0}, seed=4)
    return first, second


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


def test_a_commitment_done_between_the_waves_gets_its_effect(ecosystem, waves):
    done = Commitment.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        text="Meet every week",
        owner_name="Ana",
        facet="ADA",
        state=CommitmentState.DONE,
        closed_on=timezone.localdate(NOW - 100 * DAY),
    )
    late = Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Later", owner_name="Ana", facet="ADA"
    )
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    effects = effects_of(ecosystem).by_commitment
    assert effects[str(late.pk)].reading is Reading.TOO_EARLY
    effect = effects[str(done.pk)]
    assert effect.reading is Reading.NO_SIGN  # it fell, and was to rise
    assert effect.targeted < -10
    assert effect.n_untargeted == 4


def test_a_facet_stands_against_all_facets_that_nobody_aimed_at(ecosystem, waves):
    """Targeted and untargeted change, from the stored scores: each a difference of two waves."""

    def done(facet):
        return Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=facet,
            owner_name="Ana",
            facet=facet,
            state=CommitmentState.DONE,
            closed_on=timezone.localdate(NOW - 100 * DAY),
        )

    speed, flow = done("ADA-SPEED"), done("INN-FLOW")
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    told = effects_of(ecosystem).by_commitment
    before, after = (scores_of(wave) for wave in waves)
    change = {code: after[code] - before[code] for code in before}
    untargeted = [moved for code, moved in change.items() if code not in {"ADA-SPEED", "INN-FLOW"}]
    for one in (speed, flow):
        effect = told[str(one.pk)]
        assert effect.targeted == pytest.approx(change[one.facet], abs=0.02)
        assert effect.n_untargeted == len(untargeted)
        assert effect.untargeted == pytest.approx(mean(untargeted), abs=0.02)
        assert effect.difference.value == pytest.approx(change[one.facet] - mean(untargeted), abs=0.04)


def scores_of(wave):
    """Of the facets, by code."""
    rows = Score.objects.filter(wave=wave, level="facet", group_key="", value__isnull=False)
    return dict(rows.values_list("code", "value"))


def test_what_is_promised_later_changes_no_effect_that_was_told(ecosystem, waves):
    def promise(facet, *, made, **changes):
        found = Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=facet,
            owner_name="Ana",
            facet=facet,
            **changes,
        )
        Commitment.objects.filter(pk=found.pk).update(created_at=NOW - made * DAY)
        return str(found.pk)

    def told():
        mark_summaries_stale(ecosystem_id=ecosystem.pk)
        assert summarise(ecosystem_id=ecosystem.pk)
        return effects_of(ecosystem).by_commitment

    day = timezone.localdate(NOW)
    done = promise("ADA", made=150, state=CommitmentState.DONE, closed_on=day - 100 * DAY)
    before = told()[done]
    assert before.n_untargeted == 4
    later = promise("INN", made=2)
    dropped = promise("SUS", made=3, state=CommitmentState.DROPPED, closed_on=day - DAY, closing_note="No money")
    assert told()[done] == before
    assert told()[later].reading is Reading.TOO_EARLY
    stood = promise("ECO", made=120)
    given_up = promise("SAT", made=120, state=CommitmentState.DROPPED, closed_on=day - DAY, closing_note="No money")
    after = told()
    assert after[done].n_untargeted == 2
    assert after[done].targeted == before.targeted
    assert after.keys() == {done, later, stood}
    assert {dropped, given_up}.isdisjoint(after)


def test_an_effect_stays_told_when_later_waves_close_and_goes_with_its_own(ecosystem, waves):
    """The second wave tells of it; the third, which compares other answers, does not take that back."""
    first, second = waves
    done = Commitment.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        text="Meet every week",
        owner_name="Ana",
        facet="ADA",
        state=CommitmentState.DONE,
        closed_on=timezone.localdate(NOW - 100 * DAY),
    )
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    before = effects_of(ecosystem)
    assert set(before.waves) == {first, second}
    third = make_scored_wave(first.assessment, day=NOW - DAY, title="Winter", seed=5)
    summarise(ecosystem_id=ecosystem.pk)
    assert newest_summary(ecosystem).wave == third
    assert newest_summary(ecosystem).feedback.effects == ()
    after = effects_of(ecosystem)
    assert after == before
    page = change_reply_page(ecosystem=ecosystem, by=None, title="", intro="", is_on=True)
    Commitment.objects.update(is_public=True)
    assert said_and_done(page).waves == after.waves
    assert "no sign of an effect" in said_and_done(page).parts[0].answers[0].effect
    type(second).objects.filter(pk=second.pk).update(state=WaveState.OPEN, closed_at=None)
    assert str(done.pk) not in effects_of(ecosystem).by_commitment


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
