"""The demo's commitments: three are done, one of them too late to be measured yet, one is late, one is on track."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from assessments.enums import CommitmentSource, Progress
from assessments.models import CheckIn, Commitment, Wave
from assessments.services.commitment_changes import Origin, Told, check_in, finish, make_commitment
from assessments.services.commitment_steps import add_step, tick_step
from ecosystems.models import Ecosystem, User

FORECAST: Final = "Publish a shared demand forecast every Monday"
SEED_FUND: Final = "Seed fund for three new local products"
ONE_NUMBER: Final = "One number to call when a delivery fails"
MESSAGE: Final = "A text message when the van is late"
SEATS: Final = "Two community seats on the steering group"
SAID: Final = {
    FORECAST: (
        "Nobody can be relied on who does not know what will be needed next week.",
        "It has come out on every Monday since.",
    ),
    SEED_FUND: ("Good ideas stay small: nobody pays for the second year.", "Three products were paid for."),
    MESSAGE: ("That the van is late, we learn from an empty shelf.", "Every shop is told by message."),
    ONE_NUMBER: ("We call five people before somebody can help.", ""),
    SEATS: ("We hear of decisions when they have been made.", ""),
}
"""What people said, and what came of it."""


def make(*, ecosystem: Ecosystem, wave: Wave, people: Mapping[str, User], by: User, now: datetime) -> None:
    """Made after `wave`, the last but one; all but one that are done were so before the newest. `people`: by name."""
    today = timezone.localdate(now)

    def promise(text: str, name: str, facet: str, *, of: str = "") -> Commitment:
        """`of`: the score whose finding it answers, where that is a wider one."""
        heard, came_of_it = SAID[text]
        told = Told(
            text,
            name,
            owner=people.get(name),
            facet=facet,
            expected_points=5,
            is_public=True,
            heard=heard,
            came_of_it=came_of_it,
        )
        return make_commitment(
            ecosystem=ecosystem, told=told, by=by, origin=Origin(CommitmentSource.SCORE, of or facet, wave)
        )

    finish(
        commitment=promise(FORECAST, "Marta Lindqvist", "ECO-TRUST", of="ECO"), on=today - timedelta(days=150), by=by
    )
    finish(commitment=promise(SEED_FUND, "Ana Kovač", "INN-SCAL", of="INN"), on=today - timedelta(days=110), by=by)
    finish(commitment=promise(MESSAGE, "Karl Winther", "SAT-CUST", of="SAT"), on=today - timedelta(days=10), by=by)
    late, seats = promise(ONE_NUMBER, "Tom Okafor", "ADA-SPEED"), promise(SEATS, "Lena Brandt", "SAT-COMM", of="SAT")
    check_in(commitment=late, progress=Progress.AT_RISK, note="The weekends are not settled yet.", by=by)
    check_in(commitment=seats, progress=Progress.ON_TRACK, note="The steering group has agreed.", by=by)
    tick_step(step=add_step(commitment=seats, text="Agree in the steering group"), done=True)
    add_step(commitment=seats, text="Ask the neighbourhoods whom they send")
    Commitment.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=20))
    Commitment.objects.filter(pk=seats.pk).update(due_on=today + timedelta(days=60))
    made = Commitment.objects.filter(ecosystem=ecosystem, text__in=(FORECAST, SEED_FUND, MESSAGE, ONE_NUMBER, SEATS))
    made.update(created_at=now - timedelta(days=170))
    CheckIn.objects.filter(commitment__ecosystem=ecosystem).update(made_at=now - timedelta(days=12))
