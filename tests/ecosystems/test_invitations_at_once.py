"""Two admins at the same moment: no two wait for each other."""

from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from ecosystems.addresses import Address
from ecosystems.enums import Role
from ecosystems.models import Organization, User
from ecosystems.services.invitations import Invited, invite_people, resend_invitation
from metasystem.processes import wait_until
from tests.at_once import at_once, somebody_waits
from tests.factories.people import make_invitation

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_expired_invitation_is_sent_again_while_somebody_invites_the_same_person(
    organization: Organization, admin: User
) -> None:
    expired = make_invitation(organization, email="new@people.example", expires_at=timezone.now() - timedelta(1))
    holds = Event()

    def send_again() -> None:
        with transaction.atomic():
            resend_invitation(invitation=expired, by=admin)
            holds.set()
            assert wait_until(somebody_waits, seconds=60)

    def invite() -> Invited:
        assert holds.wait(60)
        addresses = [Address("new@people.example", "")]
        return invite_people(organization=organization, addresses=addresses, role=Role.LEADER, by=admin)

    assert at_once(send_again, invite) == [None, Invited(invited=(), members=(), waiting=("new@people.example",))]
