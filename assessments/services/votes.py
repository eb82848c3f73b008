"""Voting: a phone sends what its owner chose, as often as it likes, and every vote is there once.

One statement for every batch but the first of a round in this process. A batch that comes again, or after a later one,
changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from assessments.enums import RoundState
from assessments.live import bus
from assessments.live.events import room_topic
from assessments.services.asked_rounds import asked_in, why_not
from assessments.services.ballots import GivenReason, GivenVote, RefusedVote, read_ballot
from assessments.services.drafts import CLOCK_SKEW, now_in_ms
from assessments.services.room_problems import NotThisRoom, RoundNotOpen
from assessments.services.vote_rows import save_votes
from assessments.tasks import wake_preview


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of a batch. `changed` counts votes and reasons that are new; a replay changes none."""

    changed: int
    refused: tuple[RefusedVote, ...]


def cast_votes(*, seat: UUID, round_id: int, votes: Sequence[GivenVote], reasons: Sequence[GivenReason] = ()) -> Cast:
    """Save what fits and say what does not.

    Raises SeatGone, SeatRemoved, Ended, NotThisRoom, NotCounted, RoundNotOpen: then nothing is saved.
    """
    for anew in (False, True):
        asked = asked_in(round_id, anew=anew)
        if asked is None:
            raise why_not(seat=seat, round_id=round_id) or NotThisRoom()
        ballot = read_ballot(plan=asked.plan, votes=votes, reasons=reasons, latest=now_in_ms() + CLOCK_SKEW)
        # with nothing to save the statement still says whether the seat may vote: only such a seat is told of scales
        changed = save_votes(
            seat=seat, round_id=round_id, plan=asked.version, votes=ballot.votes, reasons=ballot.reasons
        )
        if changed is not None:
            if changed:
                bus.wake_on_commit(room_topic(asked.workshop))
                if asked.has_preview:
                    transaction.on_commit(lambda: wake_preview(round_id), robust=True)
            return Cast(changed, ballot.refused)
        if problem := why_not(seat=seat, round_id=round_id):
            raise problem
    raise RoundNotOpen(RoundState.CLOSED)  # it changes faster than we look
