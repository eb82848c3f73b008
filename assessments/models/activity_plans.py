"""What each kind of activity needs: `Activity.settings` as typed plans, and the checks that they fit.

Plain data without Django models, so that services, pages and templates of agendas read the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from django.utils.translation import gettext as _

from assessments.enums import ActivityKind

MOST_ITEMS: Final = 20
MOST_OPTIONS: Final = 40
SCALES: Final = ((1, 5), (1, 7), (1, 10), (0, 10))


class BadPlan(ValueError):
    """Why the settings of an activity do not fit its kind, for the facilitator."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is rated or bet on. `item` is its code in the instrument of the wave, or '' when free.

    `low` and `high` are words at the ends of this item's scale, '' for those of the whole step. `reverse`: a higher
    answer is less of what the facet is named after.
    """

    key: str
    text: str
    item: str = ""
    facet: str = ""
    dimension: str = ""
    low: str = ""
    high: str = ""
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Does `source` raise or lower `target`? Names of factors; the facets tie them to the instrument, or ''."""

    key: str
    source: str
    target: str
    source_facet: str = ""
    target_facet: str = ""


@dataclass(frozen=True, slots=True)
class TalkPlan:
    """Nothing is asked. `code` is a dimension or facet of the workshop's wave that is talked about, or ''.

    `promises`: the screen in the room shows what is still open of what was promised.
    """

    code: str = ""
    promises: bool = False


@dataclass(frozen=True, slots=True)
class RatePlan:
    """Items on a scale lowest…highest with words at its ends; confidence 1–5 and a reason where wanted."""

    items: tuple[Item, ...] = ()
    lowest: int = 1
    highest: int = 10
    low_label: str = ""
    high_label: str = ""
    confidence: bool = False
    reasons: bool = True

    def common_ends(self) -> tuple[str, str]:
        """Words at the ends of one axis below all items: those they share, else none, for others would be wrong."""
        ends = {(item.low or self.low_label, item.high or self.high_label) for item in self.items}
        return ends.pop() if len(ends) == 1 else ("", "")


@dataclass(frozen=True, slots=True)
class IdeasPlan:
    """Texts, at most `per_person` of each seat and round. Also what a check-in or check-out needs."""

    per_person: int = 3


@dataclass(frozen=True, slots=True)
class DotsPlan:
    """`dots` of each seat on the options, at most `most` on one. Options come from here or from the source's ideas."""

    options: tuple[Option, ...] = ()
    dots: int = 5
    most: int = 3


@dataclass(frozen=True, slots=True)
class RankingPlan:
    """All options in order, first is best. Options come from here or from the source's ideas."""

    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class LinksPlan:
    """Pairs of factors; `delays`: also how late the effect comes."""

    pairs: tuple[Pair, ...] = ()
    delays: bool = True


@dataclass(frozen=True, slots=True)
class BetPlan:
    """A guess per item on lowest…highest before the run; `outcomes` by item key, once they are known."""

    items: tuple[Item, ...] = ()
    lowest: int = 0
    highest: int = 100
    unit: str = ""
    outcomes: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class CommitPlan:
    """`facet`: the score that commitments of this step should move unless they say otherwise, or ''."""

    facet: str = ""


Plan = TalkPlan | RatePlan | IdeasPlan | DotsPlan | RankingPlan | LinksPlan | BetPlan | CommitPlan
_PLANS: Final[dict[ActivityKind, type[Any]]] = {
    ActivityKind.TALK: TalkPlan,
    ActivityKind.RATE: RatePlan,
    ActivityKind.IDEAS: IdeasPlan,
    ActivityKind.DOTS: DotsPlan,
    ActivityKind.RANKING: RankingPlan,
    ActivityKind.LINKS: LinksPlan,
    ActivityKind.BET: BetPlan,
    ActivityKind.COMMIT: CommitPlan,
    ActivityKind.CHECK: IdeasPlan,
}
_PARTS: Final[dict[str, type[Any]]] = {"items": Item, "options": Option, "pairs": Pair}


def read_plan(kind: ActivityKind, settings: Mapping[str, Any]) -> Plan:
    """The typed plan of stored settings; BadPlan where they are not of the kind's shape. Says nothing of `problems`."""
    shape = _PLANS[kind]
    names = {field.name for field in fields(shape)}
    try:
        given = {name: _part(name, value) for name, value in settings.items() if name in names}
        plan: Plan = shape(**given)
    except (TypeError, AttributeError) as problem:
        raise BadPlan(str(problem)) from problem
    return plan


def stored(plan: Plan) -> dict[str, Any]:
    """What goes into `Activity.settings`."""
    return asdict(plan)


def problems(plan: Plan) -> tuple[str, ...]:
    """What must be mended before the activity can be run, for the facilitator; empty when it is ready."""
    found = []
    if isinstance(plan, RatePlan | BetPlan) and not 1 <= len(plan.items) <= MOST_ITEMS:
        found.append(_("Ask between 1 and %(most)s questions in one step.") % {"most": MOST_ITEMS})
    if isinstance(plan, RatePlan) and (plan.lowest, plan.highest) not in SCALES:
        found.append(_("Choose one of the scales offered."))
    if isinstance(plan, BetPlan) and not -30_000 <= plan.lowest < plan.highest <= 30_000:
        found.append(_("The highest guess must be above the lowest, both between −30,000 and 30,000."))
    if isinstance(plan, LinksPlan) and not 1 <= len(plan.pairs) <= MOST_ITEMS:
        found.append(_("Ask about 1 to %(most)s links in one step.") % {"most": MOST_ITEMS})
    if isinstance(plan, LinksPlan) and any(_same(pair.source, pair.target) for pair in plan.pairs):
        found.append(_("A link needs two different factors."))
    if isinstance(plan, DotsPlan | RankingPlan) and len(plan.options) > MOST_OPTIONS:
        found.append(_("Offer at most %(most)s options.") % {"most": MOST_OPTIONS})
    if isinstance(plan, DotsPlan) and not 1 <= plan.most <= plan.dots <= 20:
        found.append(_("Give each person 1 to 20 dots, and let at least one of them go on one option."))
    if isinstance(plan, IdeasPlan) and not 1 <= plan.per_person <= 20:
        found.append(_("Let each person write 1 to 20 texts."))
    return tuple(found)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _part(name: str, value: Any) -> Any:
    if name not in _PARTS:
        return value
    shape = _PARTS[name]
    names = {field.name for field in fields(shape)}
    return tuple(shape(**{key: part for key, part in one.items() if key in names}) for one in value)
