"""Revealed votes as large charts, one after the other, with no more rows at once than the back of the room can read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from assessments.charts.bets import bets
from assessments.charts.link_votes import LinkRow, link_votes
from assessments.charts.rankings import Place, RankRow, rankings
from assessments.charts.rating_rows import RatingRow, breakouts, rating_rows
from assessments.charts.rounds import rounds
from assessments.charts.spec import WITHHELD, Chart, Look
from assessments.charts.tallies import OptionRow, tallies
from assessments.charts.votes import Levels
from assessments.dashboards import round_words as words
from assessments.dashboards.round_charts import guesses_of, rating_votes, round_name, votes_of_link
from assessments.dashboards.words import chart_words
from assessments.models.activity_plans import BetPlan, DotsPlan, Item, LinksPlan, Option, Plan, RankingPlan, RatePlan
from assessments.scoring.room.results import (
    Bet,
    BetResults,
    DotsResults,
    LinkResults,
    Order,
    RankingResults,
    Rating,
    RatingResults,
    RoundResults,
    Tally,
    Turnout,
)

MOST_RATINGS: Final = 7
MOST_OPTIONS: Final = 9
MOST_LINKS: Final = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and what stands beside it: `said`, the main thing first, and how to read it. `code`: dimension or ''."""

    heading: str
    chart: Chart
    code: str = ""
    said: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """How the two rounds are called."""

    now: str
    before: str
    look: Look

    @property
    def compared(self) -> tuple[str, ...]:
        if not self.before:
            return ()
        return (_("Outline: %(round)s") % {"round": self.before}, _("Solid: %(round)s") % {"round": self.now})


def figures(plan: Plan, now: RoundResults, before: RoundResults | None = None) -> tuple[Figure, ...]:
    """A round's results in the order asked; several ratings begin with all of them together."""
    told = _Told(round_name(now.round), round_name(before.round) if before else "", Look(words=chart_words()))
    if isinstance(plan, RatePlan) and isinstance(now, RatingResults):
        return tuple(_ratings(plan, now, before if isinstance(before, RatingResults) else None, told))
    if isinstance(plan, BetPlan) and isinstance(now, BetResults):
        return tuple(_bets(plan, now, before if isinstance(before, BetResults) else None, told))
    if isinstance(plan, LinksPlan) and isinstance(now, LinkResults):
        return tuple(_links(plan, now, told))
    if isinstance(plan, DotsPlan) and isinstance(now, DotsResults):
        return tuple(_dots(plan, now, before if isinstance(before, DotsResults) else None, told))
    if isinstance(plan, RankingPlan) and isinstance(now, RankingResults):
        return tuple(_ranking(plan, now, before if isinstance(before, RankingResults) else None, told))
    raise ValueError(f"{type(now).__name__} are not the results of a {type(plan).__name__}")


def _ratings(plan: RatePlan, now: RatingResults, before: RatingResults | None, told: _Told) -> list[Figure]:
    items = {item.key: item for item in plan.items}
    earlier = {one.item: one.together for one in before.items} if before else {}
    single, rows = [], []
    for one in now.items:
        item, was = items.get(one.item, Item(one.item, one.item)), earlier.get(one.item)
        levels = Levels(now.lowest, now.highest, item.low or plan.low_label, item.high or plan.high_label)
        votes = rating_votes(one.together, len(levels))
        votes_before = rating_votes(was, len(levels)) if was else None
        rows.append(RatingRow(item.dimension, item.text, votes, votes_before))
        chart = rounds(
            item.dimension,
            levels,
            votes,
            votes_before,
            title=item.text,
            now_label=told.now,
            before_label=told.before,
            big=True,
            look=told.look,
        )
        reading = told.compared if was and was.spread else ()
        single.append(Figure(item.text, chart, item.dimension, _rating_said(one.together, was, now.minimum), reading))
        by_group = [RatingRow(item.dimension, group.group, rating_votes(group, len(levels))) for group in one.groups]
        for part in _parts(by_group, MOST_RATINGS):
            title = _("By group: %(question)s") % {"question": item.text}
            chart = breakouts(part, levels, title=title, big=True, look=told.look)
            single.append(Figure(title, chart, item.dimension, _withheld(one.groups)))
    if len(now.items) < 2:
        return single
    levels = Levels(now.lowest, now.highest, *plan.common_ends())
    title = _("All questions of this step")
    first = now.items[0].together
    together_said = (*_counted(first), *_waiting(first.turnout, now.minimum))
    together = [
        Figure("", rating_rows(part, levels, title=title, big=True, look=told.look), said=together_said)
        for part in _parts(rows, MOST_RATINGS)
    ]
    return [*together, *single]


def _rating_said(now: Rating | Bet, before: Rating | Bet | None, minimum: int) -> tuple[str, ...]:
    """Who counts, how it moved, and whether asking again is worth it; the figures of R5 stand on the console."""
    if now.withheld:
        return (words.withheld_words(minimum),)
    if now.spread is None:
        return words.turnout_words(now.turnout, minimum)[:1]
    said = [*_counted(now), words.spread_words(now.spread, words.seen_before(now, before))]
    if now.stable is not None:
        said += words.shift_words(now.shift, now.stable, now.turnout)[-1:]
    return (*filter(None, said), *_waiting(now.turnout, minimum))


def _withheld(groups: Iterable[Rating]) -> tuple[str, ...]:
    """Why a group's own result is not there."""
    return (_("Withheld: protects a small group."),) if any(one.withheld for one in groups) else ()


def _counted(now: Rating | Bet | Tally | Order) -> tuple[str, ...]:
    return words.turnout_words(now.turnout, 0)[:1]


def _waiting(turnout: Turnout | None, minimum: int) -> tuple[str, ...]:
    """Who is not in the result yet, so that nobody looks for their vote in vain."""
    if turnout is None or not (turnout.waiting or turnout.held):
        return ()
    told = words.turnout_words(turnout, minimum)
    return told[2 if turnout.cant_say else 1 :]


def _bets(plan: BetPlan, now: BetResults, before: BetResults | None, told: _Told) -> list[Figure]:
    items = {item.key: item for item in plan.items}
    earlier = {one.item: one.together for one in before.items} if before else {}
    shown = []
    for one in now.items:
        item = items.get(one.item, Item(one.item, one.item))
        chart = bets(
            item.dimension,
            guesses_of(one.together),
            title=item.text,
            ends=(now.lowest, now.highest),
            outcome=one.outcome,
            unit=plan.unit,
            big=True,
            look=told.look,
        )
        said = _rating_said(one.together, earlier.get(one.item), now.minimum)
        shown.append(Figure(item.text, chart, item.dimension, said))
    return shown


def _links(plan: LinksPlan, now: LinkResults, told: _Told) -> list[Figure]:
    pairs = {pair.key: pair for pair in plan.pairs}
    rows, by_group = [], []
    for one in now.items:
        pair = pairs.get(one.item)
        source, target = (pair.source, pair.target) if pair else (one.item, "")
        rows.append(LinkRow(source, target, votes_of_link(one.together)))
        title = _("By group: %(source)s → %(target)s") % {"source": source, "target": target}
        groups = [LinkRow(group.group, target, votes_of_link(group)) for group in one.groups]
        by_group += [(title, part) for part in _parts(groups, MOST_LINKS)]
    title = _("What raises and what lowers what")
    every = [(title, part) for part in _parts(rows, MOST_LINKS)]
    reading = (_("Left: share who say it lowers."), _("Right: share who say it raises."))
    return [
        Figure(heading, link_votes(part, title=heading, big=True, look=told.look), reading=reading)
        for heading, part in (*every, *by_group)
    ]


def _dots(plan: DotsPlan, now: DotsResults, before: DotsResults | None, told: _Told) -> list[Figure]:
    shown = []
    for tally in (now.together, *now.groups):
        was = before.together if before and not tally.group and not before.together.withheld else None
        earlier = {one.item: one.dots for one in was.options} if was else {}
        found = {one.item: one.dots for one in tally.options}
        rows = [
            OptionRow(
                option.text,
                WITHHELD if tally.withheld else found.get(option.key, 0),
                earlier.get(option.key, 0) if was and not tally.withheld else None,
            )
            for option in _options(plan.options, found)
        ]
        said = words.tally_words(tally, now.minimum)
        for part in _slices(len(rows)):
            chart = tallies(rows, title=tally.group or _("Dots"), big=True, part=part, look=told.look)
            shown.append(Figure(tally.group, chart, said=said, reading=told.compared if was else ()))
    return shown


def _ranking(plan: RankingPlan, now: RankingResults, before: RankingResults | None, told: _Told) -> list[Figure]:
    shown = []
    for order in (now.together, *now.groups):
        was = before.together if before and not order.group and not before.together.withheld else None
        earlier = {one.item: Place(one.mean_rank) for one in was.items} if was else {}
        found = {one.item: Place(one.mean_rank, (one.lower_quartile, one.upper_quartile)) for one in order.items}
        rows = [
            RankRow(option.text, WITHHELD if order.withheld else found[option.key], earlier.get(option.key))
            for option in _options(plan.options, found)
            if order.withheld or option.key in found
        ]
        said = words.order_words(order, now.minimum)
        reading = (_("Mean place, 1 is best."), *(told.compared[:1] if was else ()))
        for part in _slices(len(rows)):
            chart = rankings(rows, title=order.group or _("The order of the room"), big=True, part=part, look=told.look)
            shown.append(Figure(order.group, chart, said=said, reading=reading))
    return shown


def _options(options: Sequence[Option], found: dict[str, T]) -> list[Option]:
    """Those of the plan, and what was voted on besides."""
    known = {option.key for option in options}
    return [*options, *(Option(key, key) for key in found if key not in known)]


def _parts(rows: Sequence[T], most: int) -> list[tuple[T, ...]]:
    """Parts of about equal length, none longer than `most`."""
    step = _even(len(rows), most)
    return [tuple(rows[begin : begin + step]) for begin in range(0, len(rows), step)]


def _slices(rows: int) -> list[slice]:
    step = _even(rows, MOST_OPTIONS)
    return [slice(begin, begin + step) for begin in range(0, rows, step)] or [slice(None)]


def _even(rows: int, most: int) -> int:
    pages = -(-rows // most) or 1
    return -(-rows // pages) or 1
