"""Commitments: proposed by phones, accepted, changed or dropped by facilitators once the room has seen them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import CommitmentSource, CommitmentState
from assessments.live import bus
from assessments.live.events import room_topic
from assessments.models import Activity, Commitment, Round, Workshop
from assessments.models.activity_plans import CommitPlan
from assessments.selectors.commitments import owner_named, owners_of
from assessments.selectors.room_facets import facets_of
from assessments.services.acts import acted, locked_workshop
from assessments.services.asked_rounds import Place, hold_place
from assessments.services.ballots import length_problem, not_asked
from assessments.services.drafts import CLOCK_SKEW, cleaned_comment, now_in_ms
from assessments.services.ideas import RefusedText, Written
from assessments.services.room_seal import proposals_seen
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import Stakeholder, User

LONGEST_TEXT: Final = 300
LONGEST_OWNER: Final = 120
LONGEST_LABEL: Final = 400
"""A name on the list of owners with the address that tells it apart."""
LONGEST_REASON: Final = 300
MOST_OF_A_SEAT: Final = 20
DAYS_AHEAD: Final = 10 * 366
OWNED_BY: Final = ("owner", "stakeholder", "owner_chosen")
EDITABLE: Final = frozenset({"text", "owner_name", "due_on", "facet"})


class CommitmentProblem(Exception):
    """Why this cannot be done with a commitment, in words for the facilitator."""


@dataclass(frozen=True, slots=True)
class GivenCommitment:
    """A proposal as a phone sends it. `revision`: the phone's clock in ms."""

    key: UUID
    text: str
    owner_name: str
    due_on: date | None = None
    facet: str = ""
    revision: int = 0


@transaction.atomic
def propose(*, seat: UUID, round_id: int, proposals: Sequence[GivenCommitment], gone: Iterable[UUID] = ()) -> Written:
    """Save what fits, take back what is `gone`, and say what does not fit; each key is there once.

    Raises SeatGone, SeatRemoved, Ended, NotThisRoom, NotCounted, RoundNotOpen: then nothing is saved.
    """
    place = hold_place(seat=seat, round_id=round_id)
    if not isinstance(place.plan, CommitPlan):
        return Written(0, tuple(RefusedText(one.key, not_asked()) for one in proposals))
    sheet = _Sheet(seat, place, place.plan, {*gone, *(one.key for one in proposals)})
    for key in dict.fromkeys(gone):
        sheet.take_back(key)
    for given in proposals:
        sheet.write(given)
    if sheet.changed:
        bus.wake_on_commit(room_topic(place.workshop))
    return Written(sheet.changed, tuple(sheet.refused))


class _Sheet:
    """The proposals of a seat in a step, with everything that has a key of the batch."""

    def __init__(self, seat: UUID, place: Place, plan: CommitPlan, keys: set[UUID]) -> None:
        self.seat, self.place, self.plan = seat, place, plan
        found = Commitment.objects.select_for_update().filter(Q(key__in=keys) | Q(seat=seat, activity=place.activity))
        self.known = {one.key: one for one in found}
        self.workshop = Workshop.objects.select_related("wave__version").get(pk=place.workshop)
        self.latest = now_in_ms() + CLOCK_SKEW
        self.changed = 0
        self.refused: list[RefusedText] = []

    def take_back(self, key: UUID) -> None:
        commitment = self.known.get(key)
        if commitment is not None and self._is_ours(commitment) and commitment.state == CommitmentState.PROPOSED:
            self.changed += Commitment.objects.filter(pk=key, state=CommitmentState.PROPOSED).delete()[0]
            del self.known[key]

    def write(self, given: GivenCommitment) -> None:
        told, commitment = _cleaned(given), self.known.get(given.key)
        revision = min(given.revision, self.latest)
        if commitment is not None and self._is_ours(commitment) and commitment.revision >= revision:
            return  # a copy
        if problem := self._refusal(commitment) or _problem(told, self.workshop):
            self.refused.append(RefusedText(given.key, problem))
            return
        if commitment is None:
            told = replace(told, facet=told.facet or self.plan.facet)
            commitment = self.known[given.key] = self._made(given.key)
        else:
            commitment.edition += 1
            if commitment.owner_name != told.owner_name:  # a facilitator may have chosen whom the name before meant
                commitment.owner, commitment.stakeholder, commitment.owner_chosen = None, None, False
        _fill(commitment, told)
        commitment.revision = revision
        commitment.save()
        self.changed += 1

    def _refusal(self, commitment: Commitment | None) -> str | None:
        if commitment is None:
            ours = sum(self._is_ours(one) for one in self.known.values())
            return _("You have made very many proposals. Change one of them.") if ours >= MOST_OF_A_SEAT else None
        if not self._is_ours(commitment):
            return _("This could not be saved. Copy the text, reload the page and write it once more.")
        if commitment.state != CommitmentState.PROPOSED:
            return _("A facilitator has taken this up already. Ask them to change it.")
        return None

    def _is_ours(self, commitment: Commitment) -> bool:
        return commitment.seat_id == self.seat and commitment.activity_id == self.place.activity

    def _made(self, key: UUID) -> Commitment:
        return Commitment(
            key=key,
            organization_id=self.workshop.organization_id,
            ecosystem_id=self.workshop.ecosystem_id,
            workshop=self.workshop,
            activity_id=self.place.activity,
            seat_id=self.seat,
            source=CommitmentSource.WORKSHOP,
            state=CommitmentState.PROPOSED,
        )


@transaction.atomic
def accept(*, commitment: Commitment, by: User | None) -> Commitment:
    """Take a proposal for the room's own; nothing happens where it is already. Raises CommitmentProblem."""
    commitment = _held(commitment)
    if commitment.state == CommitmentState.DROPPED:
        raise CommitmentProblem(_("This commitment was dropped. Write it down as a new one."))
    if commitment.state == CommitmentState.PROPOSED:
        commitment.state = CommitmentState.OPEN
        if not commitment.owner_chosen:
            own_by_name(commitment)
        _keep(commitment, by, "state", *OWNED_BY, concerns_summaries=True)
    return commitment


@transaction.atomic
def change(*, commitment: Commitment, by: User | None, **changes: str | date | None) -> Commitment:
    """Change text, owner_name (see `record`), due_on or facet. Raises CommitmentProblem, with what to do."""
    if unknown := set(changes) - EDITABLE:
        raise TypeError(f"not changed here: {unknown}")
    commitment = _held(commitment)
    before, named_before = commitment.due_on, commitment.owner_name
    for name, value in changes.items():
        setattr(commitment, name, cleaned_comment(value) if isinstance(value, str) else value)
    is_renamed = commitment.owner_name != named_before
    is_chosen = is_renamed and own_by_label(commitment)
    due = commitment.due_on if commitment.due_on != before else None  # one that has passed meanwhile may stay
    told = GivenCommitment(commitment.key, commitment.text, commitment.owner_name, due, commitment.facet)
    if problem := _problem(told, commitment.workshop):
        raise CommitmentProblem(problem)
    is_taken_up = commitment.state != CommitmentState.PROPOSED
    if is_renamed and not is_chosen and is_taken_up:
        own_by_name(commitment)
    elif is_renamed and not is_chosen:
        commitment.owner, commitment.stakeholder, commitment.owner_chosen = None, None, False
    _keep(commitment, by, *sorted(changes), *OWNED_BY, concerns_summaries=is_taken_up)
    return commitment


@transaction.atomic
def drop(*, commitment: Commitment, by: User | None, why: str = "") -> Commitment:
    """Leave it, keeping that it was there, and why. Nothing happens where it is dropped. Raises CommitmentProblem."""
    commitment = _held(commitment)
    if commitment.state != CommitmentState.DROPPED:
        why = cleaned_comment(why) or _("Not taken up in the workshop.")
        if len(why) > LONGEST_REASON:
            raise CommitmentProblem(length_problem(why, LONGEST_REASON))
        was_proposed = commitment.state == CommitmentState.PROPOSED
        commitment.state, commitment.closed_on = CommitmentState.DROPPED, timezone.localdate()
        commitment.closing_note = why
        _keep(commitment, by, "state", "closed_on", "closing_note", concerns_summaries=not was_proposed)
    return commitment


@transaction.atomic
def record(
    *, activity: Activity, by: User | None, text: str, owner_name: str, due_on: date | None = None, facet: str = ""
) -> Commitment:
    """What a facilitator writes down for the room: a commitment at once. Raises CommitmentProblem.

    `owner_name`: any, or a label of the list that facilitators are offered.
    """
    workshop = locked_workshop(activity.workshop_id)
    told = _cleaned(GivenCommitment(uuid4(), text, owner_name, due_on, facet))
    commitment = Commitment(
        key=told.key,
        organization=workshop.organization,
        ecosystem=workshop.ecosystem,
        workshop=workshop,
        activity=activity,
        source=CommitmentSource.WORKSHOP,
    )
    _fill(commitment, told)
    is_chosen = own_by_label(commitment)
    if problem := _problem(replace(told, owner_name=commitment.owner_name), workshop):
        raise CommitmentProblem(problem)
    if not is_chosen:
        own_by_name(commitment)
    commitment.save(force_insert=True)
    acted(workshop, by)
    _sum_up(commitment)
    return commitment


def own_by_label(commitment: Commitment) -> bool:
    """Let whom its name stands for on the list of owners own it, under their own name; False for any other name."""
    owners = owners_of(commitment.ecosystem, nameless=False)
    member = owners.members.get(commitment.owner_name)
    party = None if member is not None else owners.stakeholders.get(commitment.owner_name)
    if member is not None:
        commitment.owner_name = User.objects.get(pk=member).name
    elif party is not None:
        commitment.owner_name = Stakeholder.objects.get(pk=party).name
    else:
        return False
    if commitment.workshop is None or commitment.workshop.rehearsal_of_id is None:
        commitment.owner_id, commitment.stakeholder_id, commitment.owner_chosen = member, party, True
    return True


def own_by_name(commitment: Commitment) -> None:
    """Let whom the name means own it, so that they are reminded; nobody owns what a rehearsal plays."""
    if commitment.workshop is not None and commitment.workshop.rehearsal_of_id is not None:
        return
    member, party = owner_named(commitment.ecosystem, commitment.owner_name)
    commitment.owner_id, commitment.stakeholder_id = member, party
    commitment.owner_chosen = member is not None or party is not None


def _held(commitment: Commitment) -> Commitment:
    """As it is now, with its workshop, both locked. What the room has not seen yet is not there for facilitators."""
    workshop = None if commitment.workshop_id is None else locked_workshop(commitment.workshop_id)
    commitment = Commitment.objects.select_for_update().get(pk=commitment.pk)
    commitment.workshop = workshop
    if commitment.state == CommitmentState.PROPOSED and workshop is not None:
        is_asked = Round.objects.filter(activity=commitment.activity_id).exists()
        if is_asked and str(commitment.pk) not in proposals_seen(workshop):
            raise CommitmentProblem(_("Nobody has seen this proposal yet. Reveal it first."))
    return commitment


def _keep(commitment: Commitment, by: User | None, *fields: str, concerns_summaries: bool) -> None:
    commitment.edition += 1
    commitment.save(update_fields=[*fields, "edition"])
    if commitment.workshop is not None:
        acted(commitment.workshop, by)
    if concerns_summaries:
        _sum_up(commitment)


def _sum_up(commitment: Commitment) -> None:
    """What a rehearsal promised is in no summary."""
    if commitment.workshop is None or commitment.workshop.rehearsal_of_id is None:
        mark_summaries_stale(ecosystem_id=commitment.ecosystem_id)


def _cleaned(given: GivenCommitment) -> GivenCommitment:
    return replace(
        given,
        text=cleaned_comment(given.text),
        owner_name=" ".join(cleaned_comment(given.owner_name).split()),
        facet=given.facet.strip(),
    )


def _fill(commitment: Commitment, told: GivenCommitment) -> None:
    commitment.text, commitment.owner_name = told.text, told.owner_name
    commitment.due_on, commitment.facet = told.due_on, told.facet


def _problem(told: GivenCommitment, workshop: Workshop | None) -> str | None:
    """Why this cannot be a commitment, for whoever wrote it."""
    if not told.text:
        return _("Say what will be done.")
    if not told.owner_name:
        return _("Say who will do it.")
    if len(told.text) > LONGEST_TEXT:
        return length_problem(told.text, LONGEST_TEXT)
    if len(told.owner_name) > LONGEST_OWNER:
        return _("Shorten the name to %(most)s characters or fewer.") % {"most": LONGEST_OWNER}
    today = timezone.now().date()  # a day of grace for those who are west of the server
    if told.due_on is not None and not -1 <= (told.due_on - today).days <= DAYS_AHEAD:
        return _("Choose a day from today on, within ten years.")
    if told.facet and workshop is not None and told.facet not in {facet.code for facet in facets_of(workshop)}:
        return _("Choose one of the scores offered.")
    return None
