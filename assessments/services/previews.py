"""The facilitator's own view of an open round, in workshops where everybody was told of it. It lags on purpose.

A snapshot is taken when as many people have newly voted as a result needs, and shown when as many again voted after
it. So whatever is shown and whatever is revealed later differ by the votes of at least that many people. Somebody who
only changes a vote is not new: changed back, it would leave a difference of a few.

There is no preview where breakout groups have results of their own, nor of texts: what the groups show would tell the
few who are missing in a snapshot.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from assessments.enums import CANT_SAY, GIVEN_WHOLE, HIDDEN, VOTED
from assessments.live import bus
from assessments.live.events import room_topic
from assessments.models import Round, Vote, Workshop
from assessments.scoring.room.populations import RoomVotes, VoteRow
from assessments.scoring.room.results import encode
from assessments.selectors.round_votes import asked_items
from assessments.services.acts import locked_workshop
from assessments.services.reveals import votes_shown
from assessments.tasks import waiting_key

WHOLE: Final = ""
"""Dots and orders are given whole: all options are one thing that is voted on."""


class _Row(NamedTuple):
    key: UUID
    seat: UUID
    item: str
    value: int
    step: int


def advance_preview(*, round_id: int) -> bool:
    """Take and show what may be taken and shown now. Returns whether the facilitator sees something new."""
    cache.delete(waiting_key(round_id))  # before the votes are read: what comes from now on wakes us again
    return _advance(round_id)


@transaction.atomic
def _advance(round_id: int) -> bool:
    workshop_id = Round.objects.filter(pk=round_id).values_list("activity__workshop", flat=True).first()
    if workshop_id is None:
        return False
    workshop = locked_workshop(workshop_id)
    round = Round.objects.select_for_update().get(pk=round_id)
    if not _has_preview(workshop, round):
        return False
    round.activity.workshop = workshop
    lag = _Lag(round)
    for thing, rows in _by_thing(round).items():
        lag.step(thing, rows)
    if not lag.taken and not lag.is_news:
        return False
    Vote.objects.filter(key__in=lag.taken).update(preview_step=round.preview_step + 1)
    round.preview_step += 1
    round.save(update_fields=["preview_step", "preview_pending", "preview_shown"])
    if lag.is_news:
        workshop.version += 1
        workshop.save(update_fields=["version"])
        bus.wake_on_commit(room_topic(workshop.pk))
    return lag.is_news


class _Lag:
    """The preview of a round, moved on for one thing after another that is voted on."""

    def __init__(self, round: Round) -> None:
        self.round, self.k = round, round.activity.workshop.shown_from
        self.items = asked_items(round.activity)
        self.taken: list[UUID] = []
        self.is_news = False

    def step(self, thing: str, rows: list[_Row]) -> None:
        """Show the snapshot that waits, once enough have voted after it; take the next where enough are new."""
        new = [row for row in rows if row.step == 0]
        if len({row.seat for row in new}) < self.k:
            return
        pending, shown = self.round.preview_pending, self.round.preview_shown
        if pending is not None and _holds(pending, thing):
            self.round.preview_shown = _with(shown or self._snapshot([]), pending, thing)
            self.is_news = True
        self.round.preview_pending = _with(pending or self._snapshot([]), self._snapshot(rows), thing)
        self.taken += [row.key for row in new]

    def _snapshot(self, rows: list[_Row]) -> dict[str, Any]:
        votes = RoomVotes.of(
            (VoteRow(row.seat, self.round.number, row.item, row.value) for row in rows), items=self.items
        )
        return encode(votes_shown(self.round, votes, revealed=()).results)


def _has_preview(workshop: Workshop, round: Round) -> bool:
    is_hidden = round.state in HIDDEN
    return workshop.preview and is_hidden and round.activity.kind in VOTED and not round.activity.by_breakout


def _by_thing(round: Round) -> dict[str, list[_Row]]:
    """The votes of the round that are sure to be in its reveal, by what they are on.

    That is no "can't say"; and, where a result was shown before, nobody who was not in it: they may have to wait.
    """
    is_sheet = round.activity.kind in GIVEN_WHOLE
    before = Vote.objects.filter(round__activity=round.activity_id, round__number__lt=round.number, counted=True)
    released: dict[str, set[UUID | None]] = {}
    for seat, item in before.values_list("seat_id", "item"):
        released.setdefault(WHOLE if is_sheet else item, set()).add(seat)
    fields = ("key", "seat_id", "item", "value", "preview_step")
    given = Vote.objects.filter(round=round, seat__isnull=False, item__in=asked_items(round.activity))
    found: dict[str, list[_Row]] = {}
    for row in (_Row(*values) for values in given.exclude(value=CANT_SAY).values_list(*fields)):
        thing = WHOLE if is_sheet else row.item
        if thing not in released or row.seat in released[thing]:
            found.setdefault(thing, []).append(row)
    return {WHOLE: _filled(found.get(WHOLE, []))} if is_sheet else found


def _filled(rows: list[_Row]) -> list[_Row]:
    """Without the sheets on which nothing is chosen: they count as "can't say"."""
    seats = {row.seat for row in rows if row.value > 0}
    return [row for row in rows if row.seat in seats]


def _holds(snapshot: Mapping[str, Any], thing: str) -> bool:
    if thing == WHOLE:
        return not snapshot["together"].get("withheld", False)
    return any(one["item"] == thing and not one["together"].get("withheld", False) for one in snapshot["items"])


def _with(snapshot: Mapping[str, Any], other: Mapping[str, Any], thing: str) -> dict[str, Any]:
    """A snapshot in which this thing is as in the other one."""
    if thing == WHOLE:
        return dict(other)
    theirs = {one["item"]: one for one in other["items"]}
    return {**snapshot, "items": [theirs[thing] if one["item"] == thing else one for one in snapshot["items"]]}
