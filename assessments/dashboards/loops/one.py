"""One loop: its members with scores, its links with votes, its health wave by wave."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.charts.spec import Chart, Look, Missing
from assessments.charts.spec import Score as Shown
from assessments.charts.trend import TrendPoint, trend
from assessments.dashboards.loops.page import held_words, map_chart
from assessments.dashboards.loops.rows import LoopRow, loop_rows, unkept_loop, unmeasured_loops
from assessments.dashboards.loops.words import kind_words
from assessments.dashboards.material import short_name
from assessments.dashboards.words import chart_words
from assessments.selectors.definitions import MARKS
from assessments.selectors.map_facets import MapFacets
from assessments.selectors.summaries import SummedUp
from ecosystems.selectors.causal_maps import EcosystemMap, loop_names, members_key


@dataclass(frozen=True)
class MemberRow:
    name: str
    mark: str
    tie: str
    score: float | None
    url: str
    """What the score is made of; '' without one."""


@dataclass(frozen=True)
class LinkRow:
    source: str
    target: str
    effect: str
    held: str


@dataclass(frozen=True)
class LoopPage:
    row: LoopRow
    is_kept: bool
    kind: str
    chart: Chart | None
    levels: Chart | None
    members: tuple[MemberRow, ...]
    links: tuple[LinkRow, ...]
    facets: frozenset[str]
    """The scores that its members are tied to."""


def loop_page(drawn: EcosystemMap, facets: MapFacets, summed: SummedUp | None, *, key: str) -> LoopPage | None:
    """None where the map holds no such loop. One that no summary keeps has no health yet."""
    given = loop_names(drawn.ecosystem)
    states = summed.feedback.loops if summed else unmeasured_loops(drawn)[0]
    is_kept = any(members_key(state.members) == key for state in states)
    if not is_kept:
        found = unkept_loop(drawn, key)
        states = () if found is None else (*states, found)
    waves = summed.waves if summed else ()
    rows = loop_rows(states, drawn, waves, given, organization=drawn.ecosystem.organization.slug)
    row = next((one for one in rows if one.key == key), None)
    if row is None:
        return None
    health = next(state.health for state in states if members_key(state.members) == key)
    points = [
        TrendPoint(
            wave.title,
            Missing(_("no member has a score")) if one.level is None else Shown(one.level),
            short_name(wave),
        )
        for wave, one in zip(waves, health.waves, strict=False)
    ]
    links = {link.pair: link for link in drawn.held}
    around = zip(row.members, (*row.members[1:], row.members[0]), strict=True)
    return LoopPage(
        row=row,
        is_kept=is_kept,
        kind=kind_words(balancing=row.balancing),
        chart=map_chart(drawn, facets, rows, row, title=row.name),
        levels=trend("", points, title=_("Level of the loop, wave by wave"), look=Look(words=chart_words()))
        if len(points) > 1 and any(one.level is not None for one in health.waves)
        else None,
        members=tuple(_member(drawn, facets, one) for one in row.members),
        links=tuple(
            LinkRow(
                drawn.names[pair[0]],
                drawn.names[pair[1]],
                _("raises it") if links[pair].sign > 0 else _("lowers it"),
                held_words(links[pair]),
            )
            for pair in around
        ),
        facets=frozenset(drawn.by_key[one].facet for one in row.members) - {""},
    )


def _member(drawn: EcosystemMap, facets: MapFacets, key: str) -> MemberRow:
    factor = drawn.by_key[key]
    tie = facets.measured.get(factor.facet) or facets.indicators.get(factor.indicator)
    score = facets.score_of(factor.facet, factor.indicator)
    place = [drawn.ecosystem.organization.slug, facets.wave.pk, factor.facet] if facets.wave else []
    has_page = score is not None and factor.facet in facets.measured
    return MemberRow(
        name=factor.name,
        mark=MARKS.get(tie.dimension, "") if tie else "",
        tie=tie.name if tie else "",
        score=score,
        url=reverse("assessments:results-code", args=place) if has_page else "",
    )
