"""What a step asks on a phone: one row a question, with what the phone's owner has said where that is known.

Rendered for all phones at once nothing is known of anybody; each phone then fills in its own answers by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
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
)
from assessments.selectors.link_words import delay_words, effect_words
from assessments.selectors.own_words import Own, OwnVote

CANT_SAY_VALUE: Final = "cant-say"
RAISES, LOWERS, NONE = "1", "-1", "0"


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button, or one entry of a list."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """`own` is the answer in this round in words, `standing` that of an earlier one; '' where there is none."""

    key: str
    text: str
    own: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Rated(Question):
    choices: tuple[Choice, ...] = ()
    low: str = ""
    high: str = ""
    cant_say: bool = False
    sure: tuple[Choice, ...] = ()
    reason: str = ""
    asks_reason: bool = False


@dataclass(frozen=True, slots=True)
class Guessed(Question):
    """`lowest` and `highest` bound the guess; `value` is what the field holds."""

    value: str = ""
    lowest: int = 0
    highest: int = 100
    unit: str = ""
    cant_say: bool = False


@dataclass(frozen=True, slots=True)
class Dotted(Question):
    value: str = "0"


@dataclass(frozen=True, slots=True)
class Ranked(Question):
    places: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked(Question):
    """Sign, strength and delay apart."""

    source: str = ""
    target: str = ""
    effects: tuple[Choice, ...] = ()
    strengths: tuple[Choice, ...] = ()
    delays: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An own idea, as it stands."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Promised:
    """An own commitment; once accepted it is the room's, and no longer changed on a phone."""

    key: str
    text: str
    owner: str
    due: str
    facet: str
    is_accepted: bool


def questions_of(plan: Plan, own: Own, round: int) -> tuple[Question, ...]:
    """The rows of a vote; empty for a step in which nothing is voted on."""
    mine = own.votes.get(round, {})
    if isinstance(plan, RatePlan):
        return tuple(_rated(plan, item, own, round) for item in plan.items)
    if isinstance(plan, BetPlan):
        return tuple(_guessed(plan, item, mine.get(item.key), own.standing(item.key, round)) for item in plan.items)
    if isinstance(plan, LinksPlan):
        return tuple(_linked(plan, pair, mine.get(pair.key), own.standing(pair.key, round)) for pair in plan.pairs)
    if isinstance(plan, DotsPlan):
        return tuple(_dotted(option, mine.get(option.key), own.standing(option.key, round)) for option in plan.options)
    if isinstance(plan, RankingPlan):
        return _ranked(plan, own, round)
    return ()


def ideas_of(plan: Plan, own: Own, round: int) -> tuple[Written, ...]:
    if not isinstance(plan, IdeasPlan):
        return ()
    return tuple(Written(key, one.text) for key, one in own.ideas.get(round, {}).items())


def promises_of(plan: Plan, own: Own) -> tuple[Promised, ...]:
    if not isinstance(plan, CommitPlan):
        return ()
    return tuple(
        Promised(key, one.text, one.owner, one.due_on.isoformat() if one.due_on else "", one.facet, one.is_accepted)
        for key, one in own.commitments.items()
    )


def value_words(value: int | None) -> str:
    """A level, guess, rank or number of dots as it is read: `6`, `can’t say`, `−3`."""
    if value is None:
        return ""
    return _("can’t say") if value == CANT_SAY else str(value).replace("-", "−")


def _rated(plan: RatePlan, item: Item, own: Own, round: int) -> Rated:
    vote, stood = own.votes.get(round, {}).get(item.key), own.standing(item.key, round)
    reason = own.reasons.get(round, {}).get(item.key)
    return Rated(
        item.key,
        item.text,
        own=value_words(vote.value if vote else None),
        standing=value_words(stood.value if stood else None),
        choices=_choices(
            ((str(level), str(level)) for level in range(plan.lowest, plan.highest + 1)),
            str(vote.value) if vote else None,
        ),
        low=item.low or plan.low_label,
        high=item.high or plan.high_label,
        cant_say=vote is not None and vote.value == CANT_SAY,
        sure=_choices(_sure(), str(vote.confidence) if vote and vote.confidence else None) if plan.confidence else (),
        reason=reason.text if reason else "",
        asks_reason=plan.reasons,
    )


def _sure() -> tuple[tuple[str, str], ...]:
    return (("1", _("A guess")), ("2", "2"), ("3", "3"), ("4", "4"), ("5", _("Certain")))


def _guessed(plan: BetPlan, item: Item, vote: OwnVote | None, stood: OwnVote | None) -> Guessed:
    shown = vote if vote and vote.value != CANT_SAY else None
    return Guessed(
        item.key,
        item.text,
        own=value_words(vote.value if vote else None),
        standing=value_words(stood.value if stood else None),
        value=str(shown.value) if shown else "",
        lowest=plan.lowest,
        highest=plan.highest,
        unit=plan.unit,
        cant_say=vote is not None and shown is None,
    )


def _dotted(option: Option, vote: OwnVote | None, stood: OwnVote | None) -> Dotted:
    shown = vote or stood
    return Dotted(
        option.key,
        option.text,
        own=value_words(vote.value if vote else None),
        standing=value_words(stood.value if stood else None),
        value=str(shown.value) if shown else "0",
    )


def _ranked(plan: RankingPlan, own: Own, round: int) -> tuple[Question, ...]:
    """Options in the order that the owner gave them, or as they were asked."""
    mine = own.votes.get(round, {})
    places = {
        option.key: found.value
        for option in plan.options
        if (found := mine.get(option.key) or own.standing(option.key, round))
    }
    asked = {option.key: number for number, option in enumerate(plan.options, 1)}
    given = places if len(places) == len(asked) else asked
    numbers = [str(number) for number in asked.values()]
    return tuple(
        Ranked(
            option.key,
            option.text,
            own=str(mine[option.key].value) if option.key in mine else "",
            standing=str(stood.value) if (stood := own.standing(option.key, round)) else "",
            places=_choices(((number, number) for number in numbers), str(given[option.key])),
        )
        for option in sorted(plan.options, key=lambda option: given[option.key])
    )


def _linked(plan: LinksPlan, pair: Pair, vote: OwnVote | None, stood: OwnVote | None) -> Linked:
    value = vote.value if vote else None
    sign = None
    if value is not None:
        sign = CANT_SAY_VALUE if value == CANT_SAY else RAISES if value > 0 else LOWERS if value < 0 else NONE
    strength = str(abs(value)) if value and value != CANT_SAY else None
    effects = (
        (RAISES, _("raises")),
        (LOWERS, _("lowers")),
        (NONE, _("has no effect on")),
        (CANT_SAY_VALUE, _("I can’t say")),
    )
    strengths = (("1", _("a little")), ("2", _("clearly")), ("3", _("strongly")))
    delays = tuple((str(level), words) for level, words in delay_words().items()) if plan.delays else ()
    return Linked(
        pair.key,
        f"{pair.source} → {pair.target}",
        own=link_words(vote),
        standing=link_words(stood),
        source=pair.source,
        target=pair.target,
        effects=_choices(effects, sign),
        strengths=_choices(strengths, strength),
        delays=_choices(delays, str(vote.delay) if vote and vote.delay is not None else None),
    )


def link_words(vote: OwnVote | None) -> str:
    """`raises it strongly, within months`."""
    if vote is None:
        return ""
    said = effect_words().get(vote.value, "")
    return said if vote.delay is None else f"{said}, {delay_words()[vote.delay]}"


def _choices(pairs: Iterable[tuple[str, str]], chosen: str | None) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in pairs)
