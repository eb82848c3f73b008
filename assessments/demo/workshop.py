"""The demo's workshops: two that have ended, one of them with what the room said twice, and one that waits."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from assessments.demo import loops
from assessments.enums import ActivityKind, NoteKind
from assessments.models import Activity, Commitment, Seat, Wave, Workshop
from assessments.models.activity_plans import CommitPlan, DotsPlan, IdeasPlan, Item, LinksPlan, Pair, RatePlan, TalkPlan
from assessments.services.agenda import add_activity
from assessments.services.agenda_templates import apply_built_in
from assessments.services.ballots import GivenReason, GivenVote
from assessments.services.commitments import GivenCommitment, accept, propose
from assessments.services.ideas import GivenIdea, write_ideas
from assessments.services.rounds import ask_again, open_round, reveal_round
from assessments.services.seats import join
from assessments.services.stage import end_workshop, go_to, open_doors, start
from assessments.services.votes import cast_votes
from assessments.services.workshop_notes import write_note
from assessments.services.workshops import create_workshop
from ecosystems.models import Ecosystem, User

SEATS = 24
HELD_BEFORE = timedelta(days=4)
HELD_AFTER = timedelta(days=11)
LASTED = timedelta(minutes=64)

READY = RatePlan(
    items=(
        Item("ready", "If a main supplier failed tomorrow, how ready would we be?", facet="ADA-SPEED", dimension="ADA"),
    ),
    low_label="not at all ready",
    high_label="fully ready",
)
FIRST = (2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 8, 8)
SECOND = (3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 8)
REASONS = (
    "Two of us could cover a week. Nobody could cover a month.",
    "The food bank would feel it first.",
    "We did it once, after the flood.",
    "There is no list of who could step in.",
    "The shops hear about it from their customers.",
    "Hillside and Three Oaks have agreed to lend each other a van.",
    "It depends on two people who know everybody's number.",
    "In summer yes, in February no.",
    "We have never tried it out.",
)
IDEAS = (
    "One number to call, also at weekends",
    "A list of who can step in for whom",
    "Tell the shops before the customers notice",
    "A short meeting after every shortage",
    "Share the cold store plan with everybody",
    "Somebody besides the two coordinators who may decide",
    "Try out a failed delivery once a season",
    "A text message when the van is late",
    "Ask the food bank what they need first",
    "A spare van that belongs to no one",
    "Write the plan down where drivers see it",
    "Small farms in the Saturday round",
)
DOTS = (5, 9, 11, 1, 0, 8, 6, 4, 2, 1, 3, 0)
LINKS = (
    Pair("p1", loops.TRUST, loops.FORECAST, source_facet="ECO-TRUST"),
    Pair("p2", loops.LOAD, loops.LEARNING, target_facet="ADA-LEARN"),
    Pair("p3", loops.LEARNING, loops.SAY, "ADA-LEARN", "SAT-COMM"),
    Pair("p4", loops.SPEED, loops.TRUST, "ADA-SPEED", "ECO-TRUST"),
    Pair("p5", loops.LOAD, loops.SPEED, target_facet="ADA-SPEED"),
)
EFFECTS = ((2, 3, 2, 1), (-1, -2, -3, -2), (2, 2, 1, 3), (1, 2, 1, 0), (-3, -2, -2, 1))
COMMITMENTS = (
    ("Put up one phone number for shortages, answered on seven days", "Priya Nair", 45, "ADA-SPEED"),
    ("Write and share the list of who steps in for whom", "Karl Winther", 30, "ADA-SPEED"),
    ("Try out a failed delivery together with the shops", "Grace Mwangi", 75, "ADA-LEARN"),
)


def past(*, ecosystem: Ecosystem, wave: Wave, by: User, dice: random.Random, now: datetime) -> Workshop:
    """A debrief that was held some days ago: two rounds of one rating, ideas, dots, links, commitments."""
    workshop = create_workshop(
        ecosystem=ecosystem,
        title="Autumn debrief",
        purpose="What the autumn wave says about how fast we respond, and what we do about it.",
        wave=wave,
        by=by,
    )
    talk = add_activity(
        workshop=workshop, kind=ActivityKind.TALK, title="What the wave says", plan=TalkPlan("ADA"), minutes=12, by=by
    )
    rate = add_activity(
        workshop=workshop, kind=ActivityKind.RATE, title="How ready are we?", plan=READY, minutes=14, by=by
    )
    ideas = add_activity(
        workshop=workshop,
        kind=ActivityKind.IDEAS,
        title="What would make us faster?",
        plan=IdeasPlan(per_person=3),
        minutes=10,
        by=by,
    )
    dots = add_activity(
        workshop=workshop,
        kind=ActivityKind.DOTS,
        title="Where do we start?",
        plan=DotsPlan(),
        source=ideas,
        minutes=6,
        by=by,
    )
    links = add_activity(
        workshop=workshop,
        kind=ActivityKind.LINKS,
        title="What drives what?",
        plan=LinksPlan(pairs=LINKS),
        minutes=12,
        by=by,
    )
    commit = add_activity(
        workshop=workshop,
        kind=ActivityKind.COMMIT,
        title="What will we do?",
        plan=CommitPlan("ADA-SPEED"),
        minutes=10,
        by=by,
    )
    open_doors(workshop=workshop, by=by)
    seats = [join(workshop=workshop, join_key=_key(dice)) for _ in range(SEATS)]
    start(workshop=workshop, by=by)
    _rate_twice(_at(workshop, rate, talk, by), seats, dice, by)
    _collect(_at(workshop, ideas, rate, by), seats, dice, by)
    _place_dots(_at(workshop, dots, ideas, by), seats, by)
    _map_links(_at(workshop, links, dots, by), seats, by)
    _promise(_at(workshop, commit, links, by), seats, dice, by)
    for text in ("Response slowed down since the second coordinator left.", "Weekends are where it hurts most."):
        write_note(workshop=workshop, key=_key(dice), text=text, activity=rate, by=by)
    write_note(
        workshop=workshop,
        key=_key(dice),
        kind=NoteKind.DECISION,
        text="Shortages are told to the shops before noon, by whoever notices first.",
        activity=commit,
        by=by,
    )
    end_workshop(workshop=workshop, by=by)
    _date(workshop, now - HELD_BEFORE)
    return workshop


def earlier(*, ecosystem: Ecosystem, wave: Wave, by: User, dice: random.Random) -> Workshop:
    """The debrief of a wave before the newest: the room only talked."""
    workshop = create_workshop(ecosystem=ecosystem, title=f"{wave.title} debrief", purpose="", wave=wave, by=by)
    add_activity(
        workshop=workshop, kind=ActivityKind.TALK, title="What the wave says", plan=TalkPlan(), minutes=60, by=by
    )
    open_doors(workshop=workshop, by=by)
    for _ in range(SEATS // 2):
        join(workshop=workshop, join_key=_key(dice))
    start(workshop=workshop, by=by)
    text = "Those who made the commitments tell in autumn what became of them."
    write_note(workshop=workshop, key=_key(dice), kind=NoteKind.DECISION, text=text, by=by)
    end_workshop(workshop=workshop, by=by)
    assert wave.closed_at is not None
    _date(workshop, wave.closed_at + HELD_AFTER)
    return workshop


def coming(*, ecosystem: Ecosystem, by: User, now: datetime) -> Workshop:
    """One that is prepared and can be opened: map the loops, next week at ten."""
    at = timezone.localtime(now + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    workshop = create_workshop(
        ecosystem=ecosystem,
        title="Which loops carry us?",
        purpose="Find out together what drives what in the network.",
        starts_at=at,
        asks_group=True,
        by=by,
    )
    apply_built_in(workshop=workshop, key="map-the-loops", by=by)
    return workshop


def _date(workshop: Workshop, began: datetime) -> None:
    """As if it had been held then."""
    Workshop.objects.filter(pk=workshop.pk).update(
        starts_at=began, opened_at=began - timedelta(minutes=10), started_at=began, ended_at=began + LASTED
    )


def _at(workshop: Workshop, step: Activity, before: Activity, by: User) -> Activity:
    go_to(workshop=workshop, activity=step, seen_step=before.pk, by=by)
    return step


def _rate_twice(step: Activity, seats: Sequence[Seat], dice: random.Random, by: User) -> None:
    first = open_round(activity=step, seconds=None, by=by)
    said = dict(zip(dice.sample(range(SEATS), len(REASONS)), REASONS, strict=True))
    for place, (seat, value) in enumerate(zip(seats, FIRST, strict=True)):
        reasons = [GivenReason("ready", said[place], 1)] if place in said else []
        cast_votes(seat=seat.id, round_id=first.pk, votes=[GivenVote("ready", value, 1)], reasons=reasons)
    reveal_round(round=first, by=by)
    second = ask_again(round=first, seconds=None, by=by)
    for seat, value in zip(seats, SECOND, strict=True):
        cast_votes(seat=seat.id, round_id=second.pk, votes=[GivenVote("ready", value, 1)])
    reveal_round(round=second, by=by)


def _collect(step: Activity, seats: Sequence[Seat], dice: random.Random, by: User) -> None:
    round = open_round(activity=step, seconds=None, by=by)
    for seat, text in zip(seats, IDEAS, strict=False):
        write_ideas(seat=seat.id, round_id=round.pk, ideas=[GivenIdea(_key(dice), text, 1)])
    reveal_round(round=round, by=by)


def _place_dots(step: Activity, seats: Sequence[Seat], by: User) -> None:
    round = open_round(activity=step, seconds=None, by=by)
    options = {option["text"]: option["key"] for option in _settings(step)["options"]}
    wanted = [options[text] for text, dots in zip(IDEAS, DOTS, strict=True) for _ in range(dots)]
    for place, seat in enumerate(seats):
        chosen = wanted[place::SEATS]
        votes = [GivenVote(key, chosen.count(key), 1) for key in options.values()]
        cast_votes(seat=seat.id, round_id=round.pk, votes=votes)
    reveal_round(round=round, by=by)


def _map_links(step: Activity, seats: Sequence[Seat], by: User) -> None:
    round = open_round(activity=step, seconds=None, by=by)
    for place, seat in enumerate(seats):
        votes = [
            GivenVote(pair.key, effects[(place + number) % len(effects)], 1, delay=(place + number) % 3)
            for number, (pair, effects) in enumerate(zip(LINKS, EFFECTS, strict=True))
        ]
        cast_votes(seat=seat.id, round_id=round.pk, votes=votes)
    reveal_round(round=round, by=by)


def _promise(step: Activity, seats: Sequence[Seat], dice: random.Random, by: User) -> None:
    round = open_round(activity=step, seconds=None, by=by)
    today = timezone.localdate()
    for seat, (text, owner, days, facet) in zip(seats, COMMITMENTS, strict=False):
        told = GivenCommitment(_key(dice), text, owner, today + timedelta(days=days), facet, 1)
        propose(seat=seat.id, round_id=round.pk, proposals=[told])
    reveal_round(round=round, by=by)
    for commitment in Commitment.objects.filter(activity=step):
        accept(commitment=commitment, by=by)


def _settings(step: Activity) -> dict[str, list[dict[str, str]]]:
    """As they are now: the options of a vote on ideas are fixed when it opens."""
    settings: dict[str, list[dict[str, str]]] = Activity.objects.values_list("settings", flat=True).get(pk=step.pk)
    return settings


def _key(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
