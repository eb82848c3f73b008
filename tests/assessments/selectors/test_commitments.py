"""Which commitments stand first on a page about something else."""

from datetime import date

import pytest

from assessments.enums import CommitmentState
from assessments.models import Commitment
from assessments.selectors.commitments import foremost
from ecosystems.models import Ecosystem

pytestmark = pytest.mark.django_db


def promise(
    ecosystem: Ecosystem, text: str, state: str, *, due: date | None = None, closed: date | None = None
) -> None:
    Commitment.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        text=text,
        owner_name="Marta",
        state=state,
        due_on=due,
        closed_on=closed,
        closing_note="Too dear" if state == CommitmentState.DROPPED else "",
    )


def told(ecosystem: Ecosystem, most: int) -> tuple[list[str], bool]:
    found, more = foremost(ecosystem, most)
    return [one.text for one in found], more


def test_what_was_done_comes_first_and_leaves_room_for_what_is_open(ecosystem: Ecosystem) -> None:
    assert told(ecosystem, 4) == ([], False)
    for month in (3, 5, 4):
        promise(ecosystem, f"done in {month}", CommitmentState.DONE, closed=date(2026, month, 1))
    assert told(ecosystem, 4) == (["done in 5", "done in 4", "done in 3"], False)
    promise(ecosystem, "dropped", CommitmentState.DROPPED, due=date(2026, 1, 1), closed=date(2026, 2, 1))
    promise(ecosystem, "without a day", CommitmentState.OPEN)
    promise(ecosystem, "due later", CommitmentState.OPEN, due=date(2026, 12, 1))
    assert told(ecosystem, 4) == (["done in 5", "done in 4", "due later", "without a day"], True)
    assert told(ecosystem, 6) == (
        ["done in 5", "done in 4", "done in 3", "due later", "without a day", "dropped"],
        False,
    )
