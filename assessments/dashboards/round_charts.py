"""Revealed results as charts with their words: what the console shows of a round, and the round before it.

Without numpy and without the database, so that any process may draw it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from assessments.charts.bets import Guesses, bets
from assessments.charts.link_votes import LinkRow, LinkVotes, link_votes
from assessments.charts.rankings import Place, RankRow, rankings
from assessments.charts.rating_rows import RatingRow, breakouts, rating_rows
from assessments.charts.rounds import rounds
from assessments.charts.spec import WITHHELD, Chart, Look, Missing
from assessments.charts.tallies import OptionRow, tallies
from assessments.charts.votes import Levels, RoundVotes, Votes, plain
from assessments.dashboards import round_words as words
from assessments.dashboards.words import chart_words
from assessments.models.activity_plans import BetPlan, DotsPlan, Item, LinksPlan, Plan, RankingPlan, RatePlan
from assessments.scoring.room.results import (
    Bet,
    BetResults,
    DotsResults,
    LinkResults,
    LinkVote,
    Order,
    RankingResults,
    Rating,
    RatingResults,
    RoundResults,
    Spread,
    Tally,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that was voted on. `groups` is the chart by breakout group; `said` are whole sentences."""

    key: str
    heading: str
    sub: str
    chart: Chart
    groups: Chart | None = None
    said: tuple[str, ...] = ()
    every: bool = False
    """Every sentence is about something else, so none is the first."""
    folded: bool = False
    """Details of a drawing before it that shows all together."""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """How rounds are called; breakout groups go by their labels in results already."""

    now: str
    before: str


class _Keyed(Protocol):
    @property
    def item(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


def round_name(number: int) -> str:
    return _("round %(number)s") % {"number": number}


def draw(plan: Plan, now: RoundResults, before: RoundResults | None = None, salt: str = "") -> tuple[Drawn, ...]:
    """Everything of a round that was voted on, in the order asked; several ratings begin with all of them together."""
    names = Names(round_name(now.round), round_name(before.round) if before else "")
    look = Look(words=chart_words(), salt=salt)
    if isinstance(plan, RatePlan) and isinstance(now, RatingResults):
        return _ratings(plan, now, before if isinstance(before, RatingResults) else None, names, look)
    if isinstance(plan, BetPlan) and isinstance(now, BetResults):
        return _bets(plan, now, before if isinstance(before, BetResults) else None, names, look)
    if isinstance(plan, LinksPlan) and isinstance(now, LinkResults):
        return _links(plan, now, names, look)
    if isinstance(plan, DotsPlan) and isinstance(now, DotsResults):
        return _dots(plan, now, before if isinstance(before, DotsResults) else None, names, look)
    if isinstance(plan, RankingPlan) and isinstance(now, RankingResults):
        return _ranking(plan, now, before if isinstance(before, RankingResults) else None, names, look)
    raise ValueError(f"{type(now).__name__} are not the results of a {type(plan).__name__}")


def _ratings(
    plan: RatePlan, now: RatingResults, before: RatingResults | None, names: Names, look: Look
) -> tuple[Drawn, ...]:
    items, earlier = {item.key: item for item in plan.items}, _by_item(before.items if before else ())
    drawn = []
    rows = []
    for one in now.items:
        item = items.get(one.item, Item(key=one.item, text=one.item))
        was = earlier[one.item].together if one.item in earlier else None
        levels = Levels(now.lowest, now.highest, item.low or plan.low_label, item.high or plan.high_label)
        chart = rounds(
            item.dimension,
            levels,
            rating_votes(one.together, len(levels)),
            rating_votes(was, len(levels)) if was else None,
            title=item.text,
            now_label=names.now,
            before_label=names.before,
            look=look,
        )
        rows.append(
            RatingRow(
                item.dimension,
                item.text,
                rating_votes(one.together, len(levels)),
                rating_votes(was, len(levels)) if was else None,
            )
        )
        by_group = [RatingRow(item.dimension, group.group, rating_votes(group, len(levels))) for group in one.groups]
        title = _("By group: %(question)s") % {"question": item.text}
        drawn.append(
            Drawn(
                key=one.item,
                heading=item.text,
                sub=_compared(names, was.spread if was else None),
                chart=chart,
                groups=breakouts(by_group, levels, title=title, look=look) if by_group else None,
                said=(*words.rating_words(one.together, was, now.minimum, now.agree_from), *_withheld(one.groups)),
                withheld=one.together.withheld,
            )
        )
    if len(drawn) > 1:
        title = _("All questions of this step")
        levels = Levels(now.lowest, now.highest, *plan.common_ends())
        sub = _("Median, middle half and votes of each question.")
        drawn = [replace(one, folded=True) for one in drawn]
        drawn.insert(0, Drawn("", title, sub, rating_rows(rows, levels, title=title, look=look)))
    return tuple(drawn)


def _withheld(groups: Iterable[Rating | Bet]) -> list[str]:
    """Why a group's own result is not there."""
    return [_("%(group)s: withheld, protects a small group.") % {"group": one.group} for one in groups if one.withheld]


def _bets(plan: BetPlan, now: BetResults, before: BetResults | None, names: Names, look: Look) -> tuple[Drawn, ...]:
    items, earlier = {item.key: item for item in plan.items}, _by_item(before.items if before else ())
    drawn = []
    for one in now.items:
        item = items.get(one.item, Item(key=one.item, text=one.item))
        was = earlier[one.item].together if one.item in earlier else None
        chart = bets(
            item.dimension,
            guesses_of(one.together),
            title=item.text,
            ends=(now.lowest, now.highest),
            outcome=one.outcome,
            unit=plan.unit,
            look=look,
        )
        said = [*words.bet_words(one.together, was, now.minimum), *_bets_of_groups(one.groups, names)]
        drawn.append(Drawn(one.item, item.text, "", chart, said=tuple(said), withheld=one.together.withheld))
    return tuple(drawn)


def _bets_of_groups(groups: Iterable[Bet], names: Names) -> list[str]:
    said = []
    for group in groups:
        if group.withheld:
            said += _withheld((group,))
        elif group.spread is not None:
            median = plain(group.spread.median)
            said.append(_("%(group)s: median %(median)s.") % {"group": group.group, "median": median})
    return said


def _links(plan: LinksPlan, now: LinkResults, names: Names, look: Look) -> tuple[Drawn, ...]:
    pairs = {pair.key: pair for pair in plan.pairs}
    rows, said, drawn = [], [], []
    for one in now.items:
        pair = pairs.get(one.item)
        source, target = (pair.source, pair.target) if pair else (one.item, "")
        rows.append(LinkRow(source, target, votes_of_link(one.together)))
        said.append(f"{source} → {target}: {' '.join(words.link_words(one.together, now.minimum))}")
        if one.groups:
            title = _("By group: %(source)s → %(target)s") % {"source": source, "target": target}
            by_group = [LinkRow(group.group, target, votes_of_link(group)) for group in one.groups]
            drawn.append(Drawn(one.item, title, "", link_votes(by_group, title=title, look=look)))
    title = _("What raises and what lowers what")
    sub = _("Left: share who say it lowers. Right: share who say it raises.")
    return (Drawn("", title, sub, link_votes(rows, title=title, look=look), said=tuple(said), every=True), *drawn)


def _dots(plan: DotsPlan, now: DotsResults, before: DotsResults | None, names: Names, look: Look) -> tuple[Drawn, ...]:
    texts = {option.key: option.text for option in plan.options}
    was = before.together if before and not before.together.withheld else None
    drawn = [_tally(plan, now.together, was, texts, names, look, now.minimum)]
    for group in now.groups:
        drawn.append(_tally(plan, group, None, texts, names, look, now.minimum))
    return tuple(drawn)


def _tally(
    plan: DotsPlan,
    tally: Tally,
    was: Tally | None,
    texts: Mapping[str, str],
    names: Names,
    look: Look,
    minimum: int,
) -> Drawn:
    earlier = {option.item: option.dots for option in was.options} if was else {}
    if tally.withheld:
        rows = [OptionRow(option.text, WITHHELD) for option in plan.options]
    else:
        rows = [
            OptionRow(texts.get(one.item, one.item), one.dots, earlier.get(one.item) if was else None)
            for one in tally.options
        ]
    title = tally.group if tally.group else _("Dots")
    said = words.tally_words(tally, minimum)
    sub = _compared_rounds(names) if was else ""
    return Drawn(tally.group, title, sub, tallies(rows, title=title, look=look), said=said, withheld=tally.withheld)


def _ranking(
    plan: RankingPlan, now: RankingResults, before: RankingResults | None, names: Names, look: Look
) -> tuple[Drawn, ...]:
    texts = {option.key: option.text for option in plan.options}
    was = before.together if before and not before.together.withheld else None
    return tuple(
        _order(plan, one, was if not one.group else None, texts, names, look, now.minimum)
        for one in (now.together, *now.groups)
    )


def _order(
    plan: RankingPlan,
    order: Order,
    was: Order | None,
    texts: Mapping[str, str],
    names: Names,
    look: Look,
    minimum: int,
) -> Drawn:
    earlier = {one.item: Place(one.mean_rank) for one in was.items} if was else {}
    if order.withheld:
        rows = [RankRow(option.text, WITHHELD) for option in plan.options]
    else:
        rows = [
            RankRow(
                texts.get(one.item, one.item),
                Place(one.mean_rank, (one.lower_quartile, one.upper_quartile)),
                earlier.get(one.item),
            )
            for one in order.items
        ]
    title = order.group if order.group else _("The order of the room")
    sub = _("Mean place, 1 is best.")
    drawn = rankings(rows, title=title, look=look)
    return Drawn(order.group, title, sub, drawn, said=words.order_words(order, minimum), withheld=order.withheld)


def rating_votes(rating: Rating, levels: int) -> RoundVotes:
    """What the chart of a rating is given."""
    if rating.withheld:
        return WITHHELD
    cant_say = rating.turnout.cant_say if rating.turnout else 0
    if rating.spread is None:
        return Votes((0,) * levels, cant_say=cant_say)
    spread = rating.spread
    return Votes(spread.counts, spread.median, (spread.lower_quartile, spread.upper_quartile), cant_say)


def guesses_of(bet: Bet) -> Guesses | Missing:
    """What the chart of a bet is given."""
    if bet.withheld:
        return WITHHELD
    if bet.spread is None:
        return Guesses((0,) * 10)
    return Guesses(bet.spread.counts, bet.spread.median, (bet.spread.lower_quartile, bet.spread.upper_quartile))


def votes_of_link(vote: LinkVote) -> LinkVotes | Missing:
    """What the chart of links is given."""
    if vote.withheld:
        return WITHHELD
    cant_say = vote.turnout.cant_say if vote.turnout else 0
    if vote.spread is None:
        return LinkVotes((0, 0, 0, 0, 0, 0, 0), cant_say=cant_say)
    a, b, c, d, e, f, g = vote.spread.counts
    return LinkVotes((a, b, c, d, e, f, g), delay=delay_words(vote.delays), split=vote.conflict, cant_say=cant_say)


def delay_words(delays: tuple[int, ...] | None) -> str:
    """How late the effect comes, as more than half say or as is said most often; '' where no answer leads."""
    if not delays or delays.count(max(delays)) > 1:
        return ""
    first = delays.index(max(delays))
    if 2 * delays[first] > sum(delays):
        return [_("most say: at once"), _("most say: within months"), _("most say: after a year or more")][first]
    return [_("most often: at once"), _("most often: within months"), _("most often: after a year or more")][first]


def _by_item(items: Iterable[K]) -> dict[str, K]:
    return {one.item: one for one in items}


def _compared(names: Names, before: Spread | None) -> str:
    if not names.before or before is None:
        return ""
    return _("Outline: %(before)s (%(n)s votes). Solid: %(now)s.") % {
        "before": names.before,
        "n": before.n,
        "now": names.now,
    }


def _compared_rounds(names: Names) -> str:
    return _("Outline: %(before)s. Solid: %(now)s.") % {"before": names.before, "now": names.now}
