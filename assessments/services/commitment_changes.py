"""Commitments outside workshops: made, changed, checked in on, done, dropped, taken up again."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import CommitmentSource, CommitmentState, Progress
from assessments.models import CheckIn, Commitment, IdeaCluster, Signal, Wave
from assessments.selectors.commitments import known_proposals
from assessments.selectors.map_facets import map_facets
from assessments.services.ballots import length_problem
from assessments.services.commitments import (
    DAYS_AHEAD,
    LONGEST_OWNER,
    LONGEST_REASON,
    LONGEST_TEXT,
    CommitmentProblem,
    own_by_name,
)
from assessments.services.drafts import cleaned_comment
from assessments.services.summary_marks import mark_summaries_stale
from assessments.services.themes import raise_cluster
from ecosystems.models import Ecosystem, Membership, Stakeholder, User
from ecosystems.names import visible
from ecosystems.services import audit

LONGEST_NOTE: Final = 500


class ChangedMeanwhile(CommitmentProblem):
    """Somebody else has changed it since the form was shown; `now` is how it stands."""

    def __init__(self, now: Commitment) -> None:
        super().__init__(
            _("Somebody changed this while you were writing. Compare the two, then save yours again to keep it.")
        )
        self.now = now


@dataclass(frozen=True, slots=True)
class Told:
    """What a form says about a commitment. At most one of `owner` and `stakeholder`; neither for a free name."""

    text: str
    owner_name: str
    owner: User | None = None
    stakeholder: Stakeholder | None = None
    due_on: date | None = None
    facet: str = ""
    expected: Literal[-1, 1] = 1
    expected_points: int | None = None
    is_public: bool = False
    heard: str = ""
    came_of_it: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a commitment came from. `cluster`: ideas of a room, which become a signal with the commitment."""

    source: CommitmentSource = CommitmentSource.FREE
    code: str = ""
    wave: Wave | None = None
    signal: Signal | None = None
    cluster: IdeaCluster | None = None


FREELY: Final = Origin()


@transaction.atomic
def make_commitment(*, ecosystem: Ecosystem, told: Told, by: User, origin: Origin = FREELY) -> Commitment:
    """A commitment at once. Raises CommitmentProblem, with what to do."""
    commitment = Commitment(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        source=origin.source,
        source_code=origin.code,
        wave=origin.wave,
        signal=origin.signal,
        created_by=by,
    )
    _fill(commitment, told)
    if origin.cluster is not None:
        tie = map_facets(ecosystem).facets.get(commitment.facet)
        commitment.signal = raise_cluster(cluster=origin.cluster, dimension=tie.dimension if tie else "")
    commitment.save(force_insert=True)
    _recorded(commitment, by, "commitment.made")
    return commitment


@transaction.atomic
def change_commitment(*, commitment: Commitment, told: Told, seen: int, by: User) -> Commitment:
    """Say it anew. `seen`: the edition that the form showed. Raises ChangedMeanwhile, CommitmentProblem."""
    now = _locked(commitment)
    if now.edition != seen:
        raise ChangedMeanwhile(now)
    _fill(now, told)
    return _kept(now, by, "commitment.changed")


@transaction.atomic
def take_up(*, commitment: Commitment, by: User) -> Commitment:
    """Accept a proposal, or open again what was done or dropped; nothing happens where it is open."""
    now = _locked(commitment)
    if now.state == CommitmentState.OPEN:
        return now
    if now.state == CommitmentState.PROPOSED and not now.owner_chosen:
        own_by_name(now)
    now.state, now.closed_on, now.closing_note = CommitmentState.OPEN, None, ""
    return _kept(now, by, "commitment.taken-up")


@transaction.atomic
def finish(*, commitment: Commitment, by: User, on: date | None = None) -> Commitment:
    """It was done on this day (today); nothing happens where it is done. Raises CommitmentProblem."""
    now, today = _locked(commitment), timezone.localdate()
    if now.state == CommitmentState.DONE and on is None:
        return now
    if now.state == CommitmentState.DROPPED:
        raise CommitmentProblem(_("Somebody has dropped this. To mark it as done, take it up again first."))
    on = on or today
    if on > today:
        raise CommitmentProblem(_("Choose the day on which it was done: today or before."))
    if (today - on).days > DAYS_AHEAD:
        raise CommitmentProblem(_("Choose a day within the last ten years."))
    now.state, now.closed_on, now.closing_note = CommitmentState.DONE, on, ""
    return _kept(now, by, "commitment.done")


@transaction.atomic
def drop_commitment(*, commitment: Commitment, why: str, by: User) -> Commitment:
    """Leave it, and say why; nothing happens where it is dropped. Raises CommitmentProblem."""
    now, why = _locked(commitment), visible(cleaned_comment(why))
    if now.state == CommitmentState.DROPPED:
        return now
    if now.state == CommitmentState.DONE:
        raise CommitmentProblem(_("Somebody has marked this as done. To drop it, take it up again first."))
    if not why:
        raise CommitmentProblem(_("Say why it is dropped. Everybody who counted on it will read it."))
    if len(why) > LONGEST_REASON:
        raise CommitmentProblem(length_problem(why, LONGEST_REASON))
    now.state, now.closed_on, now.closing_note = CommitmentState.DROPPED, timezone.localdate(), why
    return _kept(now, by, "commitment.dropped")


@transaction.atomic
def check_in(*, commitment: Commitment, progress: Progress, note: str = "", by: User) -> CheckIn:
    """Say how an open commitment goes. Raises CommitmentProblem."""
    now, note = _locked(commitment), cleaned_comment(note)
    if now.state != CommitmentState.OPEN:
        raise CommitmentProblem(_("Only open commitments are checked in on. Take it up again first."))
    if len(note) > LONGEST_NOTE:
        raise CommitmentProblem(length_problem(note, LONGEST_NOTE))
    return CheckIn.objects.create(commitment=now, progress=progress, note=note, by=by)


def _locked(commitment: Commitment) -> Commitment:
    """As it is now. A proposal that its room has not seen is not there for anybody."""
    found = known_proposals(Commitment.objects.filter(pk=commitment.pk), commitment.ecosystem_id)
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("ecosystem__organization")
        .get(pk__in=found.values("pk"))
    )


def _kept(commitment: Commitment, by: User, action: str) -> Commitment:
    commitment.edition += 1
    commitment.save()
    _recorded(commitment, by, action)
    return commitment


def _recorded(commitment: Commitment, by: User, action: str) -> None:
    audit.record(organization=commitment.organization, actor=by, action=action, subject=commitment.text)
    mark_summaries_stale(ecosystem_id=commitment.ecosystem_id)


def _fill(commitment: Commitment, told: Told) -> None:
    before_due, before_facet = commitment.due_on, commitment.facet
    for name in ("text", "owner_name", "heard", "came_of_it"):
        setattr(commitment, name, visible(cleaned_comment(getattr(told, name))))
    commitment.owner_name = " ".join(commitment.owner_name.split())
    commitment.owner, commitment.stakeholder = told.owner, told.stakeholder
    commitment.owner_chosen = told.owner is not None or told.stakeholder is not None
    commitment.due_on, commitment.facet = told.due_on, told.facet
    commitment.expected, commitment.expected_points = told.expected, told.expected_points
    commitment.is_public = told.is_public
    if problem := _problem(commitment, before_due, before_facet):
        raise CommitmentProblem(problem)


def _problem(commitment: Commitment, before_due: date | None, before_facet: str) -> str | None:
    """Why this cannot be a commitment; a day that has passed and a score that was dropped meanwhile may stay."""
    if not commitment.text:
        return _("Say what will be done.")
    if not commitment.owner_name:
        return _("Say who will do it.")
    for value, most in (
        (commitment.text, LONGEST_TEXT),
        (commitment.owner_name, LONGEST_OWNER),
        (commitment.heard, LONGEST_TEXT),
        (commitment.came_of_it, LONGEST_NOTE),
    ):
        if len(value) > most:
            return length_problem(value, most)
    due = commitment.due_on
    if due is not None and due != before_due and not 0 <= (due - timezone.localdate()).days <= DAYS_AHEAD:
        return _("Choose a day from today on, within ten years.")
    new_facet = commitment.facet if commitment.facet != before_facet else ""
    if new_facet and new_facet not in map_facets(commitment.ecosystem).facets:
        return _("Choose one of the scores offered.")
    if commitment.owner is not None and not _is_member(commitment):
        return _("This person is no longer a member. Choose somebody else.")
    if commitment.stakeholder is not None and commitment.stakeholder.ecosystem_id != commitment.ecosystem_id:
        return _("Choose a stakeholder of this ecosystem.")
    return None


def _is_member(commitment: Commitment) -> bool:
    return Membership.objects.filter(organization=commitment.organization_id, user=commitment.owner).exists()
