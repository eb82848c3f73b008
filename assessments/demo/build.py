"""The demo, made through the same services that people use, from one seed."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assessments.demo import (
    accounts,
    commitments,
    evidence,
    loops,
    network,
    replies,
    scenarios,
    story,
    themes,
    wave_links,
    workshop,
)
from assessments.demo.answering import Crowd, not_answered
from assessments.enums import About, Rhythm
from assessments.models import Assessment, Instrument, Wave, WaveGroup
from assessments.services.assessments import create_assessment
from assessments.services.instruments import load_default_instrument
from assessments.services.invitations import Person, add_people, members_to_add
from assessments.services.rescore import rescore
from assessments.services.summaries import summarise
from assessments.services.wave_maps import count_votes
from assessments.services.wave_setup import change_wave, create_wave, set_groups, set_public_link
from assessments.services.waves import close_wave, open_wave
from ecosystems.models import Ecosystem, Membership, Organization, User
from ecosystems.services.ecosystems import create_ecosystem
from ecosystems.services.organizations import create_organization
from ecosystems.services.stakeholders import import_stakeholders

SEED = 20_260
OPEN_FOR = timedelta(days=14)
BETWEEN_WAVES = timedelta(days=182)
SINCE_LAST_CLOSED = timedelta(days=6)
NETWORK_ASSESSMENT = "Network assessment"
Say = Callable[[str], None]


def existing() -> Organization | None:
    """The demo organization, if it has been made."""
    return Organization.objects.filter(is_demo=True).first()


def remove() -> None:
    """Delete the demo with everything in it, and the people who belong to no other organization."""
    for organization in Organization.objects.filter(is_demo=True):
        people = list(organization.members.values_list("pk", flat=True))
        Assessment.objects.filter(ecosystem__organization=organization).delete()
        organization.delete()
        User.objects.filter(pk__in=people, memberships=None).delete()


@transaction.atomic
def build(*, now: datetime | None = None, say: Say = lambda line: None) -> Organization:
    """Make the demo; dates are relative to `now`. The same seed gives the same answers."""
    now = now or timezone.now()
    dice = random.Random(SEED)  # noqa: S311 - reproducible, not a secret
    people = {account: _person(account) for account in accounts.ACCOUNTS}
    admin, leader = people[accounts.ADMIN], people[accounts.LEADER]
    organization = create_organization(name=accounts.ORGANIZATION, by=admin)
    Organization.objects.filter(pk=organization.pk).update(is_demo=True)
    for account, user in people.items():
        Membership.objects.get_or_create(organization=organization, user=user, defaults={"role": account.role})
    ecosystem = create_ecosystem(
        organization=organization, name=network.ECOSYSTEM, description=network.PURPOSE, by=admin
    )
    import_stakeholders(ecosystem=ecosystem, data=network.STAKEHOLDERS, by=admin)
    loops.draw(ecosystem=ecosystem, by=admin)
    instrument = load_default_instrument()[0].instrument
    say("Three waves of the network assessment …")
    _network_assessment(ecosystem, instrument, admin, dice, now)
    say("A pulse that is open …")
    _pulse(ecosystem, instrument, admin, dice, now)
    say("One leader's 360° …")
    _around_one_leader(ecosystem, instrument, admin, leader, dice, now)
    say("Two workshops that were held, and one to come …")
    facilitator = people[accounts.FACILITATOR]
    latest = Wave.objects.filter(assessment__name=NETWORK_ASSESSMENT, assessment__ecosystem=ecosystem).latest("number")
    workshop.past(ecosystem=ecosystem, wave=latest, by=facilitator, dice=dice, now=now)
    workshop.coming(ecosystem=ecosystem, by=facilitator, now=now)
    before = latest.assessment.waves.order_by("-number")[1]
    workshop.earlier(ecosystem=ecosystem, wave=before, by=facilitator, dice=dice)
    named = {user.name: user for user in people.values()}
    commitments.make(ecosystem=ecosystem, wave=before, people=named, by=facilitator, now=now)
    evidence.write_down(waves=(before, latest), by=facilitator)
    themes.name_one(wave=latest, by=people[accounts.LEADER], now=now)
    replies.switch_on(ecosystem=ecosystem, by=facilitator)
    return organization


def score(organization: Organization) -> None:
    """Compute the numbers of every wave of the demo, so that the first page shows them."""
    for wave in Wave.objects.filter(assessment__ecosystem__organization=organization):
        rescore(wave_id=wave.pk)
    measured = Wave.objects.filter(
        assessment__ecosystem__organization=organization, assessment__name=NETWORK_ASSESSMENT
    ).select_related("assessment__ecosystem", "version")
    waves = list(measured.order_by("number"))
    if waves:
        leader = User.objects.get(email=accounts.LEADER.email)
        scenarios.ease_the_load(ecosystem=waves[-1].assessment.ecosystem, waves=waves, by=leader)
    for pk in organization.ecosystems.values_list("pk", flat=True):
        summarise(ecosystem_id=pk)


def _person(account: accounts.Account) -> User:
    user = User.objects.filter(email=account.email).first()
    if user is None:
        user = User.objects.create_user(account.email, accounts.PASSWORD if settings.DEMO else None, name=account.name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _network_assessment(
    ecosystem: Ecosystem, instrument: Instrument, admin: User, dice: random.Random, now: datetime
) -> None:
    assessment = create_assessment(
        ecosystem=ecosystem, instrument=instrument, name=NETWORK_ASSESSMENT, by=admin, rhythm=Rhythm.HALF_YEARLY
    )
    names = _names(dice)
    for number in range(story.WAVES):
        closes = now - SINCE_LAST_CLOSED - BETWEEN_WAVES * (story.WAVES - 1 - number)
        wave = create_wave(assessment=assessment, by=admin, now=closes - OPEN_FOR)
        if number == story.WAVES - 1:
            wave_links.ask(wave=wave, by=admin)
        _date(wave, admin, opened=closes - OPEN_FOR, closes=closes)
        groups = _groups(wave)
        if number == 0:
            _invite(groups, names, admin)
        open_wave(wave=wave, by=admin, now=closes - OPEN_FOR)
        crowd = Crowd(dice=dice, wave=number)
        for key, group in groups.items():
            _answer(crowd, group, story.ANSWERED[key][number])
        _close(wave, admin, closes)


def _pulse(ecosystem: Ecosystem, instrument: Instrument, admin: User, dice: random.Random, now: datetime) -> None:
    assessment = create_assessment(
        ecosystem=ecosystem, instrument=instrument, name="Monthly pulse", by=admin, rhythm=Rhythm.MONTHLY
    )
    opened = now - timedelta(days=4)
    wave = create_wave(assessment=assessment, by=admin, now=opened)
    wave_links.ask(wave=wave, by=admin)
    set_groups(wave=wave, forms=dict.fromkeys(story.PULSE_ANSWERED, "pulse"), by=admin)
    change_wave(wave=wave, by=admin, title=f"Pulse {now:%B %Y}", closes_on=timezone.localdate(now + timedelta(days=10)))
    groups = _groups(wave)
    _invite(groups, _names(dice), admin)
    open_wave(wave=wave, by=admin, now=opened)
    crowd = Crowd(dice=dice)
    for key, group in groups.items():
        _answer(crowd, group, story.PULSE_ANSWERED[key])


def _around_one_leader(
    ecosystem: Ecosystem, instrument: Instrument, admin: User, leader: User, dice: random.Random, now: datetime
) -> None:
    assessment = create_assessment(
        ecosystem=ecosystem,
        instrument=instrument,
        name=f"360° of {leader.name}",
        by=admin,
        about=About.LEADER,
        leader=leader,
        rhythm=Rhythm.YEARLY,
    )
    names = _names(dice)
    for closes, answered, open_still in ((now - timedelta(days=200), 9, False), (now + timedelta(days=3), 6, True)):
        opened = closes - OPEN_FOR
        wave = create_wave(assessment=assessment, by=admin, now=opened)
        _date(wave, admin, opened=opened, closes=closes)
        groups = _groups(wave)
        own, others = groups["self"], groups["others"]
        if not others.invitations.exists():
            add_people(group=own, people=members_to_add(own), by=admin)
            add_people(group=others, people=[Person(name=next(names)) for _ in range(11)], by=admin)
        open_wave(wave=wave, by=admin, now=opened)
        others_view, own_view = Crowd(dice=dice, offset=story.OF_MARTA), Crowd(dice=dice)
        others_view.fill_in(others, answered, invitations=not_answered(others))
        own_view.fill_in(own, 1, invitations=not_answered(own), share=0.5 if open_still else 1.0)
        if not open_still:
            _close(wave, admin, closes)


def _close(wave: Wave, admin: User, closes: datetime) -> None:
    """On the map as it is told until then: what follows in the story comes after."""
    close_wave(wave=wave, by=admin, now=closes)
    count_votes(wave_id=wave.pk)


def _date(wave: Wave, admin: User, *, opened: datetime, closes: datetime) -> None:
    change_wave(
        wave=wave,
        by=admin,
        title=_season(closes),
        live_results=False,
        opens_on=timezone.localdate(opened),
        closes_on=timezone.localdate(closes),
    )


def _invite(groups: dict[str, WaveGroup], names: Iterator[str], admin: User) -> None:
    """Customers and communities get a public link, employees and partners personal ones, leaders by their account."""
    for key in ("customers", "communities"):
        set_public_link(group=groups[key], on=True, expected=story.ASKED[key], by=admin)
    for key in ("employees", "partners"):
        add_people(group=groups[key], people=[Person(name=next(names)) for _ in range(story.ASKED[key])], by=admin)
    add_people(group=groups["leaders"], people=members_to_add(groups["leaders"]), by=admin)


def _answer(crowd: Crowd, group: WaveGroup, count: int) -> None:
    if group.public_link_on:
        crowd.fill_in(group, count)
        return
    asked = [person for person in not_answered(group) if person.name != accounts.LEADER.name]
    crowd.fill_in(group, count, invitations=asked)


def _groups(wave: Wave) -> dict[str, WaveGroup]:
    path = ("wave__assessment__ecosystem__organization", "wave__assessment__leader", "wave__version")
    return {group.key: group for group in wave.groups.select_related(*path)}


def _names(dice: random.Random) -> Iterator[str]:
    pairs = [f"{first} {last}" for first in network.FIRST_NAMES for last in network.LAST_NAMES]
    dice.shuffle(pairs)
    return iter(pairs)


def _season(day: datetime) -> str:
    if day.month == 1:
        return f"Autumn {day.year - 1}"
    return f"{'Spring' if day.month < 8 else 'Autumn'} {day.year}"
