"""The feedback-loops page: the map with its finding, health of loops, levers; the learning cycle stands below."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.charts.causal_map import FactorBox, LinkCurve, LoopBadge, causal_map
from assessments.charts.spec import Chart, Look
from assessments.charts.spec import Score as Shown
from assessments.dashboards.loops.learning import Learning, learning_of
from assessments.dashboards.loops.rows import LoopRow, loop_rows, unmeasured_loops
from assessments.dashboards.loops.words import counted_words, search_words
from assessments.dashboards.words import chart_words
from assessments.models import Wave
from assessments.scoring.loop_health import Trend
from assessments.selectors.definitions import MARKS
from assessments.selectors.map_facets import MapFacets
from assessments.selectors.summaries import SummedUp
from ecosystems.causal.measures import FactorKind, MapMeasures, measure
from ecosystems.models import Ecosystem
from ecosystems.numerals import number
from ecosystems.selectors.causal_maps import EcosystemMap, MapLink, loop_names

BADGES = 3
LIT = 2
SHARE = 100


@dataclass(frozen=True)
class LeverRow:
    factor: str
    dimension: str
    mark: str
    direction: str
    share: str


@dataclass(frozen=True)
class LoopsPage:
    """`counted`: how many loops the map has, `limits`: which of them are not in `rows`."""

    finding: str
    chart: Chart | None
    rows: tuple[LoopRow, ...]
    chosen: LoopRow | None
    counted: str
    limits: str
    waves: tuple[Wave, ...]
    levers: tuple[LeverRow, ...]
    levers_said: str
    measures: MapMeasures
    transmitters: tuple[str, ...]
    receivers: tuple[str, ...]
    learning: Learning


def loops_page(
    ecosystem: Ecosystem,
    drawn: EcosystemMap,
    facets: MapFacets,
    summed: SummedUp | None,
    *,
    chosen: str = "",
) -> LoopsPage:
    """`chosen`: the key of the loop to highlight; without it, those of the finding that somebody named."""
    given = loop_names(ecosystem)
    states, search = (summed.feedback.loops, summed.feedback.search) if summed else unmeasured_loops(drawn)
    waves = summed.waves if summed else ()
    rows = loop_rows(states, drawn, waves, given, organization=ecosystem.organization.slug)
    found = next((row for row in rows if row.key == chosen), None)
    measures = measure(drawn.graph)
    counted = counted_words(search, states, listed=len(rows))
    finding = finding_of(rows, drawn, measured=len(waves), counted=counted)
    return LoopsPage(
        finding=finding,
        chart=map_chart(drawn, facets, rows, found, title=finding) if drawn.factors else None,
        rows=rows,
        chosen=found,
        counted=counted,
        limits=search_words(search, states, factors=len(drawn.factors)),
        waves=waves,
        levers=_levers(summed, drawn, facets),
        levers_said=_levers_said(summed),
        measures=measures,
        transmitters=_of_kind(measures, FactorKind.TRANSMITTER, drawn),
        receivers=_of_kind(measures, FactorKind.RECEIVER, drawn),
        learning=learning_of(ecosystem, facets),
    )


def finding_of(rows: Sequence[LoopRow], drawn: EcosystemMap, *, measured: int, counted: str) -> str:
    """One sentence a person could say aloud, from names and trends; `counted`: how many loops there are."""
    if not drawn.factors:
        return _("No map yet")
    if not rows:
        return _("No loop yet: nothing on the map comes back to where it began")
    better, worse = (clearest(rows, one) for one in (Trend.STRENGTHENING, Trend.WEAKENING))
    brake, eased = (clearest(rows, one, balancing=True) for one in (Trend.STRENGTHENING, Trend.WEAKENING))
    names = {
        "better": better.name if better else "",
        "brake": brake.name if brake else "",
        "worse": worse.name if worse else "",
        "eased": eased.name if eased else "",
    }
    if better and (worse or brake):
        said = (
            _("“%(better)s” is strengthening, but “%(worse)s” is weakening")
            if worse
            else _("“%(better)s” is strengthening, but “%(brake)s” pulls back more than before")
        )
    elif better:
        said = _("“%(better)s” is strengthening")
    elif worse:
        said = _("“%(worse)s” is weakening")
    elif brake:
        said = _("“%(brake)s” pulls back more than before")
    elif eased:
        said = _("“%(eased)s” pulls back less than before")
    elif any(row.trend is Trend.HOLDING for row in rows):
        said = _("No loop has clearly changed since the wave before")
    elif measured < 2:
        return _("%(loops)s; trends come with the second wave") % {"loops": counted}
    else:
        said = _("The trend of no loop is known: its factors are not tied to scores of both waves")
    return said % names


def clearest(rows: Sequence[LoopRow], trend: Trend, *, balancing: bool = False) -> LoopRow | None:
    """The first that went this way, those with a name before the others."""
    ordered = sorted(rows, key=lambda row: not row.is_named)
    return next((row for row in ordered if row.balancing is balancing and row.trend is trend), None)


def told_loops(rows: Sequence[LoopRow]) -> list[LoopRow]:
    """Those with a name that the finding is about; the first two with one where it is about none of them."""
    better, worse = (clearest(rows, one) for one in (Trend.STRENGTHENING, Trend.WEAKENING))
    brake, eased = (clearest(rows, one, balancing=True) for one in (Trend.STRENGTHENING, Trend.WEAKENING))
    other = worse or brake
    found = (better, other) if better or other else (eased,)
    told = [row for row in found if row is not None and row.is_named]
    return told or [row for row in rows if row.is_named][:LIT]


def map_chart(
    drawn: EcosystemMap, facets: MapFacets, rows: Sequence[LoopRow], chosen: LoopRow | None, *, title: str
) -> Chart:
    boxes = []
    for factor in drawn.factors:
        tie = facets.measured.get(factor.facet) or facets.indicators.get(factor.indicator)
        score = facets.score_of(factor.facet, factor.indicator)
        boxes.append(
            FactorBox(
                key=factor.key,
                name=factor.name,
                code=MARKS.get(tie.dimension, "") if tie else "",
                score=None if score is None else Shown(score, None, None, None),
                place=None if factor.x is None or factor.y is None else (factor.x, factor.y),
            )
        )
    links = [LinkCurve(*link.pair, link.sign, link.delay, held_words(link), link.ambiguous) for link in drawn.held]
    named = [row for row in rows if row.is_named] or list(rows[:BADGES])
    shown = named if chosen is None or chosen in named else [*named, chosen]
    badges = [LoopBadge(row.key, row.tag, row.members, row.balancing, row.name) for row in shown]
    lit = [chosen.key] if chosen else [row.key for row in told_loops(rows)]
    return causal_map(boxes, links, badges, title=title, lit=lit, look=Look(words=chart_words()))


def held_words(link: MapLink) -> str:
    if link.opinion is None:
        return _("drawn")
    middle = len(link.opinion.counts) // 2
    same = sum(link.opinion.counts[middle + 1 :] if link.sign > 0 else link.opinion.counts[:middle])
    return _("%(same)s of %(all)s votes") % {"same": same, "all": link.opinion.n}


def _levers(summed: SummedUp | None, drawn: EcosystemMap, facets: MapFacets) -> tuple[LeverRow, ...]:
    if summed is None or not summed.feedback.levers.enough:
        return ()
    rows = []
    for one in summed.feedback.levers.levers:
        if one.factor in drawn.names:
            rises = one.raises >= one.lowers
            rows.append(
                LeverRow(
                    factor=drawn.names[one.factor],
                    dimension=facets.names.get(one.outcome, one.outcome),
                    mark=MARKS.get(one.outcome, ""),
                    direction=_("raises") if rises else _("lowers"),
                    share=number(SHARE * max(one.raises, one.lowers)),
                )
            )
    return tuple(rows)


def _levers_said(summed: SummedUp | None) -> str:
    if summed is None or not summed.feedback.levers.draws:
        return _("Comes when a factor is tied to a dimension and a wave has been scored.")
    levers = summed.feedback.levers
    if not levers.enough:
        return _("Too few sets of strengths settle (%(stable)s of %(draws)s) to say which factor moves what.") % {
            "stable": f"{levers.stable:,}",
            "draws": f"{levers.draws:,}",
        }
    return _(
        "Tried with %(draws)s sets of strengths, drawn from what people said of the links. "
        "%(stable)s of them settle and are counted."
    ) % {
        "stable": f"{levers.stable:,}",
        "draws": f"{levers.draws:,}",
    }


def _of_kind(measures: MapMeasures, kind: FactorKind, drawn: EcosystemMap) -> tuple[str, ...]:
    return tuple(drawn.names[one.key] for one in measures.factors if one.kind is kind)
