"""A retrospective notes what was open when the room came to it, and what had become of it at the end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.dashboards.minutes.looked_back import LookedList, looked_list
from assessments.dashboards.projector.screen import screen
from assessments.enums import ActivityKind, Anonymity, CommitmentState, Progress
from assessments.links import minutes_token
from assessments.models import Activity, CheckIn, Commitment, Workshop
from assessments.models.activity_plans import TalkPlan
from assessments.models.looked_back import LookedBack, read_looked_back
from assessments.projector_links import projector_path
from assessments.selectors.rooms import rooms
from assessments.services import commitment_changes, stage
from assessments.services.agenda import change_activity
from assessments.services.workshops import change_workshop, duplicate_workshop
from ecosystems.models import Ecosystem, User
from tests.assessments.views.phone_pages import page_of
from tests.factories.workshops import make_activity, make_seats, make_workshop

pytestmark = pytest.mark.django_db
PROMISES = TalkPlan(promises=True)


def ahead(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def make(ecosystem: Ecosystem, text: str, **changes: Any) -> Commitment:
    return Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text=text, **{"owner_name": "Wilhelm", **changes}
    )


def arrive(workshop: Workshop, by: User, plan: TalkPlan = PROMISES) -> Activity:
    step = make_activity(workshop, kind=ActivityKind.TALK, plan=plan, title="What we promised", current=False)
    stage.go_to(workshop=workshop, activity=step, seen_step=workshop.step_id, by=by)
    workshop.refresh_from_db()
    return Activity.objects.get(pk=step.pk)


def back(step: Activity) -> LookedBack:
    step.refresh_from_db()
    found = read_looked_back(step.looked_back)
    assert found is not None
    return found


def told(step: Activity) -> list[tuple[str, str, str]]:
    found = looked_list(back(step))
    assert found is not None
    return [(row.text, row.then, row.decided) for row in found.rows]


@pytest.mark.parametrize("named", [True, False])
def test_names_are_noted_where_the_room_speaks_by_name_and_of_members_alone(
    ecosystem: Ecosystem, leader: User, facilitator: User, named: bool
) -> None:
    make(ecosystem, "Call the farms", owner=leader, owner_name="Marta", owner_chosen=True, due_on=ahead(-3))
    make(ecosystem, "Ask the dairy", due_on=ahead(3))
    make(ecosystem, "Long done", state=CommitmentState.DONE, closed_on=ahead(-9))
    found = back(arrive(make_workshop(ecosystem, named=named), facilitator))
    assert [(one.text, one.owner) for one in found.seen] == [
        ("Call the farms", "Marta" if named else ""),
        ("Ask the dairy", ""),
    ]
    assert (found.on, found.count, found.late, found.more) == (timezone.localdate(), 2, 1, 0)


@pytest.mark.parametrize("named", [True, False])
def test_names_are_noted_by_the_rules_that_those_who_join_are_told(
    ecosystem: Ecosystem, leader: User, facilitator: User, named: bool
) -> None:
    make(ecosystem, "Call the farms", owner=leader, owner_name="Marta", owner_chosen=True)
    workshop = make_workshop(ecosystem, named=not named)
    step = arrive(workshop, facilitator)
    change_workshop(workshop=workshop, by=facilitator, anonymity=Anonymity.NAMED if named else Anonymity.ANONYMOUS)
    assert [one.owner for one in back(step).seen] == ["Marta" if named else ""]


def test_each_is_told_as_it_was_and_with_what_changed_until_the_end(
    ecosystem: Ecosystem, leader: User, facilitator: User
) -> None:
    of = {"owner": leader, "owner_name": "Marta", "owner_chosen": True}
    done, dropped, moved, held, gone = (
        make(ecosystem, text, due_on=ahead(place), **of)
        for place, text in enumerate(("Done", "Dropped", "Moved", "Held", "Gone"))
    )
    CheckIn.objects.create(commitment=moved, progress=Progress.STUCK)
    workshop = make_workshop(ecosystem, named=True)
    step = arrive(workshop, facilitator)
    assert {decided for _text, _then, decided in told(step)} == {""}
    commitment_changes.finish(commitment=done, by=facilitator)
    commitment_changes.drop_commitment(commitment=dropped, why="No money", by=facilitator)
    Commitment.objects.filter(pk=moved.pk).update(due_on=None, text="Moved on", owner_name="Ida")
    CheckIn.objects.create(commitment=moved, progress=Progress.AT_RISK)
    gone.delete()
    stage.end_workshop(workshop=workshop, by=facilitator)
    Commitment.objects.filter(pk=held.pk).update(state=CommitmentState.DONE, closed_on=ahead(0))  # after the end
    days = [f"due {date.day} {date:%B}" for date in (ahead(place) for place in range(5))]
    assert told(step) == [
        ("Done", f"open · {days[0]} · Marta", "Done."),
        ("Dropped", f"open · {days[1]} · Marta", "Dropped: No money"),
        ("Moved", f"stuck · {days[2]} · Marta", "Now without a day. Now at risk. Now with Ida. Now: “Moved on”"),
        ("Held", f"open · {days[3]} · Marta", "No change was written down."),
        ("Gone", f"open · {days[4]} · Marta", "Taken off the list."),
    ]
    found = looked_list(back(step))
    assert found is not None
    assert [bool(row.key) for row in found.rows] == [True, True, True, True, False]


def test_what_was_seen_first_stays(ecosystem: Ecosystem, facilitator: User) -> None:
    promised = make(ecosystem, "Call them")
    workshop = make_workshop(ecosystem)
    step = arrive(workshop, facilitator)
    make(ecosystem, "Said later")
    commitment_changes.finish(commitment=promised, by=facilitator)
    other = arrive(workshop, facilitator, TalkPlan())
    assert other.looked_back is None
    stage.go_to(workshop=workshop, activity=step, seen_step=other.pk, by=facilitator)
    assert [one.text for one in back(step).seen] == ["Call them"]


def test_a_step_that_turns_to_promises_while_the_room_is_there_notes_them(
    ecosystem: Ecosystem, facilitator: User
) -> None:
    make(ecosystem, "Call them")
    step = arrive(make_workshop(ecosystem), facilitator, TalkPlan())
    change_activity(activity=step, by=facilitator, plan=PROMISES)
    assert [one.text for one in back(step).seen] == ["Call them"]


def test_a_copy_of_the_workshop_has_seen_nothing(ecosystem: Ecosystem, facilitator: User) -> None:
    make(ecosystem, "Call them")
    workshop = make_workshop(ecosystem)
    arrive(workshop, facilitator)
    copy = duplicate_workshop(workshop=workshop, title="Again", by=facilitator)
    assert list(copy.activities.values_list("looked_back", flat=True)) == [None]


def test_where_nothing_is_open_the_minutes_say_so(ecosystem: Ecosystem, facilitator: User) -> None:
    step = arrive(make_workshop(ecosystem), facilitator)
    assert looked_list(back(step)) == LookedList(())
    assert looked_list(None) is None


def test_phones_and_the_wall_list_the_same_and_keep_it_while_the_room_is_there(
    client: Client, ecosystem: Ecosystem, facilitator: User
) -> None:
    promised = make(ecosystem, "Call the farms", due_on=ahead(-400))
    for number in range(37):
        make(ecosystem, f"Promise number {number}")
    workshop = make_workshop(ecosystem)
    [seat] = make_seats(workshop)
    step = arrive(workshop, facilitator)
    commitment_changes.finish(commitment=promised, by=facilitator)
    late = f"late · due {ahead(-400).day} {ahead(-400):%B %Y}"
    on_phone = page_of(client, seat)
    assert ("Call the farms" in on_phone, late in on_phone, "and 2 more" in on_phone) == (True, True, True)
    assert "Wilhelm" not in on_phone
    wall = client.get(projector_path(workshop)).content.decode()
    assert ("Call the farms" in wall, late in wall, "and 2 more" in wall) == (True, True, True)
    change_activity(activity=step, by=facilitator, plan=TalkPlan())
    assert "Call the farms" not in page_of(client, seat)
    assert screen(rooms([workshop.pk])[workshop.pk]).pages == ()


def test_the_minutes_name_each_with_a_way_to_it_for_members_alone(
    client_of: Callable[[User], Client], ecosystem: Ecosystem, viewer: User, facilitator: User
) -> None:
    promised = make(ecosystem, "Call the farms")
    workshop = make_workshop(ecosystem)
    arrive(workshop, facilitator)
    commitment_changes.drop_commitment(commitment=promised, why="They called us", by=facilitator)
    stage.end_workshop(workshop=workshop, by=facilitator)
    there = reverse("assessments:commitment", args=[ecosystem.organization.slug, ecosystem.slug, promised.key])
    own = reverse("assessments:minutes", args=[ecosystem.organization.slug, workshop.pk])
    by_link = reverse("assessments:minutes-by-link", args=[minutes_token(workshop)])
    pages = [client_of(viewer).get(own), Client().get(by_link), Client().get(f"{by_link}?format=html")]
    assert [f'href="{there}"' in page.content.decode() for page in pages] == [True, False, False]
    for page in pages:
        for words in ("Call the farms", "Then: open · no day set", "Dropped: They called us"):
            assert words in page.content.decode()
        assert "The room talked" not in page.content.decode()
    assert Client().get(f"{by_link}?format=json").json()["steps"][0]["looked_back"] == {
        "day": timezone.localdate().isoformat(),
        "open": 1,
        "late": 0,
        "commitments": [
            {
                "text": "Call the farms",
                "owner": "",
                "due": "",
                "progress": "",
                "became": {
                    "state": "dropped",
                    "text": "Call the farms",
                    "owner": "",
                    "due": "",
                    "progress": "",
                    "why": "They called us",
                },
            }
        ],
    }
