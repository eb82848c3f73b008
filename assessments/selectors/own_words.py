"""What one seat has said itself, for the phone that holds it and for nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from assessments.enums import WRITTEN, ActivityKind, CommitmentState
from assessments.models import Commitment, Idea, Reason, Seat, Vote


class SeatGone(Exception):
    """The link is genuine, but its seat or workshop has been deleted."""


@dataclass(frozen=True, slots=True)
class OwnVote:
    value: int
    confidence: int | None = None
    delay: int | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class OwnText:
    """An idea, check-in or reason."""

    text: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class OwnCommitment:
    text: str
    owner: str
    due_on: date | None
    facet: str
    revision: int
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class Own:
    """Words and votes of a seat at the current step; votes and reasons by round and item, texts by their keys."""

    name: str = ""
    breakout: str = ""
    is_counted: bool = True
    is_removed: bool = False
    votes: Mapping[int, Mapping[str, OwnVote]] = field(default_factory=dict)
    reasons: Mapping[int, Mapping[str, OwnText]] = field(default_factory=dict)
    ideas: Mapping[int, Mapping[str, OwnText]] = field(default_factory=dict)
    commitments: Mapping[str, OwnCommitment] = field(default_factory=dict)

    def standing(self, item: str, before: int) -> OwnVote | None:
        """The latest vote on an item in rounds whose key is below `before`: it stands unless it is given anew."""
        rounds = [key for key in self.votes if key < before and item in self.votes[key]]
        return self.votes[max(rounds)][item] if rounds else None


def seat_with(key: UUID) -> Seat:
    """A seat with its workshop; raises SeatGone."""
    try:
        return Seat.objects.select_related("workshop__organization", "workshop__step", "breakout").get(pk=key)
    except Seat.DoesNotExist:
        raise SeatGone from None


def own_of(seat: Seat) -> Own:
    """What the seat has said at the step where the room is; one or two queries by the kind of the step."""
    step = seat.workshop.step
    told = Own(
        name=seat.name,
        breakout=seat.breakout.label if seat.breakout is not None else "",
        is_counted=seat.is_counted,
        is_removed=seat.is_removed,
    )
    if step is None or not seat.workshop.is_open:
        return told
    return _at(told, seat, step.pk, ActivityKind(step.kind))


def _at(told: Own, seat: Seat, step: int, kind: ActivityKind) -> Own:
    if kind == ActivityKind.TALK:
        return told
    if kind in WRITTEN:
        ideas: dict[int, dict[str, OwnText]] = {}
        for idea in Idea.objects.filter(seat=seat, activity=step).exclude(text="").order_by("key"):
            ideas.setdefault(idea.round_id or 0, {})[str(idea.key)] = OwnText(idea.text, idea.revision)
        return replace(told, ideas=ideas)
    if kind == ActivityKind.COMMIT:
        return replace(
            told,
            commitments={
                str(one.key): OwnCommitment(
                    one.text,
                    one.owner_name,
                    one.due_on,
                    one.facet,
                    one.revision,
                    one.state not in (CommitmentState.PROPOSED, CommitmentState.DROPPED),
                )
                for one in Commitment.objects.filter(seat=seat, activity=step).order_by("revision", "key")
            },
        )
    votes: dict[int, dict[str, OwnVote]] = {}
    for vote in Vote.objects.filter(seat=seat, round__activity=step):
        votes.setdefault(vote.round_id, {})[vote.item] = OwnVote(vote.value, vote.confidence, vote.delay, vote.revision)
    reasons: dict[int, dict[str, OwnText]] = {}
    for reason in Reason.objects.filter(seat=seat, round__activity=step):
        reasons.setdefault(reason.round_id, {})[reason.item] = OwnText(reason.text, reason.revision)
    return replace(told, votes=votes, reasons=reasons)
