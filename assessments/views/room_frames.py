"""What streams send of rooms: the phone's page as one fragment for all, and the counts. Knows no addresses of pages."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models.functions import Now
from django.template.loader import render_to_string

from assessments.dashboards.rooms.phone import phone
from assessments.live.events import room_of, room_topic
from assessments.models import Seat
from assessments.selectors.pulses import Pulse, pulses
from assessments.selectors.rooms import rooms
from assessments.selectors.shown_rooms import Room

MOST_VIEWS: Final = 200
"""Rooms whose rendered view a process keeps; the one that was not asked for longest is rendered anew."""


class Frames:
    """Views and pulses by topic. A view is rendered again only when the room's version or its round's state changed."""

    def __init__(self) -> None:
        self._views: OrderedDict[int, tuple[object, dict[str, Any]]] = OrderedDict()

    def frames(self, topics: Sequence[str]) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """Topic → "view" and "pulse" → payload; rooms that are gone are left out. One query while nothing changes."""
        counts = pulses([room_of(topic) for topic in topics])
        self._render({pk: _stamp(pulse) for pk, pulse in counts.items()})
        return {
            room_topic(pk): {"view": self._views[pk][1], "pulse": pulse_payload(pulse)}
            for pk, pulse in counts.items()
            if pk in self._views
        }

    def present(self, seats: Collection[UUID]) -> None:
        """Note that these seats are listening now."""
        Seat.objects.filter(pk__in=seats).update(seen_at=Now())

    def _render(self, stamps: Mapping[int, object]) -> None:
        old = [pk for pk, stamp in stamps.items() if pk not in self._views or self._views[pk][0] != stamp]
        if old:
            for pk, room in rooms(old).items():
                self._views[pk] = (stamps[pk], view_payload(room))
        for pk in stamps:
            if pk in self._views:
                self._views.move_to_end(pk)
        while len(self._views) > max(MOST_VIEWS, len(stamps)):
            self._views.popitem(last=False)


def view_payload(room: Room) -> dict[str, Any]:
    """What changes with acts of a facilitator: the same for every phone.

    `state` is that of the room's round, '' without one; `room` that of the workshop; `groups`: the marks
    of seats by breakout group.
    """
    shown = phone(room)
    return {
        "version": room.version,
        "room": room.state.value,
        "step": shown.step,
        "round": shown.round,
        "state": room.round.state.value if room.round else "",
        "html": render_to_string("assessments/phone/_room.html", {"phone": shown}),
        "removed": list(room.removed),
        "groups": {label: list(marks) for label, marks in room.seated.items()},
    }


def pulse_payload(pulse: Pulse) -> dict[str, Any]:
    """The counts, and what counts down: times in ms of the server's clock."""
    return {
        "version": pulse.version,
        "step": pulse.step,
        "round": pulse.round,
        "state": pulse.state,
        "answered": pulse.answered,
        "asked": pulse.asked,
        "here": pulse.here,
        "away": pulse.away,
        "closes_at": round(pulse.closes_at.timestamp() * 1000) if pulse.closes_at else None,
        "now": round(pulse.now.timestamp() * 1000),
    }


def _stamp(pulse: Pulse) -> object:
    return pulse.version, pulse.round, pulse.state
