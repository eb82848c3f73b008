"""Counts of a wave: no act on one person makes one of them tell whether that person has answered."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.models import Invitation, Wave
from assessments.selectors.waves import progress_of, reminder_words
from assessments.services.drafts import start_draft
from assessments.services.invitation_mail import send_due
from assessments.services.invitations import remind, stop_mail
from ecosystems.models import Ecosystem
from tests.factories.assessments import answer, invite, make_open_wave

pytestmark = pytest.mark.django_db


def counts_after_reminding_one(wave: Wave, person: Invitation) -> tuple[int, int, int]:
    """What the page says of messages when everybody else's e-mail is stopped and the worker has not run yet."""
    others = wave.groups.get(key="customers").invitations.exclude(pk=person.pk)
    stop_mail(group=person.group, pks=list(others.values_list("pk", flat=True)))
    remind(wave=wave, by=None, group=person.group, now=timezone.now() + timedelta(days=2))
    progress = progress_of(wave)
    return progress.sent, progress.with_mail, progress.to_send


def test_a_reminder_on_its_way_does_not_tell_whom_it_goes_to(ecosystem: Ecosystem) -> None:
    said = []
    for who in (0, -1):  # the first has answered, the last has not
        wave = make_open_wave(ecosystem, people=12)
        send_due(wave_id=wave.pk)
        answer(wave.groups.get(key="customers"), 6)
        people = list(wave.groups.get(key="customers").invitations.order_by("pk"))
        said.append(counts_after_reminding_one(wave, people[who]))
    assert said == [(12, 12, 0), (12, 12, 0)]
    assert len(mail.outbox) == 24


def test_an_invitation_that_waits_is_counted(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=3)
    assert (progress_of(wave).sent, progress_of(wave).to_send) == (0, 3)


def test_the_number_of_all_less_that_of_the_large_is_not_that_of_a_small_group(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=20)
    invite(wave, 1, group="employees")
    send_due(wave_id=wave.pk)
    answer(wave.groups.get(key="customers"), 8)
    groups = {row.group.key: row for row in progress_of(wave).groups}
    assert reminder_words(wave=wave, groups=[groups["customers"]]).people == 12
    assert reminder_words(wave=wave, groups=[groups["employees"]]).people is None
    assert reminder_words(wave=wave, groups=list(groups.values())).people is None


@pytest.mark.parametrize(
    ("link_on", "expected", "overrun"), [(True, 2, True), (True, 3, False), (True, None, False), (False, 2, False)]
)
def test_more_who_came_than_were_expected_by_a_public_link_are_noticed(
    ecosystem: Ecosystem, link_on: bool, expected: int | None, overrun: bool
) -> None:
    wave = make_open_wave(ecosystem)  # one personal link
    group = wave.groups.get(key="customers")
    for _person in range(3):
        start_draft(group=group)
    answer(group, 1)
    wave.groups.filter(pk=group.pk).update(public_link_on=link_on, expected=expected)
    row = next(row for row in progress_of(wave).groups if row.group == group)
    assert (row.came, row.is_overrun) == (4, overrun)
