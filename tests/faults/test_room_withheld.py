"""Somebody who reads every page, stream and file of a small anonymous room, before and after every act.

Two worlds differ only in what a few people said. Where those few may not be recognised, everything that leaves the
server must be the same in both, from the vote to the minutes. Then no difference of frames can tell of them either.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ActivityKind
from assessments.links import minutes_token, seat_token
from assessments.live.events import room_topic
from assessments.models import Activity, Round, Seat, Workshop
from assessments.models.activity_plans import DotsPlan, IdeasPlan, Option
from assessments.projector_links import projector_path
from assessments.services import ideas, rounds, stage, votes
from assessments.services.ballots import GivenReason, GivenVote
from assessments.services.ideas import GivenIdea
from assessments.views import phones, room_frames
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import READY, make_activity, make_seats, make_workshop

pytestmark = pytest.mark.django_db
MINIMUM = 5
CHANGING = (
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",  # new keys of forms
    rb"\b[A-Za-z0-9]{64}\b",  # tokens against forged forms
    rb":1[A-Za-z0-9]{5}:[A-Za-z0-9_-]{43}",  # when an address was signed
    rb"\b1[0-9]{12}\b",  # the server's clock in ms
    rb"[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?(\.[0-9]+)?",
    rb'etag="[^"]*"',
)
Frames = dict[str, bytes]
Say = Callable[[], object]


class Reader:
    """Reads everything: as a phone in the room, as the facilitator, as the projector, and as a member afterwards."""

    def __init__(self, workshop: Workshop, own: Seat, facilitator: User) -> None:
        self.workshop, self.own = workshop, own
        self.client = Client()
        self.client.force_login(facilitator, backend="django.contrib.auth.backends.ModelBackend")
        organization = workshop.organization.slug
        phone = f"/w/{seat_token(own)}/"
        console = reverse("assessments:console", args=[organization, workshop.pk])
        minutes = reverse("assessments:minutes", args=[organization, workshop.pk])
        by_link = reverse("assessments:minutes-by-link", args=[minutes_token(workshop)])
        projector = projector_path(workshop)
        self.places = [
            *(phone, f"{phone}?change=1", f"{phone}state/", f"{phone}own/"),
            *(console, f"{console}?part=live", reverse("assessments:console-people", args=[organization, workshop.pk])),
            *(projector, f"{projector}state/"),
            *(minutes + query for query in ("", "?format=csv", "?format=json", "?format=html")),
            *(by_link + query for query in ("", "?format=csv", "?format=json", "?format=html")),
            reverse("assessments:workshop", args=[organization, workshop.pk]),
            reverse("assessments:workshops", args=[organization]),
        ]

    def frames(self) -> Frames:
        phones._frames.cache_clear()  # a world that never was has left its view there
        read = {"stream": repr(room_frames.Frames().frames([room_topic(self.workshop.pk)])).encode()}
        for place in self.places:
            answer = self.client.get(place)
            assert answer.status_code in (200, 404), (place, answer.status_code)
            read[place] = b"%d %s" % (answer.status_code, answer.content)
        return {place: _lasting(body) for place, body in read.items()}


def _lasting(body: bytes) -> bytes:
    for changing in CHANGING:
        body = re.sub(changing, b"*", body)
    return body


@contextmanager
def world() -> Iterator[None]:
    """What happens here is undone, so that the other world begins where this one began."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Difference:
    """A place at which two worlds look different once this many acts have followed."""

    place: str
    acts: int
    one: bytes
    other: bytes


def tell_apart(reader: Reader, first: Say, second: Say, after: Sequence[Say]) -> list[Difference]:
    seen: list[list[Frames]] = []
    for say in (first, second):
        with world():
            say()
            seen.append([reader.frames()])
            for act in after:
                act()
                seen[-1].append(reader.frames())
    found = []
    for acts, (one, other) in enumerate(zip(*seen, strict=True)):
        for place in one:
            pairs = zip(one[place], other[place], strict=False)
            if one[place] != other[place]:
                at = next((at for at, (a, b) in enumerate(pairs) if a != b), 0)
                part = slice(max(0, at - 60), at + 60)
                found.append(Difference(place, acts, one[place][part], other[place][part]))
    return found


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    return make_workshop(ecosystem, created_by=facilitator, min_group_size=MINIMUM, comment_min_group_size=MINIMUM + 1)


@pytest.fixture
def seats(workshop: Workshop) -> list[Seat]:
    """People who stay here however long it takes to read both worlds."""
    return make_seats(workshop, 12, seen_at=timezone.now() + timedelta(hours=1))


@pytest.fixture
def reader(workshop: Workshop, facilitator: User) -> Reader:
    """Holds a seat of the room and says nothing."""
    return Reader(workshop, make_seats(workshop, seen_at=timezone.now() + timedelta(hours=1))[0], facilitator)


def cast(round: Round, said: Mapping[Seat, int], *, why: str = "", items: Sequence[str] = ("ready",)) -> None:
    revision = time.time_ns() // 1_000_000
    for seat, value in said.items():
        given = [GivenVote(item=item, value=value if item == items[0] else 0, revision=revision) for item in items]
        reasons = [GivenReason(item=items[0], text=f"{why} {value}", revision=revision)] if why else []
        done = votes.cast_votes(seat=seat.pk, round_id=round.pk, votes=given, reasons=reasons)
        assert done.refused == ()


def same(seats: Sequence[Seat], value: int) -> dict[Seat, int]:
    return dict.fromkeys(seats, value)


def to_the_end(round: Round, by: User) -> list[Say]:
    """Reveal, discuss, end: and what stands then."""
    return [
        lambda: rounds.close_round(round=round, by=by),
        lambda: rounds.reveal_round(round=round, by=by),
        lambda: stage.end_workshop(workshop=round.activity.workshop, by=by),
    ]


def opened(activity: Activity, by: User) -> Round:
    return rounds.open_round(activity=activity, seconds=None, by=by)


def test_the_reader_sees_what_is_not_withheld(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User
) -> None:
    """The two worlds are told apart where they may be: else none of the tests here could fail."""
    round = opened(make_activity(workshop), facilitator)
    found = tell_apart(
        reader,
        lambda: cast(round, same(seats[:7], 2), why="because"),
        lambda: cast(round, same(seats[:7], 9), why="because"),
        to_the_end(round, facilitator),
    )
    assert {one.acts for one in found} == {2, 3}  # nothing before the reveal
    shown = {one.place for one in found}
    phone, state, console, live, projector, projected, minutes, files = (
        *(reader.places[at] for at in (0, 2, 4, 5, 7, 8, 9)),
        set(reader.places[10:17]),
    )
    assert shown >= {"stream", phone, state, console, live, projector, minutes, *files}
    assert projected == f"{projector}state/"


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
def test_fewer_than_the_minimum_stay_unknown_for_ever(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User, people: int
) -> None:
    round = opened(make_activity(workshop), facilitator)
    found = tell_apart(
        reader,
        lambda: cast(round, same(seats[:people], 2), why="because"),
        lambda: cast(round, same(seats[:people], 9), why="because"),
        to_the_end(round, facilitator),
    )
    assert found == []


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
@pytest.mark.parametrize("others_again", [1, 7])
def test_few_newcomers_to_a_later_round_stay_unknown(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User, people: int, others_again: int
) -> None:
    first = opened(make_activity(workshop), facilitator)
    cast(first, same(seats[:7], 5))
    rounds.reveal_round(round=first, by=facilitator)
    second = rounds.ask_again(round=first, seconds=None, by=facilitator)
    cast(second, same(seats[:others_again], 6))
    found = tell_apart(
        reader,
        lambda: cast(second, same(seats[7 : 7 + people], 2), why="because"),
        lambda: cast(second, same(seats[7 : 7 + people], 9), why="because"),
        to_the_end(second, facilitator),
    )
    assert found == []


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
def test_few_who_change_their_vote_stay_unknown(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User, people: int
) -> None:
    first = opened(make_activity(workshop), facilitator)
    cast(first, same(seats[:9], 5))
    rounds.reveal_round(round=first, by=facilitator)
    second = rounds.ask_again(round=first, seconds=None, by=facilitator)
    found = tell_apart(
        reader,
        lambda: cast(second, same(seats[:people], 2), why="because"),
        lambda: cast(second, same(seats[:people], 9), why="because"),
        to_the_end(second, facilitator),
    )
    assert found == []


def test_who_waits_through_three_rounds_is_never_told_by_the_next(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User
) -> None:
    """Two newcomers in each of rounds 2 and 3: together still fewer than the minimum."""
    first = opened(make_activity(workshop), facilitator)
    cast(first, same(seats[:8], 5))
    rounds.reveal_round(round=first, by=facilitator)
    second = rounds.ask_again(round=first, seconds=None, by=facilitator)
    third = Round(id=second.pk + 1_000, activity=second.activity)  # with the same key in both worlds

    def again() -> None:
        Round.objects.filter(pk=rounds.ask_again(round=second, seconds=None, by=facilitator).pk).update(id=third.pk)
        cast(third, same(seats[10:12], 7))

    found = tell_apart(
        reader,
        lambda: cast(second, same(seats[8:10], 2)),
        lambda: cast(second, same(seats[8:10], 9)),
        [
            lambda: rounds.reveal_round(round=second, by=facilitator),
            again,
            lambda: rounds.reveal_round(round=third, by=facilitator),
            lambda: stage.end_workshop(workshop=workshop, by=facilitator),
        ],
    )
    assert found == []


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
@pytest.mark.parametrize("kind", [ActivityKind.IDEAS, ActivityKind.CHECK])
def test_texts_of_few_stay_unread(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User, people: int, kind: ActivityKind
) -> None:
    round = opened(make_activity(workshop, kind=kind, plan=IdeasPlan()), facilitator)

    def write(words: str) -> None:
        revision = time.time_ns() // 1_000_000
        for seat in seats[:people]:
            key = uuid5(UUID(int=0), f"{seat.pk}")
            given = GivenIdea(key=key, text=words, revision=revision)
            ideas.write_ideas(seat=seat.pk, round_id=round.pk, ideas=[given])

    found = tell_apart(
        reader, lambda: write("The stock is low"), lambda: write("Nobody asks us"), to_the_end(round, facilitator)
    )
    assert found == []


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
def test_dots_of_few_newcomers_stay_unknown(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User, people: int
) -> None:
    plan = DotsPlan(options=(Option("a", "Buy"), Option("b", "Make")), dots=5, most=5)
    first = opened(make_activity(workshop, kind=ActivityKind.DOTS, plan=plan), facilitator)
    cast(first, same(seats[:7], 2), items=("a", "b"))
    rounds.reveal_round(round=first, by=facilitator)
    second = rounds.ask_again(round=first, seconds=None, by=facilitator)
    found = tell_apart(
        reader,
        lambda: cast(second, same(seats[7 : 7 + people], 1), items=("a", "b")),
        lambda: cast(second, same(seats[7 : 7 + people], 5), items=("a", "b")),
        to_the_end(second, facilitator),
    )
    assert found == []


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
def test_reasons_of_few_stay_unread_beside_a_shown_result(
    workshop: Workshop, seats: list[Seat], reader: Reader, facilitator: User, people: int
) -> None:
    round = opened(make_activity(workshop), facilitator)
    cast(round, same(seats[:8], 5))

    def explain(words: str) -> None:
        revision = time.time_ns() // 1_000_000
        for seat in seats[:people]:
            reason = GivenReason(item=READY.items[0].key, text=words, revision=revision)
            votes.cast_votes(seat=seat.pk, round_id=round.pk, votes=[], reasons=[reason])

    found = tell_apart(
        reader, lambda: explain("The stock is low"), lambda: explain("Nobody asks us"), to_the_end(round, facilitator)
    )
    assert found == []
