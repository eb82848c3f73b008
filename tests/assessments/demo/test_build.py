"""The demo tells its story through the services, the same one every time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from assessments.demo import build, commitments, link_votes, loops, story, themes, wave_links, workshop
from assessments.enums import CommitmentState, SignalKind, WaveState, WorkshopState
from assessments.models import Commitment, Response, Round, Signal, Wave, Workshop
from assessments.scoring.commitment_effect import Reading
from assessments.scoring.loop_health import Trend
from assessments.scoring.results import WaveResults
from assessments.selectors.map_facets import map_facets
from assessments.selectors.summaries import newest_in
from ecosystems.models import Factor, LinkVote, Organization, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Organization]:
    """Built once, in a transaction around those of the tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        organization = build.build(now=NOW)
        build.score(organization)
        yield organization
        transaction.set_rollback(True)


def results_of(wave: Wave) -> WaveResults:
    return WaveResults.from_json(wave.result.results)


def test_it_tells_the_story_and_leaves_something_to_answer(demo: Organization) -> None:
    waves = Wave.objects.filter(assessment__name="Network assessment").order_by("number")
    assert [wave.title for wave in waves] == ["Autumn 2025", "Spring 2026", "Autumn 2026"]
    assert [wave.state for wave in waves] == [WaveState.CLOSED] * story.WAVES
    last = results_of(waves[2])
    assert last.n == sum(answered[2] for answered in story.ANSWERED.values())
    assert last.index.value is not None
    assert 45 < last.index.value < 70
    adaptability = last.score("ADA")
    assert adaptability.overall.value == min(score.overall.value or 0 for score in last.dimensions)
    assert adaptability.weakest is not None
    assert adaptability.weakest.group == "communities"
    assert adaptability.gap is not None
    assert adaptability.gap.difference.clear
    assert last.score("INN").groups["communities"].withheld
    first = results_of(waves[0])
    assert (last.score("INN").overall.value or 0) > (first.score("INN").overall.value or 0)
    assert (last.score("ADA-SPEED").overall.value or 0) < (first.score("ADA-SPEED").overall.value or 0)

    pulse = Wave.objects.get(assessment__name="Monthly pulse")
    assert pulse.state == WaveState.OPEN
    assert results_of(pulse).live
    waiting = pulse.groups.get(key="leaders").invitations.get(user__email="marta.lindqvist@example.org")
    assert waiting.status == "invited"


def test_one_loop_weakens_for_two_waves_another_strengthens_and_effects_differ(demo: Organization) -> None:
    newest = newest_in(demo)
    assert newest is not None
    trends = {loop.name: (loop.health.trend, loop.health.held) for loop in newest.feedback.loops}
    assert {name: trends[name] for _members, name, _note in loops.NAMES} == {
        "Trust pays back": (Trend.STRENGTHENING, 2),
        "Stretched coordinators": (Trend.HOLDING, 2),
        "Answered in time": (Trend.WEAKENING, 2),
        "New crops, new margins": (Trend.HOLDING, 2),
    }
    readings = {effect.commitment: effect.reading for effect in newest.feedback.effects}
    done = Commitment.objects.filter(state=CommitmentState.DONE)
    assert {one.text: readings[str(one.key)] for one in done} == {
        commitments.FORECAST: Reading.CONSISTENT,
        commitments.SEED_FUND: Reading.NO_SIGN,
        commitments.MESSAGE: Reading.TOO_EARLY,
    }


def test_what_was_heard_led_to_something_that_was_measured_again(demo: Organization) -> None:
    newest = newest_in(demo)
    assert newest is not None
    cycle = newest.feedback.cycle
    assert cycle.raised > cycle.answered
    assert min(step.reached for step in cycle.steps) > 0


def test_a_theme_of_the_comments_waits_for_an_answer(demo: Organization) -> None:
    theme = Signal.objects.get(kind=SignalKind.THEME)
    assert (theme.title, theme.about, theme.dimension) == (themes.NAME, "ADA", "ADA")
    assert set(theme.comments.values_list("text", flat=True)) == set(themes.SAY_IT)
    assert not theme.commitments.exists()


def test_two_workshops_were_held_and_one_is_to_come(demo: Organization) -> None:
    held, coming, before = Workshop.objects.order_by("pk")
    assert (before.title, before.state) == ("Spring 2026 debrief", WorkshopState.ENDED)
    assert (held.state, held.is_sealed) == (WorkshopState.ENDED, True)
    assert held.wave == Wave.objects.filter(assessment__name="Network assessment").latest("number")
    assert [(step.kind, step.rounds.count()) for step in held.activities.all()] == [
        ("talk", 0),
        ("rate", 2),
        ("ideas", 1),
        ("dots", 1),
        ("links", 1),
        ("commit", 1),
    ]
    assert not Round.objects.filter(activity__workshop=held).exclude(state__in=["revealed", "discussed"]).exists()
    assert held.commitments.filter(state="open").count() == len(workshop.COMMITMENTS)
    votes = LinkVote.objects.filter(ecosystem=held.ecosystem)
    assert votes.filter(origin=f"workshop:{held.pk}").count() == workshop.SEATS * len(workshop.LINKS)
    assert votes.filter(origin=link_votes.ORIGIN).count() == 31 * len(loops.LINKS)
    of_wave = votes.filter(origin=f"wave:{held.wave.pk}")
    assert set(of_wave.values_list("source__name", "target__name").distinct()) == set(wave_links.ASKED)
    assert votes.count() == workshop.SEATS * len(workshop.LINKS) + 31 * len(loops.LINKS) + of_wave.count()
    assert set(Factor.objects.values_list("name", flat=True)) == set(loops.FACTORS)
    tied = Factor.objects.exclude(indicator="").values_list("name", "indicator")
    assert dict(tied) == loops.MEASURED_BY
    assert {map_facets(held.ecosystem).score_of("", code) for code in loops.MEASURED_BY.values()} == {60}
    assert (coming.state, sum(step.minutes for step in coming.activities.all())) == (WorkshopState.DRAFT, 90)


def test_the_same_seed_gives_the_same_answers_and_the_command_makes_it_once(
    demo: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    def everything() -> list[object]:
        rows = Response.objects.values_list(
            "wave__assessment__name", "wave__number", "group__key", "values", "link_values"
        )
        return sorted(map(str, rows))

    before = everything()
    build.remove()
    assert not Response.objects.exists()
    assert not User.objects.exists()
    build.build(now=NOW)
    assert everything() == before

    call_command("demo")
    assert "already" in capsys.readouterr().out
    assert Organization.objects.filter(is_demo=True).count() == 1


def test_check_says_that_there_is_none() -> None:
    build.remove()  # the one that the other tests here share
    with pytest.raises(CommandError, match="There is no demo"):
        call_command("demo", check=True)
