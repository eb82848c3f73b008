"""Who voted what, in workshops where everybody speaks by name: from the reveal on, and never before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.models import Vote
from assessments.models.activity_plans import BetPlan, DotsPlan, LinksPlan, Plan, RankingPlan, RatePlan
from ecosystems.numerals import number, signed


@dataclass(frozen=True, slots=True)
class NamedItem:
    """`values`: what was said, as it is written, with the names of those who said it; lowest first."""

    text: str
    values: tuple[tuple[str, tuple[str, ...]], ...]


def named_votes(plan: Plan | None, votes: Sequence[Vote]) -> tuple[NamedItem, ...]:
    """Items in the order asked; those on which nobody voted are left out."""
    if plan is None or not votes:
        return ()
    said: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for vote in votes:
        if vote.seat is not None and not (isinstance(plan, DotsPlan) and vote.value == 0):
            said[vote.item][vote.value].append(vote.seat.name)
    is_signed = isinstance(plan, LinksPlan)
    return tuple(
        NamedItem(
            text,
            tuple(
                (_written(value, is_signed=is_signed), tuple(sorted(names)))
                for value, names in sorted(said[key].items())
            ),
        )
        for key, text in _texts(plan)
        if said[key]
    )


def _texts(plan: Plan) -> list[tuple[str, str]]:
    if isinstance(plan, RatePlan | BetPlan):
        return [(item.key, item.text) for item in plan.items]
    if isinstance(plan, DotsPlan | RankingPlan):
        return [(option.key, option.text) for option in plan.options]
    if isinstance(plan, LinksPlan):
        return [(pair.key, f"{pair.source} → {pair.target}") for pair in plan.pairs]
    return []


def _written(value: int, *, is_signed: bool) -> str:
    if value == CANT_SAY:
        return _("can’t say")
    return signed(value) if is_signed else number(value)
