"""Themes: named from comments of closed waves, once each, and without a trace of who wrote what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import About, ActivityKind, CommitmentSource, SignalKind, WaveState
from assessments.models import Assessment, Comment, Commitment, IdeaCluster, Signal, SummaryMark, Wave, Workshop
from assessments.models.activity_plans import TalkPlan
from assessments.scoring.learning_cycle import Stage
from assessments.selectors.signals import signals_of
from assessments.selectors.themes import themes_of
from assessments.services.commitment_changes import Origin, Told, make_commitment
from assessments.services.commitments import CommitmentProblem
from assessments.services.signals import SignalProblem, note_talks
from assessments.services.themes import MOST_THEMES, name_theme, remove_theme
from ecosystems.models import AuditEvent
from tests.factories.assessments import make_assessment, make_open_wave
from tests.factories.instruments import make_default_instrument
from tests.factories.results import add_comments
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db
ITEMS = ("INN-FLOW-1", "INN-FLOW-2")
FLOW = "INN-FLOW"


@pytest.fixture
def wave(ecosystem):
    """A closed wave with comments on two questions of one facet, and on one of another."""
    wave = make_open_wave(make_assessment(ecosystem))
    now = timezone.now()
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED, closed_at=now - timedelta(days=30))
    customers = wave.groups.get(key="customers")
    for item in (*ITEMS, "ECO-TRUST-1"):
        add_comments(customers, item, 4, text=item)
    return Wave.objects.get(pk=wave.pk)


def name(wave, title="Slow answers", comments=None, **changes):
    keys = Comment.objects.filter(item__in=ITEMS).values_list("key", flat=True) if comments is None else comments
    return name_theme(
        **{"wave": wave, "code": FLOW, "items": ITEMS, "name": title, "comments": keys, "by": None} | changes
    )


def test_a_theme_is_a_signal_of_its_score_from_the_day_it_is_named(wave, facilitator):
    theme = name(wave, "  Slow   answers ", by=facilitator)
    assert (theme.kind, theme.title, theme.about, theme.dimension) == (SignalKind.THEME, "Slow answers", FLOW, "INN")
    assert (theme.raised_on, theme.comments.count()) == (timezone.localdate(), 8)
    assert SummaryMark.objects.get().version == 1
    entry = AuditEvent.objects.latest("pk")
    assert (entry.action, entry.subject) == ("theme.named", "Slow answers")
    (one,) = signals_of(wave.assessment.ecosystem)
    assert one.followed.days == {Stage.RAISED: timezone.localdate()}


def test_the_same_name_takes_more_comments_each_once(wave):
    keys = list(Comment.objects.filter(item__in=ITEMS).values_list("key", flat=True))
    first = name(wave, comments=keys[:2])
    assert name(wave, "SLOW an\u202eswers", comments=keys[1:3]) == first
    assert name(wave, "\u0390" * 120, comments=keys[:1]).code == "INN-FLOW/" + "\u0390".casefold() * 120
    Signal.objects.exclude(pk=first.pk).delete()
    (theme,) = themes_of(wave, FLOW)
    assert theme.keys == frozenset(keys[:3])
    assert not themes_of(wave, "INN")
    Comment.objects.filter(key=keys[0]).delete()
    (theme,) = themes_of(wave, FLOW)
    assert theme.keys == frozenset(keys[1:3])
    Comment.objects.all().delete()
    assert [one.keys for one in themes_of(wave, FLOW)] == [frozenset()]


def test_comments_of_other_scores_are_left_out(wave):
    other = Comment.objects.filter(item="ECO-TRUST-1").values_list("key", flat=True)
    with pytest.raises(SignalProblem, match="Tick the comments"):
        name(wave, comments=other)
    assert not Signal.objects.exists()


@pytest.mark.parametrize(
    ("title", "words"),
    [(" ", "Give the theme a name"), ("\u200b\u2060", "Give the theme a name"), ("x" * 121, "Shorten the name to 120")],
)
def test_a_name_is_needed_and_short(wave, title, words):
    with pytest.raises(SignalProblem, match=words):
        name(wave, title)


def test_open_waves_and_those_about_a_leader_have_none(wave, leader):
    Assessment.objects.update(about=About.LEADER, leader=leader)
    with pytest.raises(SignalProblem, match="about the whole system"):
        name(Wave.objects.get())
    Assessment.objects.update(about=About.SYSTEM, leader=None)
    Wave.objects.update(state=WaveState.OPEN)
    with pytest.raises(SignalProblem, match="closed waves"):
        name(Wave.objects.get())


def test_a_score_has_room_for_thirty(wave):
    for number in range(MOST_THEMES):
        name(wave, f"Theme {number}")
    with pytest.raises(SignalProblem, match="30 themes here"):
        name(wave, "One more")
    assert name(wave, "Theme 3").title == "Theme 3"
    assert Signal.objects.count() == MOST_THEMES


def test_a_commitment_for_it_answers_it_and_keeps_it(wave):
    theme, ecosystem = name(wave), wave.assessment.ecosystem
    made = Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Answer in a day", owner_name="Ana", signal=theme
    )
    Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Other", owner_name="Ana", facet=FLOW
    )
    (one,) = signals_of(ecosystem)
    assert one.followed.answered is True
    with pytest.raises(SignalProblem, match="A commitment answers"):
        remove_theme(theme=theme, by=None)
    made.delete()
    (one,) = signals_of(ecosystem)
    assert one.followed.answered is False
    remove_theme(theme=theme, by=None)
    assert (Signal.objects.count(), Comment.objects.count()) == (0, 12)
    assert AuditEvent.objects.latest("pk").action == "theme.removed"


def test_other_signals_are_not_taken_away(wave):
    found = Signal.objects.create(
        ecosystem=wave.assessment.ecosystem, wave=wave, kind="finding", code="ADA", raised_on=timezone.localdate()
    )
    with pytest.raises(SignalProblem, match="Only themes"):
        remove_theme(theme=found, by=None)


def test_only_a_talk_held_since_then_is_one_about_it(wave):
    theme, today = name(wave), timezone.localdate()
    Signal.objects.update(raised_on=today - timedelta(days=5))
    for days, code in ((9, FLOW), (3, "INN"), (1, FLOW)):
        workshop = make_workshop(
            wave.assessment.ecosystem, state="ended", wave=wave, ended_at=timezone.now() - timedelta(days=days)
        )
        make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(code), started_at=timezone.now())
    note_talks(waves=[wave], parents={wave.pk: {FLOW: "INN"}})
    theme.refresh_from_db()
    assert theme.discussed_on == today - timedelta(days=3)


@pytest.fixture
def cluster(wave):
    """Ideas that a room sorted together eight days ago, in a workshop about nothing in particular."""
    ended = timezone.now() - timedelta(days=8)
    workshop = make_workshop(wave.assessment.ecosystem, state="ended", ended_at=ended)
    step = make_activity(workshop, kind=ActivityKind.IDEAS, title="What helps?")
    return IdeaCluster.objects.create(activity=step, title="Meet more often")


def promise(cluster, by, facet="", **changes):
    told = Told(text="Meet each month", owner_name="Ana", facet=facet)
    origin = Origin(CommitmentSource.THEME, cluster.title, cluster=cluster)
    ecosystem = cluster.activity.workshop.ecosystem
    return make_commitment(**{"ecosystem": ecosystem, "told": told, "by": by, "origin": origin} | changes)


def test_what_a_room_said_counts_in_the_learning_cycle_once_somebody_commits_to_it(wave, cluster, facilitator):
    make_default_instrument()
    made, again = promise(cluster, facilitator, "ADA-SPEED"), promise(cluster, facilitator)
    said, today = timezone.localdate() - timedelta(days=8), timezone.localdate()
    (one,) = signals_of(wave.assessment.ecosystem)
    assert {made.signal, again.signal} == {one.row}
    assert (one.row.wave, one.row.kind, one.row.title) == (wave, SignalKind.THEME, "Meet more often")
    assert (one.row.about, one.row.dimension, one.followed.answered) == ("", "ADA", True)
    assert one.followed.days == {Stage.RAISED: said, Stage.DISCUSSED: said, Stage.COMMITTED: today}


def test_a_later_talk_does_not_change_when_a_room_talked_of_what_it_said(wave, cluster, facilitator):
    signal = promise(cluster, facilitator).signal
    workshop = make_workshop(wave.assessment.ecosystem, state="ended", wave=wave)
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), started_at=timezone.now())
    note_talks(waves=[wave], parents={})
    signal.refresh_from_db()
    assert signal.discussed_on == timezone.localdate() - timedelta(days=8)


def test_it_belongs_to_the_wave_of_the_workshop_else_to_the_last_that_had_closed(wave, cluster, facilitator):
    later = make_open_wave(wave.assessment)
    Wave.objects.filter(pk=later.pk).update(state=WaveState.CLOSED, closed_at=timezone.now())
    assert promise(cluster, facilitator).signal.wave == wave
    Workshop.objects.update(wave=later)
    cluster.refresh_from_db()
    assert promise(cluster, facilitator).signal.wave == later


def test_without_a_closed_wave_and_in_a_rehearsal_nothing_is_raised(wave, cluster, facilitator):
    Wave.objects.update(state=WaveState.OPEN)
    made = promise(cluster, facilitator)
    assert (made.source, made.source_code, made.signal) == (CommitmentSource.THEME, "Meet more often", None)
    Wave.objects.update(state=WaveState.CLOSED)
    Workshop.objects.update(rehearsal_of=make_workshop(wave.assessment.ecosystem))
    cluster.refresh_from_db()
    assert promise(cluster, facilitator).signal is None


def test_a_commitment_that_cannot_be_made_raises_nothing(wave, cluster, facilitator):
    with pytest.raises(CommitmentProblem):
        promise(cluster, facilitator, "INVENTED")
    assert not Signal.objects.exists()
