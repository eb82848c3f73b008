"""Commitments: proposed by phones, taken up by facilitators once the room has seen them."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from assessments.enums import ActivityKind, CommitmentSource, CommitmentState, RoundState, WorkshopState
from assessments.models import Commitment, Round, Seat, SummaryMark, Workshop
from assessments.models.activity_plans import CommitPlan
from assessments.selectors import room_facets
from assessments.selectors.commitments import owners_of
from assessments.services import commitments
from assessments.services.commitments import (
    CommitmentProblem,
    GivenCommitment,
    accept,
    change,
    drop,
    propose,
    record,
)
from assessments.services.ideas import Written
from assessments.services.room_problems import RoundNotOpen
from ecosystems.models import Ecosystem, Stakeholder, User
from tests.factories.ecosystems import make_stakeholder
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
FIRST, SECOND = UUID(int=1), UUID(int=2)
SOON = timezone.now().date() + timedelta(days=30)


@pytest.fixture(autouse=True)
def facets(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (room_facets.Facet("FA", "Learning", "Innovation"), room_facets.Facet("FB", "Trust", "Innovation"))
    monkeypatch.setattr(commitments, "facets_of", lambda workshop: found)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def round(workshop: Workshop) -> Round:
    return make_round(make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan(facet="FA")))


@pytest.fixture
def seat(workshop: Workshop) -> Seat:
    return make_seats(workshop)[0]


def given(key: UUID = FIRST, revision: int = 1, **changes) -> GivenCommitment:
    return GivenCommitment(
        **{
            "key": key,
            "text": "Share the supplier list",
            "owner_name": " Ana  Kovač ",
            "due_on": SOON,
            "revision": revision,
            **changes,
        }
    )


def put(seat: Seat, round: Round, *proposals: GivenCommitment, gone=()) -> Written:
    return propose(seat=seat.pk, round_id=round.pk, proposals=proposals, gone=gone)


def words(written: Written) -> list[str]:
    return [one.message for one in written.refused]


def reveal(round: Round) -> None:
    keys = [str(key) for key in Commitment.objects.values_list("pk", flat=True)]
    Round.objects.filter(pk=round.pk).update(state=RoundState.REVEALED, results={"keys": keys})


def test_a_proposal_has_everything_a_commitment_needs(workshop: Workshop, round: Round, seat: Seat) -> None:
    assert put(seat, round, given()) == Written(1, ())
    made = Commitment.objects.get()
    assert (made.key, made.organization, made.ecosystem, made.workshop, made.activity, made.seat) == (
        FIRST,
        workshop.organization,
        workshop.ecosystem,
        workshop,
        round.activity,
        seat,
    )
    assert (made.text, made.owner_name, made.due_on, made.facet, made.state) == (
        "Share the supplier list",
        "Ana Kovač",
        SOON,
        "FA",
        CommitmentState.PROPOSED,
    )


def test_sent_again_changed_and_taken_back(round: Round, seat: Seat) -> None:
    put(seat, round, given(revision=5))
    for revision, text, changed in ((5, "x", 0), (4, "x", 0), (6, "Call them", 1)):
        assert put(seat, round, given(revision=revision, text=text, facet="FB")).changed == changed
    assert Commitment.objects.values_list("text", "facet").get() == ("Call them", "FB")
    assert put(seat, round, given(revision=7, facet="")).changed == 1
    assert Commitment.objects.get().facet == ""
    assert put(seat, round, gone=[FIRST]) == Written(1, ())
    assert put(seat, round, gone=[FIRST]) == Written(0, ())
    assert not Commitment.objects.exists()


def test_what_cannot_be_one_is_said(round: Round, seat: Seat) -> None:
    today = timezone.now().date()
    told = {
        message: words(put(seat, round, given(**changes)))
        for message, changes in {
            "Say what will be done.": {"text": " \0 "},
            "Say who will do it.": {"owner_name": ""},
            "This text has 5000 characters. Shorten it to 300 or fewer.": {"text": "x" * 5_000},
            "Shorten the name to 120 characters or fewer.": {"owner_name": "x" * 200},
            "Choose a day from today on, within ten years.": {"due_on": today - timedelta(days=2)},
            "Choose one of the scores offered.": {"facet": "<b>"},
        }.items()
    }
    assert told == {message: [message] for message in told}
    assert words(put(seat, round, given(due_on=date(9999, 12, 31)))) == [
        "Choose a day from today on, within ten years."
    ]
    assert not Commitment.objects.exists()
    assert put(seat, round, given(due_on=None)).changed == 1


def test_a_key_of_somebody_else_is_refused(workshop: Workshop, round: Round, seat: Seat) -> None:
    (other,) = make_seats(workshop)
    put(seat, round, given())
    assert words(put(other, round, given(revision=9, text="Theirs"), gone=[FIRST])) == [
        "This could not be saved. Copy the text, reload the page and write it once more."
    ]
    assert Commitment.objects.get().text == "Share the supplier list"


def test_a_bound_to_how_many(round: Round, seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commitments, "MOST_OF_A_SEAT", 1)
    assert words(put(seat, round, given(), given(SECOND))) == ["You have made very many proposals. Change one of them."]


def test_only_open_rounds_of_this_kind(workshop: Workshop, round: Round, seat: Seat) -> None:
    assert words(put(seat, make_round(make_activity(workshop)), given())) == [
        "This is not asked here. Look at the screen again."
    ]
    reveal(round)
    with pytest.raises(RoundNotOpen):
        put(seat, round, given())


def test_facilitators_take_up_what_the_room_has_seen(round: Round, seat: Seat, facilitator: User) -> None:
    put(seat, round, given())
    proposal = Commitment.objects.get()
    for act in (accept, drop, change):
        with pytest.raises(CommitmentProblem, match="Nobody has seen this proposal yet"):
            act(commitment=proposal, by=facilitator)
    reveal(round)
    before = Workshop.objects.get().version
    assert accept(commitment=proposal, by=facilitator).state == CommitmentState.OPEN
    assert accept(commitment=proposal, by=facilitator).state == CommitmentState.OPEN
    assert Workshop.objects.get().version == before + 1
    following = make_round(round.activity)
    assert words(put(seat, following, given(revision=9, text="Other"))) == [
        "A facilitator has taken this up already. Ask them to change it."
    ]
    assert put(seat, following, gone=[FIRST]) == Written(0, ())
    assert Commitment.objects.get().text == "Share the supplier list"


@pytest.mark.parametrize("state", [WorkshopState.LIVE, WorkshopState.ENDED])
def test_what_was_proposed_later_waits_for_its_own_reveal(
    workshop: Workshop, round: Round, seat: Seat, facilitator: User, state: WorkshopState
) -> None:
    """However it was found out: an earlier round that was revealed shows nothing of it, nor does the end."""
    put(seat, round, given())
    reveal(round)
    put(seat, make_round(round.activity), given(SECOND))
    Workshop.objects.update(state=state, ended_at=timezone.now())
    first, second = Commitment.objects.order_by("key")
    for act in (accept, drop, change):
        with pytest.raises(CommitmentProblem, match="Nobody has seen this proposal yet"):
            act(commitment=second, by=facilitator)
    assert accept(commitment=first, by=facilitator).state == CommitmentState.OPEN


def test_changed_by_a_facilitator(round: Round, seat: Seat, facilitator: User) -> None:
    put(seat, round, given())
    reveal(round)
    commitment = Commitment.objects.get()
    changed = change(commitment=commitment, by=facilitator, text=" Call \0them ", owner_name="Ben", due_on=None)
    assert (changed.text, changed.owner_name, changed.due_on, changed.facet) == ("Call them", "Ben", None, "FA")
    Commitment.objects.update(due_on=date(2020, 1, 1))
    assert change(commitment=commitment, by=facilitator, due_on=date(2020, 1, 1), facet="FB").facet == "FB"
    for changes in ({"text": ""}, {"owner_name": "x" * 121}, {"due_on": date(2020, 1, 2)}, {"facet": "none"}):
        with pytest.raises(CommitmentProblem):
            change(commitment=commitment, by=facilitator, **changes)
    with pytest.raises(TypeError):
        change(commitment=commitment, by=facilitator, state="done")


def test_dropped_keeps_why_and_cannot_be_taken_up(round: Round, seat: Seat, facilitator: User) -> None:
    put(seat, round, given(), given(SECOND))
    reveal(round)
    first, second = Commitment.objects.order_by("key")
    assert drop(commitment=first, by=facilitator, why="Double").closing_note == "Double"
    assert drop(commitment=second, by=facilitator).closing_note == "Not taken up in the workshop."
    assert drop(commitment=first, by=facilitator, why="Other").closing_note == "Double"
    with pytest.raises(CommitmentProblem, match="was dropped"):
        accept(commitment=first, by=facilitator)


def test_written_down_by_a_facilitator(workshop: Workshop, round: Round, facilitator: User) -> None:
    made = record(activity=round.activity, by=facilitator, text="Meet", owner_name="Ana", due_on=SOON, facet="FB")
    assert (made.state, made.seat, made.workshop, made.activity) == (
        CommitmentState.OPEN,
        None,
        workshop,
        round.activity,
    )
    with pytest.raises(CommitmentProblem, match="Say who will do it"):
        record(activity=round.activity, by=facilitator, text="Meet", owner_name=" ")
    assert Commitment.objects.count() == 1


def test_whom_a_name_means_owns_what_is_taken_up(
    round: Round, seat: Seat, facilitator: User, leader: User, admin: User, ecosystem: Ecosystem
) -> None:
    """A phone sends a name. What the room keeps is its member's or stakeholder's, who can then be reminded."""
    dairy = make_stakeholder(ecosystem, name="Lowmeadow Dairy")

    def owned(commitment: Commitment) -> tuple[User | None, Stakeholder | None, bool]:
        found = Commitment.objects.get(pk=commitment.pk)
        return found.owner, found.stakeholder, found.owner_chosen

    put(seat, round, given(owner_name=leader.name.upper()))
    proposal = Commitment.objects.get()
    assert owned(proposal) == (None, None, False)
    reveal(round)
    accept(commitment=proposal, by=facilitator)
    assert owned(proposal) == (leader, None, True)
    change(commitment=proposal, by=facilitator, owner_name="Lowmeadow dairy")
    assert owned(proposal) == (None, dairy, True)
    change(commitment=proposal, by=facilitator, owner_name="Whoever is free")
    assert owned(proposal) == (None, None, False)
    made = record(activity=round.activity, by=facilitator, text="Meet", owner_name=leader.email)
    assert owned(made) == (leader, None, True)

    User.objects.filter(pk=admin.pk).update(name=leader.name)
    assert owned(record(activity=round.activity, by=facilitator, text="Meet", owner_name=leader.name))[0] is None
    make_stakeholder(ecosystem, name="Lowmeadow Dairy")
    unclear = record(activity=round.activity, by=facilitator, text="Meet", owner_name="Lowmeadow Dairy")
    assert owned(unclear) == (None, None, False)
    change(commitment=made, by=facilitator, text="Meet on Monday", owner_name=made.owner_name)
    assert owned(made) == (leader, None, True)
    Workshop.objects.update(rehearsal_of=make_workshop(ecosystem))
    played = record(activity=round.activity, by=facilitator, text="Meet", owner_name=leader.email)
    assert owned(played) == (None, None, False)


def test_summaries_are_behind_what_the_room_promised_not_what_it_proposed(
    round: Round, seat: Seat, facilitator: User
) -> None:
    def told() -> tuple[int, int]:
        """How often the summaries fell behind, and the edition of the commitment."""
        marks = SummaryMark.objects.values_list("version", flat=True).first() or 0
        return marks, Commitment.objects.values_list("edition", flat=True).get(key=FIRST)

    put(seat, round, given(), given(SECOND))
    assert told() == (0, 0)
    put(seat, round, given(revision=2, text="Call them"))
    reveal(round)
    first, second = Commitment.objects.order_by("key")
    assert {first.source, second.source} == {CommitmentSource.WORKSHOP}
    drop(commitment=second, by=facilitator)
    change(commitment=first, by=facilitator, text="Call them soon")
    assert told() == (0, 2)
    accept(commitment=first, by=facilitator)
    assert told() == (1, 3)
    change(commitment=first, by=facilitator, facet="FB")
    drop(commitment=first, by=facilitator, why="Done elsewhere")
    assert told() == (3, 5)
    assert Commitment.objects.get(key=FIRST).closed_on == timezone.localdate()
    made = record(activity=round.activity, by=facilitator, text="Meet", owner_name="Ana")
    assert (told(), made.source) == ((4, 5), CommitmentSource.WORKSHOP)
    Workshop.objects.update(rehearsal_of=make_workshop(round.activity.workshop.ecosystem))
    record(activity=round.activity, by=facilitator, text="Only tried", owner_name="Ana")
    assert told() == (4, 5)


def owned(commitment: Commitment) -> tuple[str, User | None, Stakeholder | None, bool]:
    found = Commitment.objects.get(pk=commitment.pk)
    return found.owner_name, found.owner, found.stakeholder, found.owner_chosen


def test_a_label_of_the_list_stands_for_one_of_several_under_their_own_name(
    round: Round, facilitator: User, leader: User, admin: User, ecosystem: Ecosystem
) -> None:
    User.objects.filter(pk__in=(leader.pk, admin.pk)).update(name="Ana Berg")
    dairy = make_stakeholder(ecosystem, name="Lowmeadow", group="customers")
    make_stakeholder(ecosystem, name="Lowmeadow", group="partners")
    label = f"Ana Berg ({admin.email})"
    assert {label, "Lowmeadow (Customers)"} <= set(owners_of(ecosystem, nameless=False).labels)
    made = record(activity=round.activity, by=facilitator, text="Meet", owner_name=label)
    assert owned(made) == ("Ana Berg", admin, None, True)
    change(commitment=made, by=facilitator, text="Meet soon", owner_name="Ana Berg")
    assert owned(made) == ("Ana Berg", admin, None, True)
    change(commitment=made, by=facilitator, owner_name=f"Ana Berg ({leader.email})")
    assert owned(made) == ("Ana Berg", leader, None, True)
    change(commitment=made, by=facilitator, owner_name="Lowmeadow (Customers)")
    assert owned(made) == ("Lowmeadow", None, dairy, True)
    change(commitment=made, by=facilitator, owner_name="Lowmeadow (Whoever)")
    assert owned(made) == ("Lowmeadow (Whoever)", None, None, False)


def test_a_long_label_is_as_long_as_its_name(round: Round, facilitator: User, leader: User, admin: User) -> None:
    User.objects.filter(pk__in=(leader.pk, admin.pk)).update(name="A" * 120)
    made = record(activity=round.activity, by=facilitator, text="Meet", owner_name=f"{'A' * 120} ({leader.email})")
    assert owned(made) == ("A" * 120, leader, None, True)
    with pytest.raises(CommitmentProblem, match="Shorten the name to 120"):
        record(activity=round.activity, by=facilitator, text="Meet", owner_name="B" * 121)


def test_whom_a_facilitator_chose_for_a_proposal_owns_it_until_its_phone_names_another(
    round: Round, seat: Seat, facilitator: User, leader: User
) -> None:
    put(seat, round, given(owner_name="Someone"))
    reveal(round)
    proposal = Commitment.objects.get()
    change(commitment=proposal, by=facilitator, owner_name=leader.name)
    assert owned(proposal) == (leader.name, leader, None, True)
    again = make_round(round.activity)
    put(seat, again, given(owner_name=leader.name, text="Share it", revision=2))
    assert owned(proposal) == (leader.name, leader, None, True)
    put(seat, again, given(owner_name="Someone else", revision=3))
    assert owned(proposal) == ("Someone else", None, None, False)
    change(commitment=proposal, by=facilitator, owner_name=leader.name)
    change(commitment=proposal, by=facilitator, owner_name="Nobody known")
    assert owned(proposal) == ("Nobody known", None, None, False)
    accept(commitment=proposal, by=facilitator)
    assert owned(proposal) == ("Nobody known", None, None, False)


def test_a_phone_s_label_is_a_name_like_any_other(
    round: Round, seat: Seat, facilitator: User, leader: User, admin: User
) -> None:
    """What a phone writes is shown as it was written: a list that it was not offered tells it nothing."""
    User.objects.filter(pk__in=(leader.pk, admin.pk)).update(name="Ana Berg")
    label = f"Ana Berg ({leader.email})"
    put(seat, round, given(owner_name=label))
    reveal(round)
    accept(commitment=Commitment.objects.get(), by=facilitator)
    assert owned(Commitment.objects.get()) == (label, None, None, False)


def test_nobody_owns_what_a_rehearsal_plays_whoever_is_chosen(
    workshop: Workshop, round: Round, facilitator: User, leader: User
) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(rehearsal_of=make_workshop(workshop.ecosystem))
    made = record(activity=round.activity, by=facilitator, text="Meet", owner_name=leader.name)
    assert owned(made) == (leader.name, None, None, False)
