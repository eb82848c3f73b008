"""What no page of ours sends to a room: every body is answered, none with an error, and nothing gets in by it."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import ActivityKind
from assessments.forms.room_writes import LARGEST_BODY, LONGEST_LIST
from assessments.links import seat_token
from assessments.models import Commitment, Idea, Reason, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import CommitPlan, IdeasPlan, LinksPlan, Pair
from assessments.services import seat_pace
from assessments.services.pace import Pace
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
KINDS = ("votes", "ideas", "commitments")
KEY = "5b0d2c8e-8a3c-4c8e-9d7f-0c1d2e3f4a5b"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(burst=seat_pace.BURST, a_second=seat_pace.A_SECOND, most=seat_pace.MOST_SEATS)
    monkeypatch.setattr(seat_pace, "_pace", pace)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def seat(workshop: Workshop) -> Seat:
    return make_seats(workshop)[0]


@pytest.fixture
def rating(workshop: Workshop) -> Round:
    return make_round(make_activity(workshop))


def send(seat: Seat | str, kind: str, body: object, **more):
    token = seat if isinstance(seat, str) else seat_token(seat)
    browser = Client(raise_request_exception=False)
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return browser.post(reverse(f"assessments:room-{kind}", args=[token]), content, "application/json", **more)


def nothing_was_kept() -> bool:
    return not any(model.objects.exists() for model in (Vote, Reason, Idea, Commitment))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"null",
        b"[]",
        b'"x"',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"9" * 60_000,
        b'{"round": ' + b"9" * 5_000 + b"}",
        b'{"round": NaN}',
        b'{"round": true}',
        b'{"round": "1"}',
        b'{"round": 0}',
        b'{"round": 9223372036854775808}',
        b"\xff\xfe\x00",
        b'{"round": 1, "votes": {}, "ideas": {}, "commitments": {}}',
        b'{"round": 1, "votes": [1], "ideas": [null], "commitments": ["x"]}',
        b'{"round": 1, "votes": [{}], "ideas": [{}], "commitments": [{}]}',
        json.dumps({"round": 1, **{kind: [{}] * (LONGEST_LIST + 1) for kind in KINDS}}).encode(),
        b"x" * (LARGEST_BODY + 1),
    ],
    ids=lambda body: repr(body[:30]),
)
def test_bodies_that_are_none(seat: Seat, kind: str, body: bytes) -> None:
    answer = send(seat, kind, body)
    assert (answer.status_code, json.loads(answer.content)["reason"]) in ((400, "unreadable"), (413, "too-large"))
    assert nothing_was_kept()


@pytest.mark.parametrize("value", [None, True, "6", 6.5, [], {}, -32768, 2**15, 2**63, 10**400, "x" * 5_000])
@pytest.mark.parametrize("part", ["item", "value", "confidence", "delay", "revision"])
def test_parts_of_a_vote_that_fit_no_column(seat: Seat, rating: Round, part: str, value: object) -> None:
    vote = {"item": "ready", "value": 6, "confidence": 3, "delay": 1, "revision": 5, part: value}
    answer = send(seat, "votes", {"round": rating.pk, "votes": [vote]})
    told = json.loads(answer.content)
    assert answer.status_code in (200, 400), told
    if part not in ("confidence", "delay", "revision"):
        assert answer.status_code == 400 or told["refused"]
        assert nothing_was_kept()


@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "a\0b", "x" * 5_000, "<script>alert(1)</script>", "\u202e" * 400, "%s"]
)
def test_texts_that_are_strange(workshop: Workshop, seat: Seat, text: str) -> None:
    ideas = make_round(make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan()))
    promises = make_round(make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan()))
    rating = make_round(make_activity(workshop))
    reason = {"item": text, "text": text, "revision": 1}
    answers = [
        send(seat, "ideas", {"round": ideas.pk, "ideas": [{"key": KEY, "text": text, "revision": 1}]}),
        send(seat, "votes", {"round": rating.pk, "reasons": [reason, {**reason, "item": "ready"}]}),
        send(
            seat,
            "commitments",
            {
                "round": promises.pk,
                "commitments": [{"key": KEY, "text": text, "owner": text, "facet": text, "revision": 1}],
            },
        ),
    ]
    assert [answer.status_code for answer in answers] == [200] * 3
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for kept in [*Idea.objects.values_list("text", flat=True), *Reason.objects.values_list("text", flat=True)]:
        assert not re.search("[\0\ud800-\udfff]", kept)
        assert len(kept) <= 1_000


@pytest.mark.parametrize("key", ["", "x", "0" * 33, None, 5, "{}", "\0"])
def test_keys_that_are_none(seat: Seat, key: object) -> None:
    for kind in ("ideas", "commitments"):
        entry = {"key": key, "text": "x", "owner": "y", "revision": 1}
        for body in ({kind: [entry]}, {"gone": [key]}):
            answer = send(seat, kind, {"round": 1, **body})
            assert (answer.status_code, json.loads(answer.content)["reason"]) == (400, "unreadable")


@pytest.mark.parametrize("due", ["x", "2026-02-30", "2026-13-01", 5, [], "9" * 5_000])
def test_dates_that_are_none(seat: Seat, due: object) -> None:
    entry = {"key": KEY, "text": "x", "owner": "y", "due": due, "revision": 1}
    assert send(seat, "commitments", {"round": 1, "commitments": [entry]}).status_code == 400


@pytest.mark.parametrize("kind", KINDS)
def test_forged_tokens(seat: Seat, rating: Round, kind: str) -> None:
    token = seat_token(seat)
    made_up = [
        "x",
        "x" * 5_000,
        token[:-1],
        token + "A",
        "p" + token[1:],
        token[:20] + ("A" if token[20] != "A" else "B") + token[21:],
        token.swapcase(),
        "\0",
        "s" + "٣" * 36,
    ]
    for forged in made_up:
        answer = send(forged, kind, {"round": rating.pk, "votes": [{"item": "ready", "value": 6, "revision": 1}]})
        assert (answer.status_code, json.loads(answer.content)["reason"]) == (404, "mistyped"), forged
    assert nothing_was_kept()


def removed(seat: Seat, round: Round) -> None:
    Seat.objects.update(is_removed=True)


def ended(seat: Seat, round: Round) -> None:
    Workshop.objects.update(state="ended", ended_at="2026-01-01T00:00Z")


def closed(seat: Seat, round: Round) -> None:
    Round.objects.update(state="closed")


def uncounted(seat: Seat, round: Round) -> None:
    Seat.objects.update(is_counted=False)


def elsewhere(seat: Seat, round: Round) -> None:
    Seat.objects.update(workshop=make_workshop(seat.workshop.ecosystem))


def expired(seat: Seat, round: Round) -> None:
    Seat.objects.all().delete()


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        (removed, 409, "removed"),
        (ended, 409, "ended"),
        (closed, 409, "closed"),
        (uncounted, 409, "not-counted"),
        (elsewhere, 409, "other-round"),
        (expired, 410, "gone"),
    ],
)
def test_every_refusal_says_which(
    workshop: Workshop, seat: Seat, change: Callable[[Seat, Round], None], status: int, reason: str
) -> None:
    rounds = {
        "votes": make_round(make_activity(workshop)),
        "ideas": make_round(make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan())),
        "commitments": make_round(make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan())),
    }
    bodies = {
        "votes": {"votes": [{"item": "ready", "value": 6, "revision": 1}]},
        "ideas": {"ideas": [{"key": KEY, "text": "x", "revision": 1}]},
        "commitments": {"commitments": [{"key": KEY, "text": "x", "owner": "y", "revision": 1}]},
    }
    change(seat, rounds["votes"])
    for kind, round in rounds.items():
        answer = send(seat, kind, {"round": round.pk, **bodies[kind]})
        told = json.loads(answer.content)
        assert (answer.status_code, told["reason"], bool(told["message"])) == (status, reason, True)
    assert nothing_was_kept()


def test_two_hundred_at_once_from_one_seat_hold_up_nobody_else(workshop: Workshop, seat: Seat, rating: Round) -> None:
    (other,) = make_seats(workshop)

    def vote(who: Seat, revision: int):
        return send(who, "votes", {"round": rating.pk, "votes": [{"item": "ready", "value": 6, "revision": revision}]})

    answers = [vote(seat, number) for number in range(1, 201)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(refused) > 100
    assert {
        (answer.status_code, json.loads(answer.content)["reason"], json.loads(answer.content)["wait"])
        for answer in refused
    } == {(429, "slow-down", 1)}
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert vote(other, 1).status_code == 200
    assert Vote.objects.filter(seat=seat).count() == Vote.objects.filter(seat=other).count() == 1


def form(seat: Seat, kind: str, data: dict[str, object]):
    browser = Client(raise_request_exception=False)
    return browser.post(reverse(f"assessments:room-{kind}", args=[seat_token(seat)]), data)


def test_forms_lead_back_to_the_room(workshop: Workshop, seat: Seat, rating: Round) -> None:
    answer = form(seat, "votes", {"round": rating.pk, "value-ready": "7", "reason-ready": "Two suppliers"})
    assert (answer.status_code, answer.url) == (302, "../")
    assert (Vote.objects.get().value, Reason.objects.get().text) == (7, "Two suppliers")
    form(seat, "votes", {"round": rating.pk, "value-ready": "cant-say"})
    assert Vote.objects.get().value == -32768
    assert form(seat, "votes", {"round": rating.pk, "value-ready": ""}).status_code == 302
    ideas = make_round(make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan()))
    other = str(uuid4())
    form(seat, "ideas", {"round": ideas.pk, f"new-{KEY}": "One", f"new-{other}": " "})
    assert list(Idea.objects.values_list("text", flat=True)) == ["One"]
    form(seat, "ideas", {"round": ideas.pk, f"idea-{KEY}": "Changed"})
    assert Idea.objects.get().text == "Changed"
    form(seat, "ideas", {"round": ideas.pk, f"idea-{KEY}": "Changed", "gone": KEY})
    assert not Idea.objects.exclude(round=None).exists()
    promises = make_round(make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan()))
    form(seat, "commitments", {"round": promises.pk, "key": KEY, "text": "Meet", "owner": "Ana", "due": ""})
    assert Commitment.objects.get().text == "Meet"
    form(seat, "commitments", {"round": promises.pk, "gone": KEY})
    assert not Commitment.objects.exists()


def test_links_in_a_form_are_a_sign_and_a_strength(workshop: Workshop, seat: Seat) -> None:
    plan = LinksPlan(pairs=tuple(Pair(key=key, source="Trust", target=key) for key in "abcd"))
    round = make_round(make_activity(workshop, kind=ActivityKind.LINKS, plan=plan))
    data = {"round": round.pk, "sign-a": "-1", "strength-a": "3", "delay-a": "2", "sign-b": "0", "sign-c": "cant-say"}
    assert form(seat, "votes", {**data, "sign-d": ""}).status_code == 302
    assert dict(Vote.objects.values_list("item", "value")) == {"a": -3, "b": 0, "c": -32768}
    for strength in ("", "-2", "4", "x"):
        answer = form(seat, "votes", {"round": round.pk, "sign-a": "1", "strength-a": strength})
        assert (answer.status_code, Vote.objects.get(item="a").value) == (422, -3)
        assert "Choose whether it raises or lowers, and how strongly." in answer.content.decode()


def test_a_form_that_cannot_be_taken_shows_what_was_typed(seat: Seat, rating: Round) -> None:
    data = {"round": rating.pk, "value-ready": "eleven", "reason-ready": "<script>alert(1)</script> because"}
    answer = form(seat, "votes", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a number from 1 to 10." in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; because" in page
    assert "<script>alert" not in page
    Round.objects.update(state="closed")
    answer = form(seat, "votes", data)
    assert answer.status_code == 409
    assert "The round closed before this arrived, so it was not counted." in answer.content.decode()
    assert "because" in answer.content.decode()
    for broken in ({}, {"round": "x"}, {"round": "9" * 400}, {"round": "²"}):
        assert form(seat, "votes", broken).status_code == 400
        assert form(seat, "ideas", {**broken, "new-x": "Kept"}).status_code == 400
    assert form(seat, "commitments", {"round": rating.pk, "key": "x"}).status_code == 400
