"""Several workers at once: nobody gets the minutes twice, no vote comes onto the map twice, none is lost."""

from functools import partial

import pytest
from django.core import mail

from assessments import tasks
from assessments.enums import ActivityKind, WorkshopState
from assessments.models import MinutesRequest, Vote
from assessments.models.activity_plans import LinksPlan, Pair
from assessments.services import stage, wrap_up
from assessments.services.minutes_mail import send_due
from ecosystems.models import Ecosystem, LinkVote, User
from tests.at_once import at_once
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def test_the_minutes_go_out_once(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    MinutesRequest.objects.bulk_create(
        MinutesRequest(workshop=workshop, email=f"p{number}@example.org") for number in range(40)
    )
    at_once(*[partial(send_due, workshop_id=workshop.pk)] * WORKERS)
    sent = [message.to[0] for message in mail.outbox]
    assert len(sent) == len(set(sent)) == 40


def test_a_full_hall_is_sealed_once(ecosystem: Ecosystem, facilitator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrap_up, "SEALED_AT_ONCE", 5)
    monkeypatch.setattr(tasks, "wake_seal", lambda workshop_id: None)
    workshop = make_workshop(ecosystem)
    plan = LinksPlan(pairs=(Pair("p", "Trust", "Speed"),))
    round = make_round(make_activity(workshop, kind=ActivityKind.LINKS, plan=plan))
    vote(round, make_seats(workshop, 60), [2] * 60, item="p")
    stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=workshop, by=facilitator)
    at_once(*[partial(wrap_up.seal_ended, workshop_id=workshop.pk)] * WORKERS)
    assert (Vote.objects.filter(seat=None).count(), Vote.objects.count(), LinkVote.objects.count()) == (60, 60, 60)
