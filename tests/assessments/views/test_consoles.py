"""The facilitator's screen: what it shows in each state and to whom, and what it costs."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.enums import CANT_SAY, ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Idea, Reason, Round, Seat, Vote, Workshop, WorkshopNote
from assessments.models.activity_plans import CommitPlan, IdeasPlan, Item, LinksPlan, Pair, RatePlan, TalkPlan, stored
from assessments.services import rounds, stage
from ecosystems.enums import Role
from ecosystems.models import Ecosystem, User
from tests.assessments.views.console_pages import RATED, LogIn, html, people_url, press, round_of, url
from tests.factories.assessments import make_wave
from tests.factories.ecosystems import make_stakeholder
from tests.factories.people import make_member
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
CHANCE = re.compile(
    r'value="[^"]{64}"|/stream/[^"]+|own=[^"]+|value="[0-9a-f-]{36}"|"x-csrftoken": "[^"]+"|datetime="[^"]+"'
)
"""What differs between two pages about the same: tokens, keys, times."""


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    """Live, at a rating whose first round is open and has eight votes; ideas come next."""
    made = make_workshop(ecosystem)
    step = make_activity(made)
    make_activity(made, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?", current=False)
    vote(make_round(step), make_seats(made, 8), RATED)
    return made


def test_a_leader_who_helps_runs_it_and_another_leader_does_not(
    client_of: LogIn, workshop: Workshop, leader: User
) -> None:
    other = make_member(workshop.organization, Role.LEADER)
    workshop.co_facilitators.add(leader)
    assert client_of(leader).get(url(workshop)).status_code == 200
    assert client_of(leader).post(url(workshop, "close-round"), {"round": round_of(workshop).pk}).status_code == 302
    assert round_of(workshop).state == RoundState.CLOSED
    for address in (url(workshop), people_url(workshop)):
        assert client_of(other).get(address).status_code == 403
    assert client_of(other).post(url(workshop, "reveal"), {"round": round_of(workshop).pk}).status_code == 403
    assert round_of(workshop).state == RoundState.CLOSED


def test_before_the_reveal_the_source_holds_counts_alone(page: Client, ecosystem: Ecosystem) -> None:
    """The same page, whatever people answered; and nothing they wrote."""
    sources = []
    for values in ([1] * 8, [9] * 8):
        workshop = make_workshop(ecosystem, pk=9_000, code="KELP-OTTER-99", key="k" * 16)
        step = make_activity(workshop, pk=9_000)
        round = make_round(step, pk=9_000)
        seats = make_seats(workshop, 8)
        vote(round, seats, values)
        Reason.objects.create(round=round, seat=seats[0], item="ready", text=f"because {values[0]}")
        shown = html(page, workshop)
        sources.append(CHANCE.sub("", shown))
        assert "8 of 8" in shown
        workshop.delete()
    assert sources[0] == sources[1]
    assert "because" not in sources[0]


def test_answers_of_an_open_round_show_only_where_everybody_was_told(page: Client, workshop: Workshop) -> None:
    round = round_of(workshop)
    rounds.reveal_round(round=round, by=None)
    again = rounds.ask_again(round=Round.objects.get(pk=round.pk), seconds=None, by=None)
    results = Round.objects.get(pk=round.pk).results
    Round.objects.filter(pk=again.pk).update(preview_shown=results)
    assert "Only you see this" not in html(page, workshop)
    Workshop.objects.filter(pk=workshop.pk).update(preview=True)
    shown = html(page, workshop)
    assert "Only you see this: round 2 so far" in shown
    assert "It comes late on purpose: it is shown once at least 5 more people have voted after it" in shown


def test_the_figures_of_a_reveal_in_words(page: Client, workshop: Workshop) -> None:
    press(page, workshop, "reveal", round=round_of(workshop).pk)
    shown = html(page, workshop)
    assert "The median is 5.5; the middle half spans 4.8 to 6.3." in shown
    assert 'class="chart rounds d-ada"' in shown


def test_too_few_are_withheld_with_the_reason(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 4), [5, 5, 6, 6])
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "Withheld: protects a small group. A result is shown from 5 people on." in shown
    assert "The median is" not in shown


def test_breakout_groups_have_their_own_chart(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, by_breakout=True)
    make_seats(workshop, 12)
    assert press(page, workshop, "deal", groups=2) == "2 breakout groups are dealt."
    round = rounds.open_round(activity=step, seconds=None, by=facilitator)
    for seat in workshop.seats.all():
        Vote.objects.create(round=round, seat=seat, breakout=seat.breakout, item="ready", value=6)
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "By breakout group" in shown
    assert shown.count("Group 1 <b>6</b>") == 1
    assert press(page, workshop, "deal", groups=1) == "Deal the room into 2 to 20 groups."
    assert press(page, workshop, "clear-breakouts") == "Everybody is together again."


def test_reasons_carry_a_name_only_where_everybody_speaks_by_name(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        round = make_round(make_activity(workshop))
        seats = make_seats(workshop, 8, name="Ida" if named else "")
        vote(round, seats, RATED)
        for seat in seats:
            Reason.objects.create(round=round, seat=seat, item="ready", text="One supplier only")
        assert "One supplier only" not in html(page, workshop)
        press(page, workshop, "reveal", round=round.pk)
        shown = html(page, workshop)
        assert shown.count("“One supplier only”") == 8
        assert shown.count('<span class="small muted">Ida</span>') == (8 if named else 0)


def test_who_voted_what_is_shown_only_by_name_and_after_the_reveal(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        round = make_round(make_activity(workshop))
        seats = [make_seats(workshop, 1, name=name)[0] for name in ("Ida", "Ben", "Eva", "Jo", "Kim")]
        vote(round, seats, [6, 5, 6, CANT_SAY, 7])
        assert not re.search(
            r"\bBen\b", html(page, workshop).partition("Still thinking")[0]
        )  # tokens may hold the letters
        press(page, workshop, "reveal", round=round.pk)
        shown = html(page, workshop)
        assert ("<dt>6</dt><dd>Eva, Ida</dd>" in shown) is named
        assert ("<dt>can’t say</dt><dd>Jo</dd>" in shown) is named
        assert ("Who said what" in shown) is named


def test_who_is_still_thinking_is_named_only_in_named_workshops(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        round = make_round(make_activity(workshop))
        ida, ben = make_seats(workshop, 1, name="Ida"), make_seats(workshop, 1, name="Ben")
        vote(round, ida, [5])
        shown = html(page, workshop)
        assert ("Still thinking: Ben<" in shown) is named
        assert "1 of 2" in shown
        assert len(ben) == 1


def test_texts_of_the_room_are_shown_once_revealed(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?")
    round = make_round(step)
    for place, seat in enumerate(make_seats(workshop, 6)):
        text = "<script>alert(1)</script>" if place == 0 else f"Idea {place}"
        Idea.objects.create(key=uuid4(), activity=step, round=round, seat=seat, text=text)
    assert "6 of 6" in html(page, workshop)
    assert "Idea 3" not in html(page, workshop)
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "Idea 3" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "6 texts were shown to the room." in shown
    idea = Idea.objects.get(text="Idea 3")
    said = press(page, workshop, "park", activity=step.pk, idea=idea.pk, parked="yes")
    idea.refresh_from_db()
    assert (said, idea.is_parked) == ("Parked for later.", True)
    press(page, workshop, "park", activity=step.pk, idea=idea.pk, parked="no")
    idea.refresh_from_db()
    assert idea.is_parked is False


def test_texts_of_a_breakout_group_that_is_too_small_are_withheld(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="Ideas", by_breakout=True)
    round = make_round(step)
    for label, count in (("Group 1", 6), ("Group 2", 2)):
        group = workshop.breakouts.create(label=label)
        for seat in make_seats(workshop, count, breakout=group):
            Idea.objects.create(
                key=uuid4(), activity=step, round=round, seat=seat, breakout=group, text=f"From {label}"
            )
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "6 texts were shown to the room. Withheld, since too few people wrote something: Group 2." in shown
    assert shown.count("From Group 1") == 12
    assert "From Group 2" not in shown


def test_the_live_part_comes_again_only_when_it_changed(page: Client, workshop: Workshop) -> None:
    first = page.get(url(workshop) + "?part=live")
    assert first.content.decode().startswith('<div id="console-live"')
    assert page.get(url(workshop) + "?part=live", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    vote(round_of(workshop), make_seats(workshop, 1), [9])
    second = page.get(url(workshop) + "?part=live", HTTP_IF_NONE_MATCH=first["ETag"])
    assert second.status_code == 200
    assert "9 of 9" in second.content.decode()


def test_a_script_gets_the_new_part_with_the_answer(page: Client, workshop: Workshop) -> None:
    fields = {"round": round_of(workshop).pk}
    answer = page.post(url(workshop, "reveal"), fields, headers={"X-Requested-With": "fetch"})
    told = answer.json()
    assert (answer.status_code, told["said"], told["problem"]) == (200, "Round 1 is revealed.", False)
    assert told["html"].startswith('<div id="console-live"')
    assert page.get(url(workshop) + "?part=live", HTTP_IF_NONE_MATCH=told["etag"]).status_code == 304
    refused = page.post(url(workshop, "deal"), {"groups": "99"}, headers={"X-Requested-With": "fetch"})
    assert (refused.status_code, refused.json()["problem"]) == (422, True)


@pytest.mark.parametrize("people", [1, 200])
@pytest.mark.parametrize(("state", "queries"), [(RoundState.OPEN, 13), (RoundState.REVEALED, 14)])
def test_queries_of_the_console(
    page: Client, ecosystem: Ecosystem, django_assert_num_queries: Any, people: int, state: str, queries: int
) -> None:
    workshop = make_workshop(ecosystem, named=True)
    plan = RatePlan(items=tuple(Item(key=key, text=key) for key in "abc"[: 1 if people == 1 else 3]))
    round = make_round(make_activity(workshop, plan=plan))
    seats = make_seats(workshop, people, name="Ida")
    for item in plan.items:
        vote(round, seats, [5] * people, item=item.key)
    for seat in seats:
        Reason.objects.create(round=round, seat=seat, item="a", text="Why")
        WorkshopNote.objects.create(workshop=workshop, text="Said")
    for _more in range(0 if people == 1 else 9):
        make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), current=False)
    if people > 1:
        Seat.objects.filter(workshop=workshop).update(breakout=workshop.breakouts.create(label="Group 1"))
    if state == RoundState.REVEALED:
        rounds.reveal_round(round=round, by=None)
    page.get(url(workshop))
    with django_assert_num_queries(queries):
        page.get(url(workshop))


def test_owners_are_offered_where_the_room_commits_and_nobody_by_address(
    page: Client, ecosystem: Ecosystem, leader: User
) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), title="Talk")
    make_stakeholder(ecosystem, name="Lowmeadow Dairy")
    nameless = make_member(ecosystem.organization, Role.LEADER)
    User.objects.filter(pk=nameless.pk).update(name="")
    assert '<datalist id="owners">' not in html(page, workshop)
    Activity.objects.filter(pk=step.pk).update(kind=ActivityKind.COMMIT, settings=stored(CommitPlan()))
    make_round(step)
    shown = html(page, workshop)
    offered = re.findall(r'<option value="([^"]+)"></option>', shown)
    assert {leader.name, "Lowmeadow Dairy"} <= set(offered)
    assert nameless.email not in shown
    assert 'list="owners"' in shown
    with CaptureQueriesContext(connection) as few:
        page.get(url(workshop))
    for number in range(30):
        make_stakeholder(ecosystem, name=f"Party {number}")
    with CaptureQueriesContext(connection) as many:
        page.get(url(workshop))
    assert len(few) == len(many)


def test_an_empty_workshop_says_what_to_do(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    assert "The agenda has no steps yet." in html(page, workshop)
    assert press(page, workshop, "start") == "The agenda has no steps. Add at least one, then start."
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), current=False)
    stage.start(workshop=workshop, by=None)
    shown = html(page, workshop)
    assert "0 people have joined." in shown


def test_links_are_drawn_and_said(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    plan = LinksPlan(pairs=(Pair(key="p", source="Trust", target="Orders"),))
    round = make_round(make_activity(workshop, kind=ActivityKind.LINKS, plan=plan, title="Map the loop"))
    vote(round, make_seats(workshop, 8), [3, 2, 2, 2, 1, 0, -1, 2], item="p")
    press(page, workshop, "reveal", round=round.pk)
    assert "Trust → Orders: 75 % say it raises, 13 % that it lowers, 13 % no effect." in html(page, workshop)


def test_the_results_that_are_talked_about_are_one_press_away(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan())
    assert "What is talked about" not in html(page, workshop)
    workshop.wave = make_wave(ecosystem, title="Autumn 2026")
    workshop.save()
    shown = html(page, workshop)
    assert f'href="/o/rivermark/waves/{workshop.wave.pk}/results/"' in shown
    assert "Results of Autumn 2026" in shown


def test_no_browser_keeps_the_console(page: Client, workshop: Workshop) -> None:
    assert page.get(url(workshop)).headers["Cache-Control"] == "private, no-store"
