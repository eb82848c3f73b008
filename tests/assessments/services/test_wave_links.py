"""Links of the causal map that a wave asks about: chosen, asked, sealed, on the map once the wave is closed."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from assessments.enums import CANT_SAY, Anonymity
from assessments.models import Draft, DraftAnswer, Response, SummaryMark, Wave
from assessments.selectors.asked_links import effect_code, late_code
from assessments.selectors.fill_in import find_target, questionnaire_of
from assessments.services.drafts import Given, Saved, save_answers
from assessments.services.maps import edits
from assessments.services.responses import NothingAnswered, submit_draft
from assessments.services.wave_link_votes import give_votes, origin_of
from assessments.services.wave_links import LinkNotThere, LinksFixed, TooManyLinks, choose_links
from assessments.services.wave_maps import count_votes
from assessments.services.waves import (
    NotReady,
    WaveProblem,
    close_wave,
    delete_wave,
    open_wave,
    reopen_wave,
    today,
    why_not_reopen,
)
from ecosystems.models import Ecosystem, Factor, LinkVote, MapEdit, User
from ecosystems.selectors.causal_maps import MapLink, map_of
from tests.factories.assessments import invite, make_assessment, make_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(ecosystem: Ecosystem) -> MapMaker:
    return MapMaker(ecosystem)


@pytest.fixture
def factors(maker: MapMaker) -> tuple[int, int, int]:
    return maker.factor("Trust"), maker.factor("Speed"), maker.factor("Quality")


@pytest.fixture
def wave(ecosystem: Ecosystem, factors: tuple[int, int, int]) -> Wave:
    """In preparation, with two links: trust → speed, speed → quality."""
    trust, speed, quality = factors
    wave = make_wave(ecosystem, people=1)
    return choose_links(wave=wave, pairs=[(trust, speed), (speed, quality)], by=None)


@pytest.fixture
def open_one(wave: Wave) -> Wave:
    return open_wave(wave=wave, by=None)


def vote(wave: Wave, *effects: int | None, late: int | None = None, group: str = "customers") -> None:
    """A new person answers one question, says this of each link, and submits."""
    draft = make_draft(wave, group=group)
    said = {effect_code(place): effect for place, effect in enumerate(effects)}
    give(draft, {codes_of(draft)[0]: 3, **said, late_code(0): late})
    submit_draft(draft=draft)


def close(wave: Wave) -> Wave:
    """Closed, and its votes counted as a worker does it."""
    closed = close_wave(wave=wave, by=None)
    count_votes(wave_id=wave.pk)
    return closed


def votes(wave: Wave) -> list[tuple[str, str, int, int | None, str]]:
    found = LinkVote.objects.filter(origin=origin_of(wave))
    return sorted(found.values_list("source__name", "target__name", "effect", "delay", "group"), key=str)


def link(ecosystem: Ecosystem, source: int, target: int) -> MapLink:
    return next(one for one in map_of(ecosystem).links if one.pair == (str(source), str(target)))


def voters(ecosystem: Ecosystem, source: int, target: int) -> int:
    opinion = link(ecosystem, source, target).opinion
    assert opinion is not None
    return opinion.n


# -- choosing -------------------------------------------------------------------------------------------


def test_links_are_chosen_while_the_wave_is_prepared_and_fixed_when_it_opens(
    wave: Wave, factors: tuple[int, int, int], maker: MapMaker
) -> None:
    trust, _speed, quality = factors
    assert [str(one) for one in wave.asked_links] == ["Trust → Speed", "Speed → Quality"]
    wave = choose_links(wave=wave, pairs=[(trust, quality), (trust, quality)], by=None)
    assert [str(one) for one in wave.asked_links] == ["Trust → Quality"]
    maker.do(edits.change_factor, factor=trust, name="Trust in each other", facet="", indicator="")
    opened = open_wave(wave=wave, by=None)
    maker.do(edits.change_factor, factor=trust, name="Confidence", facet="", indicator="")
    opened.refresh_from_db()
    assert [str(one) for one in opened.asked_links] == ["Trust in each other → Quality"]
    with pytest.raises(LinksFixed):
        choose_links(wave=opened, pairs=[], by=None)


def test_what_cannot_be_asked_is_refused_and_the_choice_stays(
    wave: Wave, factors: tuple[int, int, int], maker: MapMaker, leader: User, ecosystem: Ecosystem
) -> None:
    trust, speed, _quality = factors
    many = maker.many(14)
    elsewhere = Factor.objects.create(ecosystem=make_other(ecosystem), name="Elsewhere").pk
    for pairs, problem in (
        (list(pairwise(many)), TooManyLinks),
        ([(trust, trust)], LinkNotThere),
        ([(trust, elsewhere)], LinkNotThere),
        ([(trust, 10**9)], LinkNotThere),
    ):
        with pytest.raises(problem):
            choose_links(wave=wave, pairs=pairs, by=None)
    wave.refresh_from_db()
    assert len(wave.asked_links) == 2
    of_leader = make_wave(make_assessment(ecosystem, leader=leader))
    with pytest.raises(WaveProblem, match="360"):
        choose_links(wave=of_leader, pairs=[(trust, speed)], by=None)


def make_other(ecosystem: Ecosystem) -> Ecosystem:
    return Ecosystem.objects.create(organization=ecosystem.organization, name="Another", slug="another")


def test_a_wave_does_not_open_while_a_factor_it_asks_about_is_off_the_map(
    wave: Wave, factors: tuple[int, int, int], maker: MapMaker
) -> None:
    trust = factors[0]
    maker.do(edits.remove_factor, factor=trust)
    with pytest.raises(NotReady, match="“Trust → Speed” is asked about, but one of the two is not on the causal map"):
        open_wave(wave=wave, by=None)
    maker.factor("Trust")
    assert open_wave(wave=wave, by=None).asked_links[0].source == trust


# -- asking ---------------------------------------------------------------------------------------------


def test_links_end_the_questionnaire_and_are_counted(open_one: Wave, ecosystem: Ecosystem) -> None:
    asked = questionnaire_of(open_one.groups.get(key="customers"))
    without = questionnaire_of(make_wave(ecosystem).groups.get(key="customers"))
    section = asked.sections[-1]
    assert asked.sections[:-1] == without.sections
    assert (section.title, section.asks_about_links) == ("How things influence each other", True)
    assert [question.number for question in section.questions] == [
        len(without.questions) + 1,
        len(without.questions) + 2,
    ]
    question = section.questions[0]
    assert question.text == "Does more of “Trust” raise or lower “Speed”?"
    assert [(level.value, level.label) for level in question.levels] == [
        (-3, "Lowers it strongly"),
        (-2, "Lowers it clearly"),
        (-1, "Lowers it a little"),
        (0, "Has no effect"),
        (1, "Raises it a little"),
        (2, "Raises it clearly"),
        (3, "Raises it strongly"),
    ]
    assert question.cant_say == "Can’t say"
    assert question.late is not None
    assert [level.label for level in question.late.levels] == ["At once", "Within months", "After a year or more"]
    assert len(asked.questions) == len(without.questions) + 2


@pytest.mark.parametrize(
    ("item", "given", "refused"),
    [
        (effect_code(0), {"value": 3}, False),
        (effect_code(0), {"value": CANT_SAY}, False),
        (effect_code(1), {"value": 0}, False),
        (effect_code(0), {"value": 4}, True),
        (effect_code(2), {"value": 1}, True),
        (late_code(0), {"value": 2}, False),
        (late_code(0), {"value": 3}, True),
        (late_code(0), {"value": CANT_SAY}, True),
        (effect_code(0), {"has_value": False, "comment": "Words"}, True),
        (late_code(0), {"has_value": False, "comment": "Words"}, True),
    ],
)
def test_what_is_taken_of_a_link(open_one: Wave, item: str, given: dict[str, Any], refused: bool) -> None:
    draft = make_draft(open_one)
    saved: Saved = save_answers(target=find_target(token_of(draft)), answers=[Given(item=item, revision=1, **given)])
    assert (saved.changed, len(saved.refused)) == ((0, 1) if refused else (1, 0))


def test_a_wave_that_asks_about_no_link_takes_none(ecosystem: Ecosystem) -> None:
    wave = open_wave(wave=make_wave(ecosystem, people=1), by=None)
    draft = make_draft(wave)
    given = Given(item=effect_code(0), revision=1, value=1)
    assert len(save_answers(target=find_target(token_of(draft)), answers=[given]).refused) == 1
    give(draft, {codes_of(draft)[0]: 3})
    submit_draft(draft=draft)
    assert Response.objects.get().link_values is None


# -- sealing --------------------------------------------------------------------------------------------


def test_what_was_said_of_links_is_in_the_response_and_nowhere_else(open_one: Wave) -> None:
    draft = make_draft(open_one)
    with pytest.raises(NothingAnswered):
        submit_draft(draft=draft)
    give(draft, {effect_code(0): 0, late_code(0): 2, effect_code(1): -3, late_code(1): 1})
    submit_draft(draft=draft)
    assert not DraftAnswer.objects.filter(draft=draft).exists()
    assert (Response.objects.get().link_values, LinkVote.objects.count()) == ([0, None, -3, 1], 0)


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.NAMED])
def test_votes_are_on_the_map_when_the_wave_is_closed_and_not_before(
    wave: Wave, factors: tuple[int, int, int], ecosystem: Ecosystem, anonymity: Anonymity
) -> None:
    Wave.objects.filter(pk=wave.pk).update(anonymity=anonymity)
    trust, speed, quality = factors
    wave = open_wave(wave=wave, by=None)
    for effect in (3, 3, 2, 2, -1):
        vote(wave, effect, None, late=1)
    vote(wave, CANT_SAY, 2)
    vote(wave, None, None)
    assert not LinkVote.objects.exists()
    assert [one for one in map_of(ecosystem).links if one.voted] == []
    edits_before, mark = MapEdit.objects.count(), SummaryMark.objects.get(ecosystem=ecosystem).version
    close(wave)
    assert [row[2] for row in votes(wave)] == [2, -1, 2, 2, 3, 3]
    opinion = link(ecosystem, trust, speed).opinion
    assert opinion is not None
    assert (opinion.n, opinion.counts, opinion.delay) == (5, (0, 0, 1, 0, 0, 2, 2), 1.0)
    assert link(ecosystem, speed, quality).withheld
    assert MapEdit.objects.count() == edits_before + 1
    assert SummaryMark.objects.get(ecosystem=ecosystem).version > mark
    keys = set(Response.objects.values_list("key", flat=True)) | set(Draft.objects.values_list("key", flat=True))
    assert keys.isdisjoint(LinkVote.objects.values_list("voice", flat=True))
    assert len(set(LinkVote.objects.values_list("voice", flat=True))) == 6
    assert give_votes(wave=Wave.objects.get(pk=wave.pk))
    assert len(votes(wave)) == 6


def test_a_group_is_named_where_enough_of_it_voted_and_the_rest_are_enough(
    open_one: Wave, factors: tuple[int, int, int], ecosystem: Ecosystem
) -> None:
    trust, speed, _quality = factors
    for group, count in (("customers", 5), ("employees", 5), ("partners", 1)):
        for _person in range(count):
            vote(open_one, 1, 1, group=group)
    close(open_one)
    shown = {group for group, opinion in link(ecosystem, trust, speed).groups.items() if opinion is not None}
    assert (voters(ecosystem, trust, speed), len(shown)) == (11, 1)


def test_leaders_vote_without_a_group(open_one: Wave) -> None:
    vote(open_one, 2, None, group="leaders")
    close(open_one)
    assert [(effect, group) for *_names, effect, _late, group in votes(open_one)] == [(2, "")]


def test_votes_of_two_origins_do_not_add_up_to_one_that_may_be_shown(
    open_one: Wave, factors: tuple[int, int, int], ecosystem: Ecosystem
) -> None:
    from tests.factories.link_votes import cast

    trust, speed, _quality = factors
    cast(ecosystem, trust, speed, [1] * 6)
    for _person in range(4):
        vote(open_one, -3, None)
    before = link(ecosystem, trust, speed).opinion
    close(open_one)
    assert link(ecosystem, trust, speed).opinion == before


# -- factors that go ------------------------------------------------------------------------------------


def test_votes_on_a_factor_taken_off_meanwhile_are_kept_until_it_comes_back(
    open_one: Wave, factors: tuple[int, int, int], ecosystem: Ecosystem, maker: MapMaker
) -> None:
    trust, speed, quality = factors
    vote(open_one, 1, 1)
    maker.do(edits.remove_factor, factor=trust)
    for _person in range(4):
        vote(open_one, 1, 1)
    close(open_one)
    assert [one.pair for one in map_of(ecosystem).links] == [(str(speed), str(quality))]
    assert not Factor.objects.get(pk=trust).on_map
    assert len(votes(open_one)) == 10
    maker.factor("Trust")
    assert voters(ecosystem, trust, speed) == 5


def test_a_renamed_factor_keeps_its_votes(
    open_one: Wave, factors: tuple[int, int, int], ecosystem: Ecosystem, maker: MapMaker
) -> None:
    trust, speed, _quality = factors
    maker.do(edits.change_factor, factor=trust, name="Confidence", facet="", indicator="")
    for _person in range(5):
        vote(open_one, 1, None)
    close(open_one)
    assert voters(ecosystem, trust, speed) == 5
    assert sorted(map_of(ecosystem).names.values()) == ["Confidence", "Quality", "Speed"]


# -- two moments ----------------------------------------------------------------------------------------


def reopen(wave: Wave) -> Wave:
    return reopen_wave(wave=Wave.objects.get(pk=wave.pk), by=None, closes_on=today() + timedelta(days=7))


def test_a_wave_whose_votes_the_map_shows_stays_closed(open_one: Wave) -> None:
    for _person in range(5):
        vote(open_one, 1, None)
    closed = close(open_one)
    assert "votes on links stand on the causal map" in why_not_reopen(closed)
    with pytest.raises(WaveProblem, match="votes on links"):
        reopen(closed)
    assert len(votes(closed)) == 5


def test_a_wave_whose_votes_are_withheld_can_be_reopened_and_then_counts_all_at_once(
    open_one: Wave, factors: tuple[int, int, int], ecosystem: Ecosystem
) -> None:
    trust, speed, _quality = factors
    for _person in range(4):
        vote(open_one, 1, None)
    close(open_one)
    again = reopen(open_one)
    assert votes(again) == []
    vote(again, -1, None)
    close(again)
    assert voters(ecosystem, trust, speed) == 5


def test_votes_go_with_a_deleted_wave(open_one: Wave, admin: User, ecosystem: Ecosystem) -> None:
    for _person in range(5):
        vote(open_one, 1, None)
    closed = close(open_one)
    revision = map_of(ecosystem).revision
    delete_wave(wave=closed, by=admin, typed=closed.title)
    assert not LinkVote.objects.exists()
    assert map_of(ecosystem).revision > revision


def test_the_next_wave_asks_about_links_only_when_told_so(open_one: Wave) -> None:
    closed = close(open_one)
    assert make_wave(closed.assessment).asked_links == ()


def test_responses_without_values_for_links_are_passed_over(open_one: Wave) -> None:
    from tests.factories.assessments import answer

    invite(open_one, 2)
    answer(open_one.groups.get(key="customers"), 2)
    close(open_one)
    assert votes(open_one) == []
