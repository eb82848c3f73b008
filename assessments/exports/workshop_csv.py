"""What a workshop has revealed, as one table: a row for each thing asked, round by round, group by group."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import ActivityKind
from assessments.exports.results_csv import BYTE_ORDER_MARK, safe
from assessments.models.activities import step_numbers
from assessments.models.activity_plans import BadPlan, BetPlan, DotsPlan, LinksPlan, Plan, RankingPlan, RatePlan
from assessments.scoring.room.results import (
    Bet,
    BetResults,
    DotsResults,
    LinkResults,
    LinkVote,
    Option,
    Order,
    RankedItem,
    RankingResults,
    Rating,
    RatingResults,
    RoundResults,
    Shift,
    Spread,
    Tally,
    Turnout,
    VoteKind,
    decode,
)
from assessments.selectors.minutes import MinutesMaterial

VOTES = frozenset(kind.value for kind in VoteKind)
Row = dict[str, str]


def results_csv(material: MinutesMaterial) -> bytes:
    """UTF-8 with a byte order mark; formulas are neutralised, and a withheld row says so and nothing else."""
    columns = _columns()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(str(title)) for title in columns.values()])
    for row in rows(material):
        writer.writerow([safe(row.get(key, "")) for key in columns])
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8", "replace")


def rows(material: MinutesMaterial) -> list[Row]:
    """Cells by column key, in the order of the agenda."""
    found, numbers = [], step_numbers(step.activity for step in material.steps)
    for step in material.steps:
        activity = step.activity
        if activity.kind not in VOTES:
            continue
        try:
            plan = activity.plan
        except BadPlan:
            continue
        common = {
            "step": str(numbers.get(activity.pk, "")),
            "title": activity.title,
            "kind": str(ActivityKind(activity.kind).label),
        }
        for round in step.rounds:
            results = decode(activity.kind, round.results or {})
            about = common | {"round": str(round.number)}
            found += [about | row for row in _rows(results, _questions(plan))]
    return found


def _columns() -> Mapping[str, str]:
    return {
        "step": _("Step"),
        "title": _("Title"),
        "kind": _("Kind"),
        "round": _("Round"),
        "question": _("Question"),
        "group": _("Group"),
        "shown": _("Shown"),
        "people": _("People"),
        "fresh": _("Voted in this round"),
        "cant_say": _("Cannot say"),
        "n": _("Votes"),
        "counts": _("Votes per level"),
        "median": _("Median"),
        "lower": _("Lower quartile"),
        "upper": _("Upper quartile"),
        "agree": _("Share who agree"),
        "consensus": _("Consensus"),
        "agreement": _("Agreement (A)"),
        "polarization": _("Polarization"),
        "confidence": _("Mean confidence"),
        "median_change": _("Change of the median"),
        "kept": _("Kept their vote"),
        "kappa": _("Weighted kappa"),
        "stable": _("Stable"),
        "dots": _("Dots"),
        "share": _("Share of the dots"),
        "place": _("Place"),
        "mean_rank": _("Mean rank"),
        "borda": _("Borda points"),
        "w": _("Kendall’s W"),
        "raises": _("Share: raises"),
        "lowers": _("Share: lowers"),
        "none": _("Share: no effect"),
        "strength": _("Strength"),
        "delays": _("Votes per delay"),
        "outcome": _("Outcome"),
        "median_error": _("Median minus outcome"),
    }


def _questions(plan: Plan) -> Mapping[str, str]:
    if isinstance(plan, RatePlan | BetPlan):
        return {item.key: item.text for item in plan.items}
    if isinstance(plan, LinksPlan):
        return {pair.key: f"{pair.source} → {pair.target}" for pair in plan.pairs}
    if isinstance(plan, DotsPlan | RankingPlan):
        return {option.key: option.text for option in plan.options}
    return {}


def _rows(results: RoundResults, questions: Mapping[str, str]) -> Iterable[Row]:
    if isinstance(results, RatingResults | LinkResults | BetResults):
        for item in results.items:
            outcome = _number(getattr(item, "outcome", None))
            for one in (item.together, *item.groups):
                yield _head(questions, item.item, one) | _opinion(one) | {"outcome": outcome}
    elif isinstance(results, DotsResults):
        for tally in (results.together, *results.groups):
            yield from _of_options(tally, tally.options, questions)
    elif isinstance(results, RankingResults):
        for order in (results.together, *results.groups):
            yield from _of_options(order, order.items, questions)


def _of_options(
    found: Tally | Order, options: Iterable[Option | RankedItem], questions: Mapping[str, str]
) -> Iterable[Row]:
    """One row an option; a single one where the whole is withheld."""
    if found.withheld:
        yield _head(questions, "", found)
        return
    for option in options:
        yield _head(questions, option.item, found) | _choice(found, option)


def _head(questions: Mapping[str, str], item: str, found: Rating | LinkVote | Bet | Tally | Order) -> Row:
    withheld = found.withheld
    head = {
        "question": questions.get(item, item),
        "group": found.group or _("Everybody"),
        "shown": _("withheld") if withheld else _("yes"),
    }
    turnout: Turnout | None = None if withheld else found.turnout
    if turnout is not None:
        head |= {"people": str(turnout.counted), "fresh": str(turnout.fresh), "cant_say": str(turnout.cant_say)}
    return head


def _opinion(found: Rating | LinkVote | Bet) -> Row:
    if found.withheld:
        return {}
    row = _spread(found.spread) | _shift(found.shift, found.stable)
    if isinstance(found, Rating):
        row |= {"confidence": _number(found.confidence)}
    elif isinstance(found, LinkVote):
        row |= {name: _number(getattr(found, name)) for name in ("raises", "lowers", "none", "strength")}
        row |= {"delays": _counts(found.delays)}
    else:
        row |= {"median_error": _number(found.median_error)}
    return row


def _spread(spread: Spread | None) -> Row:
    if spread is None:
        return {"n": "0"}
    return {
        "n": str(spread.n),
        "counts": _counts(spread.counts),
        "median": _number(spread.median),
        "lower": _number(spread.lower_quartile),
        "upper": _number(spread.upper_quartile),
        "agree": _number(spread.agree_share),
        "consensus": _number(spread.consensus),
        "agreement": _number(spread.agreement),
        "polarization": _number(spread.polarization),
    }


def _shift(shift: Shift | None, stable: bool | None) -> Row:
    if shift is None:
        return {}
    return {
        "median_change": _number(shift.median_change),
        "kept": _number(shift.kept_share),
        "kappa": _number(shift.kappa),
        "stable": "" if stable is None else _("yes") if stable else _("no"),
    }


def _choice(found: Tally | Order, option: Option | RankedItem) -> Row:
    if isinstance(option, Option):
        return {"dots": str(option.dots), "share": _number(option.share), "place": str(option.place)}
    row = {
        "place": str(option.place),
        "mean_rank": _number(option.mean_rank),
        "borda": _number(option.borda),
        "lower": _number(option.lower_quartile),
        "median": _number(option.median),
        "upper": _number(option.upper_quartile),
    }
    return row | ({"w": _number(found.w)} if isinstance(found, Order) else {})


def _number(value: Any) -> str:
    """As a spreadsheet reads it, with at most four decimals; '' where there is none."""
    return "" if value is None else f"{round(float(value), 4):g}"


def _counts(counts: tuple[int, ...] | None) -> str:
    return "" if counts is None else " ".join(map(str, counts))
