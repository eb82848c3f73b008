"""Themes: named from comments of closed waves, once each, and without a trace of who wrote what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import About, ActivityKind, SignalKind, WaveState
from assessments.models import Assessment, Comment, Commitment, Signal, SummaryMark, Wave
from assessments.models.activity_plans import TalkPlan
from assessments.scoring.learning_cycle import Stage
from assessments.selectors.signals import signals_of
from assessments.selectors.themes import themes_of
from assessments.services.signals import SignalProblem, note_talks
from assessments.services.themes import MOST_THEMES, name_theme, remove_theme
from ecosystems.models import AuditEvent
from tests.factories.assessments import make_assessment, make_open_wave
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
