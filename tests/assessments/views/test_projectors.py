"""The screen in the room: who may open it, for how long, and what it costs."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, Commitment, Workshop
from assessments.models.activity_plans import TalkPlan
from assessments.projector_links import NoProjector, projector_path, read_projector_token
from assessments.services import rounds
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


def html(client: Client, workshop: Workshop) -> str:
    return client.get(projector_path(workshop)).content.decode()


def test_it_needs_no_log_in_and_the_code_is_in_sight(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    shown = html(client, workshop)
    assert shown.count(f'<p class="join-code">{workshop.code}</p>') == 1
    assert "<h1" in shown
    assert workshop.get_absolute_url() not in shown


def test_the_address_stays_the_same_and_cannot_be_made_up(client: Client, ecosystem: Ecosystem) -> None:
    workshop, other = make_workshop(ecosystem), make_workshop(ecosystem)
    path = projector_path(workshop)
    assert projector_path(workshop) == path
    forged = path.replace(f"/{workshop.pk}:", f"/{other.pk}:")
    assert client.get(forged).status_code == 404
    assert client.get(f"{forged}state/").json() == {"reason": "mistyped"}
    for token in ("", "x", f"{workshop.pk}", f"{workshop.pk}:", "x:y"):
        with pytest.raises(NoProjector):
            read_projector_token(token)


def test_it_goes_with_the_workshop_and_a_day(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    assert "Thank you for being here" in html(client, workshop)
    workshop.ended_at = timezone.now() - timedelta(days=1, minutes=1)
    workshop.save()
    assert client.get(projector_path(workshop)).status_code == 410
    assert client.get(f"{projector_path(workshop)}state/").status_code == 410
    path = projector_path(workshop)
    workshop.delete()
    assert client.get(path).status_code == 410


def test_nothing_can_be_sent_to_it(client: Client, ecosystem: Ecosystem) -> None:
    assert client.post(projector_path(make_workshop(ecosystem))).status_code == 405


def test_before_the_reveal_neither_page_nor_state_carry_more_than_counts(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, named=True)
    round = make_round(make_activity(workshop), preview_shown={"secret": 1})
    vote(round, make_seats(workshop, 6, name="Mira"), [9, 9, 9, 9, 9, 8])
    workshop.refresh_from_db()
    for address in (projector_path(workshop), f"{projector_path(workshop)}state/"):
        shown = client.get(address).content.decode()
        assert 'svg class=\\"chart' not in shown
        assert 'svg class="chart' not in shown
        assert "Mira" not in shown
        assert "secret" not in shown
    assert '<span data-live="answered">6</span>' in html(client, workshop)


def test_the_state_is_not_sent_again_while_nothing_changes(
    client: Client, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    round = rounds.open_round(activity=activity, seconds=None, by=facilitator)
    address = f"{projector_path(workshop)}state/"
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    rounds.close_round(round=round, by=facilitator)
    second = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert 'data-state="closed"' in second.json()["view"]["screen"]
    assert second.json()["view"]["version"] == json.loads(second.content)["pulse"]["version"]


def test_a_name_of_the_workshop_is_text(client: Client, ecosystem: Ecosystem) -> None:
    assert "<script>alert" not in html(client, make_workshop(ecosystem, title="<script>alert(1)</script>"))


@pytest.mark.parametrize("seats", [5, 60])
def test_it_takes_the_same_queries_for_few_and_many(
    client: Client,
    ecosystem: Ecosystem,
    facilitator: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    seats: int,
) -> None:
    workshop = make_workshop(ecosystem)
    round = rounds.open_round(activity=make_activity(workshop), seconds=None, by=facilitator)
    vote(round, make_seats(workshop, seats), [5] * seats)
    rounds.reveal_round(round=round, by=facilitator)
    with django_assert_num_queries(8):
        client.get(projector_path(workshop))


@pytest.mark.parametrize("named", [True, False])
def test_a_retrospective_shows_what_is_open_and_names_members_alone_where_the_room_speaks_by_name(
    client: Client, ecosystem: Ecosystem, leader: User, named: bool
) -> None:
    workshop = make_workshop(ecosystem, named=named)
    talk = make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), prompt="Done, on its way, or stuck?")
    of = {"organization": ecosystem.organization, "ecosystem": ecosystem}
    gone = User.objects.create_user("gone@example.org")
    Commitment.objects.create(text="Call the farms", owner_name="Marta", owner=leader, due_on=date(2026, 1, 2), **of)
    Commitment.objects.create(text="Meet monthly", owner_name="Fergus", owner=gone, **of)
    Commitment.objects.create(text="Ask the dairy", owner_name="Wilhelm", **of)
    Commitment.objects.create(text="All done", owner_name="Marta", state="done", **of)
    assert "Call the farms" not in html(client, workshop)
    Activity.objects.filter(pk=talk.pk).update(settings={"promises": True})
    for number in range(2):
        shown = html(client, workshop)
        assert (shown.count('<p class="join-code">'), workshop.code in shown) == (0, True)
        assert ("Call the farms" in shown, "All done" in shown, "Done, on its way" in shown) == (True, False, True)
        assert ("late · due 2 January" in shown, "Marta" in shown) == (True, named)
        assert [name in shown for name in ("Fergus", "Wilhelm")] == [False, False]
        if not number:
            with CaptureQueriesContext(connection) as few:
                html(client, workshop)
            for place in range(40):
                Commitment.objects.create(text=f"Promise {place}", owner_name="Wilhelm", **of)
    with CaptureQueriesContext(connection) as many:
        html(client, workshop)
    assert len(many) == len(few)
    assert "and 7 more" in html(client, workshop)
    Commitment.objects.update(state="done")
    assert "Scan, or go to" in html(client, workshop)
