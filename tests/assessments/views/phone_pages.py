"""The page of a phone as tests use it: a step of each kind, and what six people say there."""

import re
import uuid
from datetime import date

from django.test import Client
from django.urls import reverse

from assessments.enums import CANT_SAY, ActivityKind, CommitmentState
from assessments.links import seat_token
from assessments.models import Commitment, Idea, Round, Seat, Workshop
from assessments.models.activity_plans import (
    BetPlan,
    CommitPlan,
    DotsPlan,
    IdeasPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    Plan,
    RankingPlan,
    RatePlan,
    TalkPlan,
)
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

OPTIONS = (Option("cold", "Share a cold store"), Option("swap", "Swap drivers"), Option("call", "Call each morning"))


MANY = RatePlan(
    items=(Item("ready", "How ready are we?"), Item("fast", "How fast do we learn?", low="slowly", high="at once")),
    lowest=0,
    highest=10,
    low_label="not at all",
    high_label="fully",
    confidence=True,
)
PLANS: dict[ActivityKind, Plan | None] = {
    ActivityKind.TALK: TalkPlan(),
    ActivityKind.RATE: None,
    ActivityKind.IDEAS: IdeasPlan(),
    ActivityKind.CHECK: IdeasPlan(per_person=1),
    ActivityKind.DOTS: DotsPlan(options=OPTIONS),
    ActivityKind.RANKING: RankingPlan(options=OPTIONS),
    ActivityKind.LINKS: LinksPlan(pairs=(Pair("trust-time", "Trust", "Delivery time"),)),
    ActivityKind.BET: BetPlan(items=(Item("index", "Where will the index stand?"),), unit="points"),
    ActivityKind.COMMIT: CommitPlan(),
}


VALUES = {
    ActivityKind.RATE: [("ready", [3, 5, 6, 6, 7, 9])],
    ActivityKind.DOTS: [("cold", [3, 2, 2, 1, 3, 2]), ("swap", [2, 2, 1, 1, 0, 3]), ("call", [0, 1, 2, 3, 2, 0])],
    ActivityKind.RANKING: [("cold", [1, 1, 1, 2, 1, 3]), ("swap", [2, 3, 2, 1, 2, 1]), ("call", [3, 2, 3, 3, 3, 2])],
    ActivityKind.LINKS: [("trust-time", [-3, -2, -2, 0, 1, CANT_SAY])],
    ActivityKind.BET: [("index", [40, 55, 60, 62, 70, 80])],
}


def address(seat: Seat) -> str:
    return reverse("assessments:phone", args=[seat_token(seat)])


def page_of(client: Client, seat: Seat, query: str = "") -> str:
    response = client.get(address(seat) + query)
    assert response.status_code == 200
    return response.content.decode()


def text_of(page: str) -> str:
    """What is read: no tags, no script's data, no hidden parts of the head, one space between words."""
    live = page.partition("data-live")[2].partition("data-lost-votes")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", live.partition(">")[2])).strip()


def set_up(ecosystem: Ecosystem, kind: ActivityKind, **changes: object) -> tuple[Workshop, Round | None, list[Seat]]:
    workshop = make_workshop(ecosystem, **changes)
    activity = make_activity(workshop, kind=kind, plan=PLANS[kind], title="The step", prompt="Think of last winter.")
    round = make_round(activity) if kind != ActivityKind.TALK else None
    return workshop, round, make_seats(workshop, 6)


def say(kind: ActivityKind, round: Round, seats: list[Seat]) -> None:
    for item, values in VALUES.get(kind, []):
        vote(round, seats, values, item=item)
    for number, seat in enumerate(seats):
        if kind in (ActivityKind.IDEAS, ActivityKind.CHECK):
            Idea.objects.create(
                key=uuid.uuid4(), activity=round.activity, round=round, seat=seat, text=f"Idea {number}", revision=1
            )
        elif kind == ActivityKind.COMMIT:
            Commitment.objects.create(
                organization=round.activity.workshop.organization,
                ecosystem=round.activity.workshop.ecosystem,
                workshop=round.activity.workshop,
                activity=round.activity,
                seat=seat,
                text=f"Promise {number}",
                owner_name="Mira",
                due_on=date(2099, 3, 1),
                state=CommitmentState.PROPOSED,
            )
