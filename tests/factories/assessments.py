"""Instruments, assessments, waves and answers, made as the product makes them where that is quick."""

import itertools
import random
from functools import cache
from typing import Any

from django.utils import timezone

from assessments.enums import About, Anonymity, InvitationStatus, Rhythm
from assessments.imports.instrument_documents import read_instrument
from assessments.models import Assessment, Instrument, InstrumentVersion, Invitation, Response, Wave, WaveGroup
from assessments.selectors.definitions import item_codes_of
from assessments.services.assessments import create_assessment
from assessments.services.instruments import DEFAULT_INSTRUMENT
from assessments.services.invitations import Person, add_people
from assessments.services.wave_setup import create_wave
from assessments.services.waves import close_wave, open_wave
from ecosystems.models import Ecosystem, Organization, User

_numbers = itertools.count(1)


@cache
def default_definition() -> dict[str, Any]:
    """The instrument that comes with the product; read and checked once a run."""
    definition = read_instrument(DEFAULT_INSTRUMENT.read_bytes()).definition
    assert definition is not None
    return definition


def make_version(organization: Organization | None = None, *, published: bool = True) -> InstrumentVersion:
    """A version of an instrument with the default questions; published as the next number, or its draft."""
    definition = default_definition()
    instrument, _made = Instrument.objects.get_or_create(
        organization=organization, code=definition["code"], defaults={"name": definition["name"]}
    )
    return InstrumentVersion.objects.create(
        instrument=instrument,
        number=instrument.versions.count() + 1 if published else None,
        published_at=timezone.now() if published else None,
        definition=definition,
        item_codes=item_codes_of(definition),
    )


def make_assessment(
    ecosystem: Ecosystem,
    *,
    name: str = "",
    leader: User | None = None,
    rhythm: Rhythm = Rhythm.HALF_YEARLY,
    instrument: Instrument | None = None,
) -> Assessment:
    """An assessment of the system, or of `leader`; with the default questions, published."""
    instrument = instrument or Instrument.objects.first() or make_version().instrument
    return create_assessment(
        ecosystem=ecosystem,
        instrument=instrument,
        name=name or f"Assessment {next(_numbers)}",
        about=About.LEADER if leader else About.SYSTEM,
        leader=leader,
        rhythm=rhythm,
        by=None,
    )


def make_wave(assessment: Assessment | Ecosystem, *, people: int = 0, group: str = "customers", **changes: Any) -> Wave:
    """A wave in preparation with the usual groups, and `people` with addresses in one of them."""
    if isinstance(assessment, Ecosystem):
        assessment = make_assessment(assessment)
    wave = create_wave(assessment=assessment, by=None)
    if changes:
        Wave.objects.filter(pk=wave.pk).update(**changes)
        wave.refresh_from_db()
    if people:
        invite(wave, people, group=group)
    return wave


def invite(wave: Wave, people: int, *, group: str = "customers", domain: str = "people.example") -> list[Invitation]:
    """New people with addresses in a group."""
    numbers = [next(_numbers) for _ in range(people)]
    addresses = [f"person{number}@{domain}" for number in numbers]
    chosen = wave.groups.get(key=group)
    add_people(
        group=chosen,
        people=[Person(name=f"Person {n}", email=a) for n, a in zip(numbers, addresses, strict=True)],
        by=None,
    )
    return list(chosen.invitations.filter(email__in=addresses).order_by("pk"))


def make_open_wave(assessment: Assessment | Ecosystem, *, people: int = 1, **kwargs: Any) -> Wave:
    """An open wave whose invitations are not sent: no worker is asked within a test's transaction."""
    return open_wave(wave=make_wave(assessment, people=people, **kwargs), by=None)


def make_closed_wave(assessment: Assessment | Ecosystem, *, answers: int = 0, **kwargs: Any) -> Wave:
    """A closed wave with that many answers of customers, not scored."""
    wave = make_open_wave(assessment, people=max(1, answers), **kwargs)
    if answers:
        answer(wave.groups.get(key="customers"), answers)
    return close_wave(wave=wave, by=None)


def answer(group: WaveGroup, count: int, *, seed: int = 1) -> list[Response]:
    """Submitted responses with plausible values for every item, and as many of the invited marked as submitted."""
    dice, items = random.Random(seed), len(group.wave.version.item_codes)
    named = group.wave.anonymity == Anonymity.NAMED
    people = list(group.invitations.exclude(status=InvitationStatus.SUBMITTED).order_by("pk")[:count])
    Invitation.objects.filter(pk__in=[one.pk for one in people]).update(status=InvitationStatus.SUBMITTED)
    return Response.objects.bulk_create(
        Response(
            wave=group.wave,
            group=group,
            values=[dice.randint(1, 5) for _ in range(items)],
            is_anonymous=not named,
            invitation=people[at] if named and at < len(people) else None,
        )
        for at in range(count)
    )
