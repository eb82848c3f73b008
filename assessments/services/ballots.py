"""What a phone may say in a vote, by the plan of the activity: what fits is kept, what does not is said in words.

Ratings, links and bets stand item by item. Dots and rankings are given whole: one revision for all options, so that
two phones of one seat never mix a ballot that breaks the budget.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.models.activity_plans import BetPlan, DotsPlan, LinksPlan, Plan, RankingPlan, RatePlan
from assessments.services.drafts import cleaned_comment

LONGEST_REASON: Final = 1_000
STRONGEST: Final = 3
LATEST: Final = 2
SUREST: Final = 5


@dataclass(frozen=True, slots=True)
class GivenVote:
    """One answer as a phone sends it; `value` CANT_SAY for "can't say". `revision`: the phone's clock in ms."""

    item: str
    value: int
    revision: int
    confidence: int | None = None
    delay: int | None = None


@dataclass(frozen=True, slots=True)
class GivenReason:
    item: str
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class RefusedVote:
    """What cannot be taken, and why, in words for the person. `item` '' where the whole ballot is meant."""

    item: str
    part: str  # value or reason
    message: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """What fits, in the order of the items, so that ballots never deadlock; and what does not."""

    votes: tuple[GivenVote, ...]
    reasons: tuple[GivenReason, ...]
    refused: tuple[RefusedVote, ...]


def read_ballot(*, plan: Plan, votes: Sequence[GivenVote], reasons: Sequence[GivenReason], latest: int) -> Ballot:
    """Of a batch, what this activity asks for. A revision beyond `latest` (ms) is taken as that."""
    bounded = [replace(vote, revision=min(vote.revision, latest)) for vote in votes]
    if isinstance(plan, DotsPlan | RankingPlan):
        kept, refused = _whole(plan, bounded)
    else:
        kept, refused = _one_by_one(plan, bounded)
    told, not_told = _reasons(plan, reasons, latest)
    return Ballot(kept, told, (*refused, *not_told))


def _one_by_one(plan: Plan, votes: Iterable[GivenVote]) -> tuple[tuple[GivenVote, ...], tuple[RefusedVote, ...]]:
    asked = _items(plan)
    kept: dict[str, GivenVote] = {}
    refused = []
    for vote in votes:
        problem = _problem(plan, vote) if vote.item in asked else not_asked()
        if problem:
            refused.append(RefusedVote(vote.item, "value", problem))
        elif vote.item not in kept or vote.revision > kept[vote.item].revision:
            kept[vote.item] = _plain(plan, vote)
    return tuple(kept[item] for item in sorted(kept)), tuple(refused)


def _problem(plan: Plan, vote: GivenVote) -> str | None:
    """Why this answer to an item that was asked cannot be taken."""
    if isinstance(plan, LinksPlan):
        return _link_problem(plan, vote)
    if isinstance(plan, RatePlan | BetPlan):
        return _number_problem(plan, vote)
    return None


def _link_problem(plan: LinksPlan, vote: GivenVote) -> str | None:
    if vote.value != CANT_SAY and not -STRONGEST <= vote.value <= STRONGEST:
        return _("Choose whether it raises or lowers, and how strongly.")
    if plan.delays and vote.delay is not None and not 0 <= vote.delay <= LATEST:
        return _("Choose one of the answers offered for how late it comes.")
    return None


def _number_problem(plan: RatePlan | BetPlan, vote: GivenVote) -> str | None:
    if vote.value != CANT_SAY and not plan.lowest <= vote.value <= plan.highest:
        ends = {"lowest": _number(plan.lowest), "highest": _number(plan.highest)}
        return _("Choose a number from %(lowest)s to %(highest)s.") % ends
    is_sure = vote.confidence is None or 1 <= vote.confidence <= SUREST
    if isinstance(plan, RatePlan) and plan.confidence and not is_sure:
        return _("Say how sure you are with a number from 1 to 5.")
    return None


def _plain(plan: Plan, vote: GivenVote) -> GivenVote:
    """Without what was not asked, and what says nothing about this value."""
    sure = isinstance(plan, RatePlan) and plan.confidence and vote.value != CANT_SAY
    late = isinstance(plan, LinksPlan) and plan.delays and vote.value not in (0, CANT_SAY)
    return replace(vote, confidence=vote.confidence if sure else None, delay=vote.delay if late else None)


def _whole(
    plan: DotsPlan | RankingPlan, votes: Sequence[GivenVote]
) -> tuple[tuple[GivenVote, ...], tuple[RefusedVote, ...]]:
    if not votes:
        return (), ()
    options = _items(plan)
    unknown = [RefusedVote(vote.item, "value", not_asked()) for vote in votes if vote.item not in options]
    if unknown:
        return (), tuple(unknown)
    values = {vote.item: vote.value for vote in votes}
    problem = _dots_problem(plan, values) if isinstance(plan, DotsPlan) else _ranking_problem(plan, values)
    if problem:
        return (), (RefusedVote("", "value", problem),)
    revision = max(vote.revision for vote in votes)
    return tuple(GivenVote(option, values.get(option, 0), revision) for option in sorted(options)), ()


def _dots_problem(plan: DotsPlan, values: Mapping[str, int]) -> str | None:
    if any(not 0 <= value <= plan.most for value in values.values()):
        return _("Put at most %(most)s dots on one option.") % {"most": plan.most}
    if sum(values.values()) > plan.dots:
        return _("You have %(dots)s dots. Take some away, then send again.") % {"dots": plan.dots}
    return None


def _ranking_problem(plan: RankingPlan, values: Mapping[str, int]) -> str | None:
    if sorted(values.values()) != list(range(1, len(plan.options) + 1)):
        return _("Give every option a place of its own, from 1 to %(last)s.") % {"last": len(plan.options)}
    return None


def _reasons(
    plan: Plan, reasons: Iterable[GivenReason], latest: int
) -> tuple[tuple[GivenReason, ...], tuple[RefusedVote, ...]]:
    asked = _items(plan) if isinstance(plan, RatePlan) and plan.reasons else frozenset()
    kept: dict[str, GivenReason] = {}
    refused = []
    for reason in reasons:
        given = GivenReason(reason.item, cleaned_comment(reason.text), min(reason.revision, latest))
        if given.item not in asked:
            refused.append(RefusedVote(given.item, "reason", not_asked()))
        elif len(given.text) > LONGEST_REASON:
            refused.append(RefusedVote(given.item, "reason", length_problem(given.text, LONGEST_REASON)))
        elif given.item not in kept or given.revision > kept[given.item].revision:
            kept[given.item] = given
    return tuple(kept[item] for item in sorted(kept)), tuple(refused)


def length_problem(text: str, most: int) -> str:
    return _("This text has %(count)s characters. Shorten it to %(most)s or fewer.") % {
        "count": len(text),
        "most": most,
    }


def _items(plan: Plan) -> frozenset[str]:
    if isinstance(plan, RatePlan | BetPlan):
        return frozenset(item.key for item in plan.items)
    if isinstance(plan, LinksPlan):
        return frozenset(pair.key for pair in plan.pairs)
    if isinstance(plan, DotsPlan | RankingPlan):
        return frozenset(option.key for option in plan.options)
    return frozenset()


def not_asked() -> str:
    return _("This is not asked here. Look at the screen again.")


def _number(value: int) -> str:
    return str(value).replace("-", "−")
