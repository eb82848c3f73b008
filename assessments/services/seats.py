"""Seats: a phone joins a workshop, is taken out, and let in again."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from assessments.enums import WorkshopState
from assessments.live import bus
from assessments.live.events import room_topic
from assessments.models import Breakout, Seat, Workshop
from assessments.selectors.pulses import AWAY_SECONDS
from assessments.services import join_pace
from assessments.services.acts import acted, locked_workshop
from assessments.services.drafts import cleaned_comment
from assessments.services.room_problems import (
    Ended,
    GroupNeeded,
    Locked,
    ManyAtOnce,
    NameNeeded,
    NameTooLong,
    NotOpenYet,
    RoomFull,
)
from ecosystems.enums import StakeholderGroup
from ecosystems.models import User
from ecosystems.names import visible

MOST_SEATS: Final = 5_000
"""In the room at a time: seats that nobody holds, or that were taken out, leave their place to others."""
MOST_EVER: Final = 50_000
LONGEST_NAME: Final = 60


@transaction.atomic
def join(*, workshop: Workshop, join_key: UUID, name: str = "", group: str = "", counted: bool = True) -> Seat:
    """The seat of whoever presses Join; pressing twice with one `join_key` gives one seat, which stays as it was.

    Name and group are kept only where the workshop asks for them. A facilitator's own phone (`counted` False) needs
    neither. Raises NotOpenYet, Ended, Locked, RoomFull, ManyAtOnce, NameNeeded, NameTooLong, GroupNeeded.
    """
    workshop = locked_workshop(workshop.pk)  # nobody comes in while the doors are being locked; votes are not held up
    if workshop.state == WorkshopState.ENDED:
        raise Ended
    known = Seat.objects.filter(workshop=workshop, join_key=join_key).first()
    if known is not None:
        return known
    _check_doors(workshop)
    name, group = _name(workshop, name, needed=counted), _group(workshop, group, needed=counted)
    if not join_pace.allowed(workshop.pk):
        raise ManyAtOnce
    seat = Seat.objects.create(
        workshop=workshop,
        join_key=join_key,
        name=name,
        group=group,
        breakout=_smallest_breakout(workshop) if counted else None,
        is_counted=counted,
        seen_at=timezone.now(),
    )
    bus.wake_on_commit(room_topic(workshop.pk))
    return seat


@transaction.atomic
def remove_seat(*, seat: Seat, by: User | None) -> Seat:
    """Nothing more is taken from this phone; what was accepted stays."""
    return _set_removed(seat, True, by)


@transaction.atomic
def readmit_seat(*, seat: Seat, by: User | None) -> Seat:
    """The phone is in the room again, in the seat it had."""
    return _set_removed(seat, False, by)


def _set_removed(seat: Seat, is_removed: bool, by: User | None) -> Seat:
    workshop = locked_workshop(seat.workshop_id)
    if Seat.objects.filter(pk=seat.pk, is_removed=not is_removed).update(is_removed=is_removed):
        acted(workshop, by)
    seat.is_removed = is_removed
    return seat


def _check_doors(workshop: Workshop) -> None:
    if workshop.state == WorkshopState.DRAFT:
        raise NotOpenYet
    if workshop.is_locked:
        raise Locked
    here = Q(is_removed=False) & (
        Q(is_simulated=True) | Q(seen_at__gt=timezone.now() - timedelta(seconds=AWAY_SECONDS))
    )
    seats = Seat.objects.filter(workshop=workshop).aggregate(ever=Count("pk"), here=Count("pk", filter=here))
    if seats["here"] >= MOST_SEATS or seats["ever"] >= MOST_EVER:
        raise RoomFull


def _name(workshop: Workshop, name: str, *, needed: bool) -> str:
    """What somebody calls themselves; nothing in anonymous workshops, whatever was sent."""
    if workshop.is_anonymous:
        return ""
    told = " ".join(visible(cleaned_comment(name)).split())
    if not told and needed:
        raise NameNeeded
    if len(told) > LONGEST_NAME:
        raise NameTooLong(LONGEST_NAME)
    return told


def _group(workshop: Workshop, group: str, *, needed: bool) -> str:
    if not workshop.asks_group:
        return ""
    if group in StakeholderGroup.values:
        return group
    if needed:
        raise GroupNeeded
    return ""


def _smallest_breakout(workshop: Workshop) -> Breakout | None:
    """Where a late joiner sits once the room has been dealt into groups."""
    seated = Count("seats", filter=Q(seats__is_removed=False, seats__is_counted=True))
    return Breakout.objects.filter(workshop=workshop).annotate(seated=seated).order_by("seated", "position").first()
