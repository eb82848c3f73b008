"""The demo's commitments: three done, two of them before the newest wave, one late, one on track."""

import pytest
from django.utils import timezone

from assessments.demo import commitments
from assessments.models import Commitment
from assessments.selectors.commitments import Column, commitments_of, in_column
from assessments.services.instruments import load_default_instrument
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_closed_wave

pytestmark = pytest.mark.django_db


def test_three_are_done_one_is_late_one_is_on_track(ecosystem: Ecosystem, facilitator: User, leader: User) -> None:
    load_default_instrument()
    wave = make_closed_wave(ecosystem)
    people = {leader.name: leader}
    commitments.make(ecosystem=ecosystem, wave=wave, people=people, by=facilitator, now=timezone.now())
    stand = {
        column: set(commitments_of(ecosystem).filter(in_column(column)).values_list("text", flat=True))
        for column in (Column.DONE, Column.PRESSING, Column.ON_TRACK)
    }
    assert stand == {
        Column.DONE: {commitments.FORECAST, commitments.SEED_FUND, commitments.MESSAGE},
        Column.PRESSING: {commitments.ONE_NUMBER},
        Column.ON_TRACK: {commitments.SEATS},
    }
    assert Commitment.objects.get(text=commitments.FORECAST).owner == leader
