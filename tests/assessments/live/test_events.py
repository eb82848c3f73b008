"""The encoding of events, and the tokens that allow to listen."""

from uuid import UUID

import pytest
from django.core import signing

from assessments.live import events
from assessments.live.events import PAGES_OF_A_READER, StreamRefused, Ticket, encode, news_of, read_ticket, stream_token

SEAT = UUID("6f1c2f1e-3b1d-4a55-9d0e-2b0f4d1c9a77")


def test_an_event_without_a_name_is_what_waves_send():
    assert encode({"version": 3, "state": "open"}) == b'id: 3\ndata: {"version":3,"state":"open"}\n\n'


def test_an_event_of_a_room_has_its_name_and_stays_on_one_line():
    sent = encode({"version": 3, "html": "<p>a\nb\r</p>"}, "view")
    assert sent == b'event: view\nid: 3\ndata: {"version":3,"html":"<p>a\\nb\\r</p>"}\n\n'


def test_letters_travel_as_they_are_and_half_of_one_stops_nothing():
    # a stream's lines end with CR and LF only, whatever else ends lines elsewhere
    assert encode({"html": "готовы\u2028\ud800"}) == 'id: 0\ndata: {"html":"готовы\u2028?"}\n\n'.encode()


def test_time_alone_is_no_news():
    payload = {"version": 3, "answered": 2, "now": 5}
    assert news_of(payload, "pulse") == {"version": 3, "answered": 2}
    assert news_of(payload, "view") == {"answered": 2}
    assert news_of(payload, "") == payload


@pytest.mark.parametrize("seat", [None, SEAT])
def test_a_token_brings_back_what_it_was_made_of(seat):
    assert read_ticket(stream_token("room:7", seat)) == Ticket("room:7", seat)


def test_a_reader_is_the_same_in_every_token_and_not_named_in_any():
    tickets = [
        read_ticket(stream_token(topic, reader=one)) for topic, one in (("room:7", 41), ("map:1", 41), ("map:1", 4))
    ]
    assert [(one.topic, one.seat, one.most) for one in tickets] == [
        ("room:7", None, PAGES_OF_A_READER),
        ("map:1", None, PAGES_OF_A_READER),
        ("map:1", None, PAGES_OF_A_READER),
    ]
    readers = [one.reader for one in tickets]
    assert (readers[0] == readers[1], readers[1] == readers[2], {len(one) for one in readers}) == (True, False, {16})
    assert signing.loads(stream_token("map:1", reader=41, most=3), salt=events.STREAM_SALT) == ["map:1", readers[0], 3]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "forged",
        "room:7",
        stream_token("room:7")[:-1],
        signing.dumps("room:7", salt="another"),
        signing.dumps(7, salt=events.STREAM_SALT),
        signing.dumps(["room:7"], salt=events.STREAM_SALT),
        signing.dumps(["room:7", "no seat"], salt=events.STREAM_SALT),
        signing.dumps([7, SEAT.hex], salt=events.STREAM_SALT),
        signing.dumps(["room:7", "somebody", "many"], salt=events.STREAM_SALT),
        signing.dumps({"topic": "room:7"}, salt=events.STREAM_SALT),
    ],
    ids=[
        "empty",
        "made up",
        "a topic",
        "cut",
        "other salt",
        "number",
        "no seat",
        "bad seat",
        "bad topic",
        "bad number",
        "mapping",
    ],
)
def test_a_token_that_was_never_given_out_is_refused(token):
    with pytest.raises(StreamRefused):
        read_ticket(token)


def test_a_token_ends(monkeypatch):
    token = stream_token("room:7", SEAT)
    monkeypatch.setattr(events, "TOKEN_SECONDS", -1)
    with pytest.raises(StreamRefused):
        read_ticket(token)
