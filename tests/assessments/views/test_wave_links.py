"""Choosing links of the map for a wave, and answering about them with plain forms."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Draft, Response, Wave
from assessments.selectors.asked_links import effect_code, late_code
from assessments.selectors.fill_in import answers_of, questionnaire_of
from assessments.selectors.summaries import is_behind
from assessments.services.maps import edits
from assessments.services.maps.loop_names import name_loop
from assessments.services.rescore import rescore
from assessments.services.summaries import summarise
from assessments.services.wave_links import choose_links
from assessments.services.waves import open_wave
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment, make_closed_wave, make_open_wave, make_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of
from tests.factories.link_votes import ask_about, cast, say
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def page(client_of: LogIn, facilitator: User) -> Client:
    return client_of(facilitator)


@pytest.fixture
def maker(ecosystem: Ecosystem) -> MapMaker:
    return MapMaker(ecosystem)


@pytest.fixture
def factors(maker: MapMaker) -> tuple[int, int, int]:
    """Quality, Speed and Trust, in a ring."""
    quality, speed, trust = (maker.factor(name) for name in ("Quality", "Speed", "Trust"))
    for source, target in ((quality, speed), (speed, trust), (trust, quality)):
        maker.link(source, target)
    return quality, speed, trust


def url(name: str, wave: Wave) -> str:
    return reverse(f"assessments:{name}", args=[wave.assessment.organization.slug, wave.pk])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_links_of_which_an_answer_would_tell_most_are_suggested_first(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, factors: tuple[int, int, int], facilitator: User
) -> None:
    quality, speed, trust = factors
    name_loop(ecosystem=ecosystem, members=f"{quality}>{speed}>{trust}", by=facilitator, name="The engine", note="")
    maker.link(quality, trust)
    maker.link(trust, quality, sign=-1)
    cast(ecosystem, speed, quality, [3] * 6)
    cast(ecosystem, quality, speed, [3] * 6)
    form = page.get(url("wave-map-links", make_wave(ecosystem))).context["form"]
    whys = [form.by_key[key].why for key, _name in form.fields["suggested"].choices]
    assert [(name, why) for (_key, name), why in zip(form.fields["suggested"].choices, whys, strict=True)] == [
        ("Trust → Quality", "opinions are split"),
        ("Speed → Trust", "part of “The engine”, and not voted on yet"),
        ("Quality → Trust", "not voted on yet"),
        ("Quality → Speed", "part of “The engine”"),
    ]
    assert [name for _key, name in form.fields["others"].choices] == ["Speed → Quality"]


def test_chosen_links_are_kept_and_can_be_changed_until_the_wave_opens(
    page: Client, ecosystem: Ecosystem, factors: tuple[int, int, int]
) -> None:
    quality, speed, trust = factors
    wave = make_wave(ecosystem, people=1)
    assert "Ask about links of the causal map" in text_of(page.get(url("wave", wave)))
    chosen = {"suggested": [f"{quality}-{speed}", f"{speed}-{trust}"]}
    assert page.post(url("wave-map-links", wave), chosen)["Location"] == url("wave", wave)
    wave.refresh_from_db()
    assert [str(link) for link in wave.asked_links] == ["Quality → Speed", "Speed → Trust"]
    assert "2 links, asked of everybody" in text_of(page.get(url("wave", wave)))
    assert page.get(url("wave-map-links", wave)).context["form"].initial["suggested"] == chosen["suggested"]
    page.post(url("wave-map-links", wave), {})
    wave.refresh_from_db()
    assert wave.asked_links == ()
    page.post(url("wave-map-links", wave), chosen)
    assert "2 links, asked of everybody" in text_of(page.get(url("wave-open", wave)))
    open_wave(wave=wave, by=None)
    told = text_of(page.get(url("wave-map-links", wave)))
    assert ("Fixed since the wave opened" in told, "<li>Quality → Speed</li>" in told) == (True, True)
    late = page.post(url("wave-map-links", wave), {})
    assert (late.status_code, "is fixed when a wave opens" in text_of(late)) == (200, True)


def test_too_many_links_are_refused_and_stay_ticked(page: Client, ecosystem: Ecosystem, maker: MapMaker) -> None:
    keys = maker.many(14)
    wave = make_wave(ecosystem)
    pairs = [f"{one}-{other}" for one, other in zip(keys, [*keys[1:], keys[0]], strict=True)]
    chosen = {"suggested": pairs[:12], "others": pairs[12:]}
    response = page.post(url("wave-map-links", wave), chosen)
    told = text_of(response)
    assert "You chose 14 links. A wave asks about up to 12: take 2 away." in told
    assert told.count(" checked") == 14
    assert Wave.objects.get(pk=wave.pk).map_links == []


def test_a_link_that_went_meanwhile_is_said_and_nothing_else_is_lost(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, factors: tuple[int, int, int]
) -> None:
    quality, speed, trust = factors
    wave = make_wave(ecosystem, people=1)
    choose_links(wave=wave, pairs=[(quality, speed), (speed, trust)], by=None)
    maker.do(edits.remove_factor, factor=trust)
    assert "one of the two is not on the causal map any more" in text_of(page.get(url("wave", wave)))
    told = text_of(page.get(url("wave-map-links", wave)))
    assert "“Speed → Trust” was chosen, but one of the two is not on the map any more" in told
    response = page.post(url("wave-map-links", wave), {"suggested": [f"{quality}-{speed}", f"{speed}-{trust}"]})
    assert "This link is not on the map any more" in text_of(response)
    page.post(url("wave-map-links", wave), {"suggested": [f"{quality}-{speed}"]})
    assert [str(link) for link in Wave.objects.get(pk=wave.pk).asked_links] == ["Quality → Speed"]


def test_a_closed_wave_says_that_its_votes_are_being_counted_until_they_are(
    page: Client, ecosystem: Ecosystem, factors: tuple[int, int, int]
) -> None:
    counting = "The wave is closed and its votes are being counted. Load this page again in a moment."
    wave = ask_about(ecosystem, factors[:2])
    say(wave, *[(2,)] * 5)
    assert counting not in text_of(page.get(url("wave-map-links", wave)))
    closed = page.post(url("wave-close", wave), follow=True)
    assert "Its votes on links are being counted and its scores computed." in text_of(closed)
    assert counting in text_of(page.get(url("wave-map-links", wave)))
    assert is_behind(ecosystem)
    assert rescore(wave_id=wave.pk)
    assert counting not in text_of(page.get(url("wave-map-links", wave)))
    assert summarise(ecosystem_id=ecosystem.pk)
    assert not is_behind(ecosystem)


def test_without_links_there_is_nothing_to_choose_and_a_360_has_no_such_page(
    page: Client, ecosystem: Ecosystem, leader: User
) -> None:
    assert "The map has no links yet" in text_of(page.get(url("wave-map-links", make_wave(ecosystem))))
    wave = make_wave(make_assessment(ecosystem, leader=leader))
    assert page.get(url("wave-map-links", wave)).status_code == 404
    assert "causal map" not in text_of(page.get(url("wave", wave)))
    assert "causal map" not in text_of(page.get(url("wave", make_closed_wave(ecosystem))))


# -- filling in without the script ----------------------------------------------------------------------


@pytest.fixture
def wave(ecosystem: Ecosystem, factors: tuple[int, int, int]) -> Wave:
    quality, speed, trust = factors
    wave = make_wave(ecosystem, people=1)
    choose_links(wave=wave, pairs=[(quality, speed), (speed, trust)], by=None)
    return open_wave(wave=wave, by=None)


@pytest.fixture
def draft(wave: Wave) -> Draft:
    return make_draft(wave)


def address(draft: Draft, name: str = "", **more: Any) -> str:
    return reverse(f"assessments:fill-in{name}", kwargs={"token": token_of(draft), **more})


def last_of(draft: Draft) -> str:
    return address(draft, "-section", section=len(questionnaire_of(draft.group).sections))


def test_people_are_told_before_they_answer_how_votes_on_links_are_used(
    client: Client, draft: Draft, ecosystem: Ecosystem
) -> None:
    told = "counted on the causal map of"
    assert told in text_of(client.get(address(draft)))
    assert "at least 5 people have answered" in text_of(client.get(address(draft)))
    assert told not in text_of(client.get(address(make_draft(make_open_wave(ecosystem)))))


def test_a_plain_form_saves_effect_and_delay_and_asks_once_for_what_is_missing(client: Client, draft: Draft) -> None:
    shown = text_of(client.get(last_of(draft)))
    assert "Does more of “Quality” raise or lower “Speed”?" in shown
    assert f'name="a-{effect_code(0)}" value="-3"' in shown
    assert "<textarea" not in shown
    first = {f"a-{effect_code(0)}": "-2", f"a-{late_code(0)}": "1", "go": "next"}
    missing = client.post(last_of(draft), first)
    assert (missing.status_code, "One question has no answer" in text_of(missing)) == (422, True)
    again = {**first, f"seen-{effect_code(0)}": "-2", f"seen-{late_code(0)}": "1", "asked": "1"}
    assert client.post(last_of(draft), again)["Location"] == address(draft, "-review")
    saved = {item: one.value for item, one in answers_of(draft).items()}
    assert saved == {effect_code(0): -2, late_code(0): 1}
    wrong = client.post(last_of(draft), {f"a-{late_code(1)}": "7", "asked": "1"})
    assert (wrong.status_code, "7 is not an answer to this question" in text_of(wrong)) == (422, True)


def test_the_review_counts_links_and_sending_makes_them_part_of_the_response(client: Client, draft: Draft) -> None:
    codes = codes_of(draft)
    give(draft, dict.fromkeys(codes[:-1], 3))
    review = text_of(client.get(address(draft, "-review")))
    assert f"You have answered {len(codes) - 1} of {len(codes)} questions" in review
    assert f'href="{last_of(draft)}#q-{effect_code(1)}"' in review
    assert client.post(address(draft, "-review"))["Location"] == address(draft, "-thanks")
    assert Response.objects.get().link_values == [3, None, None, None]


def test_a_trial_shows_links_too(page: Client, ecosystem: Ecosystem, factors: tuple[int, int, int]) -> None:
    quality, speed, _trust = factors
    wave = choose_links(wave=make_wave(ecosystem), pairs=[(quality, speed)], by=None)
    group = wave.groups.get(key="customers")
    where = [wave.assessment.organization.slug, wave.pk, group.key]
    number = len(questionnaire_of(group).sections)
    trial = reverse("assessments:try-section", args=[*where, number])
    assert "Does more of “Quality” raise or lower “Speed”?" in text_of(page.get(trial))
    assert page.post(trial, {"asked": "1"})["Location"] == reverse("assessments:try-review", args=where)


@pytest.mark.parametrize("links", [1, 12])
def test_pages_ask_the_database_as_often_for_one_link_as_for_many(
    page: Client, client: Client, ecosystem: Ecosystem, maker: MapMaker, links: int, django_assert_num_queries: Any
) -> None:
    keys = maker.many(13)
    wave = make_wave(ecosystem, people=1)
    pairs = list(pairwise(keys))[:links]
    wave = choose_links(wave=wave, pairs=pairs, by=None)
    page.get(url("wave-map-links", wave))
    with django_assert_num_queries(11):
        page.get(url("wave-map-links", wave))
    draft = make_draft(open_wave(wave=wave, by=None))
    client.get(last_of(draft))
    with django_assert_num_queries(2):
        client.get(last_of(draft))


# -- where votes come from ------------------------------------------------------------------------------


def test_the_list_of_links_says_where_votes_were_given_and_by_how_many(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, factors: tuple[int, int, int]
) -> None:
    quality, speed, trust = factors
    wave = choose_links(wave=make_wave(ecosystem, title="Autumn wave"), pairs=[(quality, speed)], by=None)
    cast(ecosystem, quality, speed, [3] * 23, origin=f"wave:{wave.pk}")
    cast(ecosystem, quality, speed, [3] * 9, origin="workshop:none-such")
    cast(ecosystem, quality, speed, [3] * 4, origin="wave:0")
    cast(ecosystem, speed, trust, [3] * 4, origin=f"wave:{wave.pk}")
    address = reverse("assessments:loops-links", args=[ecosystem.organization.slug, ecosystem.slug])
    shown = client_of(viewer).get(address)
    assert {row.source: row.origins for row in shown.context["rows"]} == {
        "Quality": ("Autumn wave: 23 people", "A workshop: 9 people"),
        "Speed": (),
        "Trust": (),
    }
    assert "Autumn wave: 23 people" in text_of(shown)


def test_closing_says_what_becomes_of_the_votes_and_why_the_wave_then_stays_closed(
    page: Client, wave: Wave, ecosystem: Ecosystem
) -> None:
    assert "counts on the causal map at once" in text_of(page.get(url("wave-close", wave)))
    for _person in range(5):
        draft = make_draft(wave)
        give(draft, {effect_code(0): 2})
        assert page.post(address(draft, "-review"))["Location"] == address(draft, "-thanks")
    page.post(url("wave-close", wave))
    assert rescore(wave_id=wave.pk)
    assert "Its votes on links stand on the causal map" in text_of(page.get(url("wave", wave)))
    links = reverse("assessments:loops-links", args=[ecosystem.organization.slug, ecosystem.slug])
    shown = {(row.source, row.target): row.origins for row in page.get(links).context["rows"]}
    assert shown[("Quality", "Speed")] == (f"{Wave.objects.get(pk=wave.pk).title}: 5 people",)
    compare = reverse("assessments:map-compare", args=[ecosystem.organization.slug, ecosystem.slug])
    holders = {one.key: one.links for one in page.get(compare).context["comparison"].holders}
    assert holders == {"drawn": 3, "customers": 1}
