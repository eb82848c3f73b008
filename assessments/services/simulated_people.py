"""What an invented person says in a rehearsal: plausible, of one temperament throughout, and the same when asked again.

Some are hopeful and some sceptical; most follow the room a little when they vote once more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from assessments.enums import CANT_SAY
from assessments.models.activity_plans import (
    BetPlan,
    DotsPlan,
    IdeasPlan,
    LinksPlan,
    Plan,
    RankingPlan,
    RatePlan,
)
from assessments.services.ballots import GivenReason, GivenVote
from assessments.services.commitments import GivenCommitment
from assessments.services.ideas import GivenIdea

NAMES: Final = (
    "Amina", "Bao", "Chidi", "Dana", "Elif", "Farid", "Greta", "Hana", "Ivo", "Joana", "Kofi", "Lena",
    "Mateo", "Nadia", "Oskar", "Pilar", "Quentin", "Rosa", "Samir", "Tuva", "Uma", "Viktor", "Wanjiru", "Yusuf",
)  # fmt: skip
IDEAS: Final = (
    _("Tell suppliers earlier what we plan"),
    _("One person who decides when something runs late"),
    _("Talk to customers before we choose, not after"),
    _("A second source for what we cannot do without"),
    _("Share what went wrong, without blame"),
    _("Fewer meetings, with the people who are concerned"),
    _("Money set aside for what we cannot foresee"),
    _("Visit each other’s sites twice a year"),
    _("Agree on three numbers that we all watch"),
    _("Let new people question how we do things"),
    _("Write down who does what in an emergency"),
    _("Give communities a seat when we decide about land"),
    _("Try it small before we do it everywhere"),
    _("Answer every complaint within a week"),
    _("One page that says what each partner can expect of us"),
    _("Swap jobs for a week"),
    _("Ask those who left why they left"),
    _("Look back together after every season"),
    _("Stop two projects before we begin another"),
    _("A list of who knows what, that people can find"),
)
FEELINGS: Final = (
    _("Curious"),
    _("A little tired, glad to be here"),
    _("I would like to know what happens afterwards"),
    _("Hopeful"),
    _("Sceptical, but listening"),
    _("Busy. I hope we end on time"),
    _("Looking forward to hearing the others"),
    _("Worried about the spring"),
    _("Ready"),
    _("Surprised how many came"),
    _("Calm"),
    _("I have more questions than answers"),
    _("Proud of what we did last year"),
)
REASONS: Final = (
    _("We saw last spring that it works when we have to."),
    _("It depends on two people. If they leave, it is gone."),
    _("Much better than a year ago, but not written down anywhere."),
    _("I have not heard of it in my part of the organization."),
    _("We talk about it and then nothing happens."),
    _("The last exercise went well."),
    _("Our partners would say something else."),
    _("Good when there is time, poor under pressure."),
)
PROMISES: Final = (
    _("Ask two more suppliers for an offer"),
    _("Write down who decides in an emergency, on one page"),
    _("Invite three customers to the next review"),
    _("Show the three numbers on the first Monday of the month"),
    _("Call everybody who complained last quarter"),
    _("Visit the two sites that nobody has visited this year"),
    _("Put money for repairs into the next budget"),
    _("Tell the council what we decided"),
    _("Ask the new colleagues what puzzles them"),
)
HOPE: Final = (-0.25, -0.1, 0.0, 0.0, 0.1, 0.2)
"""How far from the middle opinion, in parts of the scale, temperaments are."""
CANT_SAY_SHARE: Final = 0.04
REASON_SHARE: Final = 0.8
FOLLOWS_ROOM: Final = 0.5
MOST_REASONS: Final = 2


class SimulatedPerson:
    """The person in one seat, in one round. `before`: the results of the round before, if there was one."""

    def __init__(self, seat: UUID, round_id: int, *, revision: int, before: Mapping[str, Any] | None = None) -> None:
        self.seat, self.round, self.revision = seat, round_id, revision
        self.hope = Random(str(seat)).choice(HOPE)  # noqa: S311 - invented people
        self.chance = Random(f"{seat}:{round_id}")  # noqa: S311
        self.before = _medians(before)

    def votes(self, plan: Plan) -> tuple[GivenVote, ...]:
        """A vote on everything that is asked, if the plan asks for votes."""
        if isinstance(plan, RatePlan):
            return tuple(self._rated(item.key, plan) for item in plan.items)
        if isinstance(plan, BetPlan):
            return tuple(self._vote(item.key, self._level(item.key, plan.lowest, plan.highest)) for item in plan.items)
        if isinstance(plan, LinksPlan):
            return tuple(self._link(pair.key, delays=plan.delays) for pair in plan.pairs)
        if isinstance(plan, DotsPlan):
            return self._dots([option.key for option in plan.options], plan)
        if isinstance(plan, RankingPlan):
            return self._ranks([option.key for option in plan.options])
        return ()

    def reasons(self, plan: Plan) -> tuple[GivenReason, ...]:
        """Why, for some of what was rated, if the plan asks for it."""
        if not isinstance(plan, RatePlan) or not plan.reasons:
            return ()
        told = [item.key for item in plan.items[:MOST_REASONS] if self.chance.random() < REASON_SHARE]
        return tuple(GivenReason(item, str(self.chance.choice(REASONS)), self.revision) for item in told)

    def ideas(self, plan: IdeasPlan, *, is_check: bool, taken: Collection[str]) -> tuple[GivenIdea, ...]:
        """One or two texts, rather such as nobody has written yet."""
        texts = self._fresh(FEELINGS if is_check else IDEAS, taken)
        count = min(plan.per_person, 1 if is_check else self.chance.choice((1, 1, 2)))
        return tuple(GivenIdea(self._key(text), text, self.revision) for text in texts[:count])

    def promise(self, today: date, *, taken: Collection[str]) -> GivenCommitment:
        """Something to be done within three to twelve weeks, rather such as nobody has promised yet."""
        text = self._fresh(PROMISES, taken)[0]
        due, owner = today + timedelta(weeks=self.chance.randint(3, 12)), self.chance.choice(NAMES)
        return GivenCommitment(self._key(text), text, owner, due, revision=self.revision)

    def _fresh(self, choice: Iterable[object], taken: Collection[str]) -> list[str]:
        """All of these texts by chance, those that nobody wrote yet first."""
        texts = [str(text) for text in choice]
        self.chance.shuffle(texts)
        return sorted(texts, key=lambda text: text in taken)

    def _rated(self, item: str, plan: RatePlan) -> GivenVote:
        if self.chance.random() < CANT_SAY_SHARE:
            return self._vote(item, CANT_SAY)
        sure = self.chance.randint(2, 5) if plan.confidence else None
        return self._vote(item, self._level(item, plan.lowest, plan.highest), confidence=sure)

    def _level(self, item: str, lowest: int, highest: int) -> int:
        """Near what people think of this item on the whole, as hopeful as this person is."""
        middle = lowest + (highest - lowest) * Random(item).uniform(0.35, 0.75)  # noqa: S311
        own = self.chance.gauss(middle + self.hope * (highest - lowest), 0.12 * (highest - lowest))
        if item in self.before:
            own += (self.before[item] - own) * FOLLOWS_ROOM
        return max(lowest, min(highest, round(own)))

    def _link(self, pair: str, *, delays: bool) -> GivenVote:
        draw = self.chance.random()
        usual = Random(pair).choice((1, -1))  # noqa: S311
        sign = 0 if draw < 0.08 else -usual if draw < 0.2 else usual
        late = self.chance.choice((0, 1, 1, 2)) if delays and sign else None
        return self._vote(pair, sign * self.chance.choice((1, 2, 2, 3)), delay=late)

    def _dots(self, options: Sequence[str], plan: DotsPlan) -> tuple[GivenVote, ...]:
        given = dict.fromkeys(options, 0)
        for _dot in range(plan.dots):
            open_ones = [option for option in options if given[option] < plan.most]
            if open_ones:
                weights = [Random(option).uniform(0.2, 1.0) for option in open_ones]  # noqa: S311
                given[self.chance.choices(open_ones, weights)[0]] += 1
        return tuple(self._vote(option, dots) for option, dots in given.items())

    def _ranks(self, options: Sequence[str]) -> tuple[GivenVote, ...]:
        liking = {option: Random(option).random() + self.chance.gauss(0, 0.3) for option in options}  # noqa: S311
        order = sorted(options, key=lambda option: -liking[option])
        return tuple(self._vote(option, place) for place, option in enumerate(order, 1))

    def _vote(self, item: str, value: int, *, confidence: int | None = None, delay: int | None = None) -> GivenVote:
        return GivenVote(item, value, self.revision, confidence=confidence, delay=delay)

    def _key(self, text: object) -> UUID:
        return uuid5(self.seat, f"{self.round}:{text}")


def _medians(results: Mapping[str, Any] | None) -> dict[str, float]:
    """What the room was shown of each item in the round before."""
    items = (results or {}).get("items", ())
    spreads = {one["item"]: one["together"].get("spread") for one in items}
    return {item: spread["median"] for item, spread in spreads.items() if spread}
