"""What comes below the numbers of a results page that was open before: the loops, and what was promised."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import WaveState
from assessments.live import bus
from assessments.live.events import WaveSnapshot
from assessments.models import Assessment, Commitment, SummaryMark, Wave
from assessments.services.scores import OpenedAgain
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from assessments.views import results
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
FEW = {"customers": 6, "employees": 6, "leaders": 6}
DAY = timedelta(days=1)


def address(wave: Wave, query: str = "") -> str:
    return reverse("assessments:results", args=[wave.assessment.organization.slug, wave.pk]) + query


@pytest.fixture
def assessment(ecosystem: Ecosystem) -> Assessment:
    """Of an ecosystem whose map has a loop."""
    maker = MapMaker(ecosystem)
    learning, products = maker.factor("Learning", "ADA"), maker.factor("Products", "INN")
    maker.link(learning, products)
    maker.link(products, learning)
    return make_assessment(ecosystem)


@pytest.fixture
def browser(client_of: LogIn, viewer: User) -> Client:
    return client_of(viewer)


def promise(ecosystem: Ecosystem, text: str) -> Commitment:
    return Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text=text, owner_name="Lena"
    )


def part(browser: Client, wave: Wave, tag: str = "") -> Any:
    return browser.get(address(wave, "?part=live"), headers={"If-None-Match": tag} if tag else {})


def test_the_part_gets_the_loops_when_they_are_summed_up(
    assessment: Assessment, browser: Client, ecosystem: Ecosystem
) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    promise(ecosystem, "Answer within two days")
    first = part(browser, wave)
    assert (first.context["loops"], first.context["after"].done.is_behind) == (None, True)
    assert "data-behind" in first.content.decode()
    assert part(browser, wave, first["ETag"]).status_code == 304
    assert summarise(ecosystem_id=ecosystem.pk)
    then = part(browser, wave, first["ETag"])
    shown, done = then.content.decode(), SummaryMark.objects.get(ecosystem=ecosystem).done_version
    assert (then.status_code, then.context["after"].done.version) == (200, done)
    assert f'<div data-summed="{done}">' in shown
    assert "1 loop" in then.context["loops"].loops
    assert '<h2 class="as-h3" id="loops-brief">Feedback loops</h2>' in shown
    assert "Answer within two days" in shown
    assert "?part=live" not in shown
    assert part(browser, wave, then["ETag"]).status_code == 304


def test_the_part_changes_with_a_commitment_and_with_the_day(
    assessment: Assessment, browser: Client, ecosystem: Ecosystem
) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    summarise(ecosystem_id=ecosystem.pk)
    before = part(browser, wave)
    assert before.context["returning"] is None
    promised = promise(ecosystem, "Answer within two days")
    tags = [before["ETag"], part(browser, wave, before["ETag"])["ETag"]]
    promised.state, promised.closed_on = "done", timezone.localdate()
    promised.edition += 1
    promised.save()
    tags.append(part(browser, wave, tags[-1])["ETag"])
    told = browser.get(address(wave)).context["after"]
    assert replace(told, day=told.day + DAY).etag_key != told.etag_key
    assert len(set(tags)) == 3


def test_a_page_that_waits_for_the_loops_alone_listens_too(
    assessment: Assessment, browser: Client, ecosystem: Ecosystem
) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    assert "/stream/" in browser.get(address(wave)).context["stream"]
    summarise(ecosystem_id=ecosystem.pk)
    assert browser.get(address(wave)).context["stream"] == ""


def test_summing_up_tells_the_open_pages_of_each_wave(
    assessment: Assessment, ecosystem: Ecosystem, django_capture_on_commit_callbacks: Any
) -> None:
    waves = [make_scored_wave(assessment, answers=FEW, day=timezone.now() - days * DAY) for days in (90, 1)]
    make_scored_wave(assessment, answers=FEW, state=WaveState.OPEN)
    with mock.patch.object(bus, "publish") as publish, django_capture_on_commit_callbacks(execute=True):
        assert summarise(ecosystem_id=ecosystem.pk)
    done = SummaryMark.objects.get(ecosystem=ecosystem).done_version
    assert publish.call_args_list == [mock.call(*(WaveSnapshot(one.pk, 1, "closed", summed=done) for one in waves))]


def test_loops_of_a_wave_that_was_opened_again_meanwhile_are_not_shown(
    assessment: Assessment, browser: Client, ecosystem: Ecosystem
) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    summarise(ecosystem_id=ecosystem.pk)
    Wave.objects.update(results_shown=True)
    with mock.patch.object(results, "mark_results_shown", side_effect=OpenedAgain):
        answer = browser.get(address(wave))
    assert (answer.status_code, answer["Location"]) == (302, address(wave))


def test_an_open_wave_and_a_leaders_own_tell_nothing_below(
    assessment: Assessment, ecosystem: Ecosystem, browser: Client, client_of: LogIn, leader: User
) -> None:
    promise(ecosystem, "Answer within two days")
    wave = make_scored_wave(assessment, answers=FEW, state=WaveState.OPEN)
    own = make_scored_wave(make_assessment(ecosystem, leader=leader), answers={"self": 1, "others": 8})
    for page in (part(browser, wave), part(client_of(leader), own)):
        assert page.content.decode().split('<div data-summed="0">')[1].split() == ["</div>"]


@pytest.mark.parametrize("more", [0, 3])
def test_the_parts_queries_are_fixed(
    assessment: Assessment,
    browser: Client,
    ecosystem: Ecosystem,
    more: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(1 + more):
        wave = make_scored_wave(assessment, answers=FEW, day=timezone.now() - (9 - number) * DAY)
        promise(ecosystem, f"Promised {number}")
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    tag = part(browser, wave)["ETag"]
    for known, status in (("", 200), (tag, 304)):
        with django_assert_num_queries(10):
            assert part(browser, wave, known).status_code == status
