"""Ideas from phones: each key is there once, belongs to one seat, and stays as the room saw it."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from assessments.enums import ActivityKind, RoundState
from assessments.models import Idea, Round, Seat, Workshop
from assessments.models.activity_plans import IdeasPlan
from assessments.services import ideas
from assessments.services.ideas import GivenIdea, Written, write_ideas
from assessments.services.room_problems import RoundNotOpen, SeatRemoved
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def round(workshop: Workshop) -> Round:
    return make_round(make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(per_person=2)))


@pytest.fixture
def seat(workshop: Workshop) -> Seat:
    return make_seats(workshop)[0]


def write(seat: Seat, round: Round, *given: tuple[UUID, str, int], gone=()) -> Written:
    return write_ideas(seat=seat.pk, round_id=round.pk, ideas=[GivenIdea(*idea) for idea in given], gone=gone)


def texts(round: Round) -> dict[UUID, str]:
    return dict(Idea.objects.filter(round=round).order_by("key").values_list("key", "text"))


def messages(written: Written) -> dict[UUID, str]:
    return {one.key: one.message for one in written.refused}


def test_an_idea_is_written_changed_and_sent_again(round: Round, seat: Seat) -> None:
    assert write(seat, round, (FIRST, " A shared \0 calendar\ud800 ", 5)) == Written(1, ())
    idea = Idea.objects.get()
    assert (idea.activity, idea.round, idea.seat, idea.text, idea.is_shown, idea.order) == (
        round.activity,
        round,
        seat,
        "A shared  calendar",
        False,
        0,
    )
    for text, revision, changed in (("A shared calendar", 5, 0), ("Older", 4, 0), ("One list", 6, 1)):
        assert write(seat, round, (FIRST, text, revision)).changed == changed
    assert texts(round) == {FIRST: "One list"}


def test_more_than_allowed_empty_and_too_long_are_said_and_the_rest_kept(round: Round, seat: Seat) -> None:
    written = write(seat, round, (FIRST, "One", 1), (SECOND, "x" * 5_000, 1), (uuid4(), " ", 1), (THIRD, "Three", 1))
    assert written.changed == 2
    assert set(messages(written).values()) == {
        "This text has 5000 characters. Shorten it to 500 or fewer.",
        "Write something, or take it back.",
    }
    fourth = uuid4()
    assert messages(write(seat, round, (fourth, "Four", 1))) == {
        fourth: "You can give 2 at most. Change one of those you have, or take one back."
    }
    assert write(seat, round, (fourth, "Four", 1), gone=[FIRST]) == Written(2, ())
    assert texts(round) == {THIRD: "Three", fourth: "Four"}


def test_what_was_taken_back_does_not_come_back(round: Round, seat: Seat) -> None:
    write(seat, round, (FIRST, "One", 1))
    assert write(seat, round, gone=[FIRST, FIRST]) == Written(1, ())
    assert write(seat, round, gone=[FIRST]) == Written(0, ())
    assert write(seat, round, (FIRST, "One", 1)) == Written(0, ())
    assert write(seat, round, (FIRST, "One", 2**62)) == Written(0, ())
    assert write(seat, round, gone=[SECOND]) == Written(0, ())  # came before what it takes back
    assert write(seat, round, (SECOND, "Two", 9)) == Written(0, ())
    assert texts(round) == {}
    assert set(Idea.objects.values_list("text", flat=True)) == {""}


def test_a_key_of_somebody_else_is_refused_and_never_overwritten(
    ecosystem: Ecosystem, workshop: Workshop, round: Round, seat: Seat
) -> None:
    (other,) = make_seats(workshop)
    elsewhere = make_workshop(ecosystem)
    (stranger,) = make_seats(elsewhere)
    there = make_round(make_activity(elsewhere, kind=ActivityKind.CHECK, plan=IdeasPlan()))
    write(seat, round, (FIRST, "Mine", 1))
    for who, where in ((other, round), (stranger, there)):
        written = write(who, where, (FIRST, "Theirs", 9), gone=[FIRST])
        assert written.changed == 0
        assert messages(written) == {
            FIRST: "This could not be saved. Copy the text, reload the page and write it once more."
        }
    assert texts(round) == {FIRST: "Mine"}
    Idea.objects.update(seat=None)  # as after the link was cut
    assert list(messages(write(seat, round, (FIRST, "Mine again", 9)))) == [FIRST]


def test_what_the_room_saw_stays(round: Round, seat: Seat) -> None:
    write(seat, round, (FIRST, "One", 1), (SECOND, "Two", 1))
    Idea.objects.filter(pk=FIRST).update(is_shown=True)
    Round.objects.update(state=RoundState.DISCUSSED)
    following = make_round(round.activity)
    written = write(seat, following, (FIRST, "Changed", 9), (SECOND, "Waiting still", 9), gone=[FIRST])
    assert (written.changed, list(messages(written))) == (1, [FIRST])
    assert texts(round) == {FIRST: "One", SECOND: "Waiting still"}


def test_only_open_rounds_of_ideas_take_ideas_of_seats_in_the_room(workshop: Workshop, round: Round, seat: Seat):
    rating = make_round(make_activity(workshop))
    assert messages(write(seat, rating, (FIRST, "One", 1))) == {
        FIRST: "This is not asked here. Look at the screen again."
    }
    Seat.objects.update(is_removed=True)
    with pytest.raises(SeatRemoved):
        write(seat, round, (FIRST, "One", 1))
    Seat.objects.update(is_removed=False)
    Round.objects.update(state=RoundState.CLOSED)
    with pytest.raises(RoundNotOpen):
        write(seat, round, (FIRST, "One", 1))
    assert not Idea.objects.exists()


def test_a_fixed_number_of_queries(round: Round, seat: Seat, django_assert_num_queries) -> None:
    with django_assert_num_queries(5):  # two of them the savepoint
        write(seat, round, (FIRST, "One", 1))
    round.activity.settings["per_person"] = 20
    round.activity.save()
    with django_assert_num_queries(5):
        write(seat, round, *((uuid4(), "More", 1) for _ in range(19)))


def test_keys_that_were_never_written_are_remembered_up_to_a_bound(round: Round, seat: Seat) -> None:
    for _batch in range(4):
        assert write(seat, round, gone=[uuid4() for _key in range(100)]) == Written(0, ())
    assert Idea.objects.count() == ideas.MOST_TAKEN_BACK
    assert write(seat, round, (FIRST, "One", 1)).changed == 1
    assert write(seat, round, gone=[FIRST]).changed == 1
    assert texts(round) == {}


def test_a_key_that_another_seat_takes_at_this_moment_is_refused_in_words(
    workshop: Workshop, round: Round, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    (other,) = make_seats(workshop)
    written, calls = ideas._written, []

    def late(*given) -> Written:
        if not calls:
            calls.append(given)
            Idea.objects.create(key=FIRST, activity=round.activity, round=round, seat=other, text="Theirs")
            raise IntegrityError
        return written(*given)

    monkeypatch.setattr(ideas, "_written", late)
    assert messages(write(seat, round, (FIRST, "Ours", 1))) == {
        FIRST: "This could not be saved. Copy the text, reload the page and write it once more."
    }
    assert texts(round) == {FIRST: "Theirs"}
