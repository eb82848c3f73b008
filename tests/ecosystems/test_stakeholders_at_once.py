"""A table comes in while somebody adds a party of it by hand: one is there, and nobody waits for ever."""

from threading import Event

import pytest
from django.db import transaction

from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, Stakeholder, User
from ecosystems.services.stakeholders import import_stakeholders, save_stakeholder
from metasystem.processes import wait_until
from tests.at_once import at_once, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "group,name,email\npartners,Fenn Cold Store,store@fenn.example\npartners,Port,port@fenn.example\n"


def test_a_party_is_added_by_hand_and_by_a_table(ecosystem: Ecosystem, admin: User) -> None:
    holds = Event()

    def add() -> None:
        with transaction.atomic():
            save_stakeholder(
                ecosystem=ecosystem,
                group=StakeholderGroup.PARTNERS,
                name="The store",
                email="store@fenn.example",
                note="",
                by=admin,
            )
            holds.set()
            assert wait_until(somebody_waits, seconds=60)

    def bring_in() -> int:
        assert holds.wait(60)
        return import_stakeholders(ecosystem=ecosystem, data=TABLE, by=admin)

    assert at_once(add, bring_in) == [None, 1]
    assert list(Stakeholder.objects.order_by("name").values_list("name", flat=True)) == ["Port", "The store"]
