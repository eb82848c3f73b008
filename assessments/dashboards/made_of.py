"""What one number is made of: the page that a dimension, facet, leadership block or construct opens to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from assessments.charts.scale import nice_ends
from assessments.charts.spec import Chart, ChartSpec
from assessments.charts.strip import strip_axis
from assessments.charts.trend import TrendPoint, trend
from assessments.dashboards.comments import Comments, comments
from assessments.dashboards.detail_tables import group_table, part_table, question_table
from assessments.dashboards.heard import GroupsHeard, groups_heard
from assessments.dashboards.made_of_rows import (
    STRIP,
    GroupRow,
    PartRow,
    group_cells,
    group_row,
    no_change,
    part_row,
)
from assessments.dashboards.material import Material, short_name
from assessments.dashboards.measurement import (
    Agreement,
    Answered,
    Reliability,
    agreement,
    answered,
    reliability,
)
from assessments.dashboards.question_details import Questions, questions
from assessments.dashboards.scoring_rule import ScoringRule, scoring_rule
from assessments.dashboards.values import chart_value, reason_words
from assessments.scoring.absent import Reason
from assessments.scoring.results import Breadth, Cell, Gap, Score
from assessments.scoring.wave_change import Change
from assessments.selectors.score_history import score_history
from ecosystems.numerals import number

GROUPS_ON_A_PAGE = 20


@dataclass(frozen=True)
class MadeOf:
    code: str
    level: str
    items: tuple[str, ...]
    kind: str
    mark: str
    name: str
    description: str
    parent: tuple[str, str] | None
    cell: Cell
    reason: str
    pooled: Cell | None
    change: Change | None
    change_since: str
    change_reason: str
    gap: Gap | None
    gap_sentence: str
    breadth: Breadth | None
    breadth_loss: str
    weakest: tuple[str, float] | None
    heard: GroupsHeard | None
    axis: Chart
    groups: "Page[GroupRow]"
    weighted: bool
    not_asked: str
    parts: tuple[PartRow, ...]
    trend: Chart | None
    questions: Questions | None
    agreement: Agreement | None
    reliability: tuple[Reliability, ...]
    answered: Answered | None
    rule: ScoringRule
    readings: tuple[tuple[str, str], ...]
    starters: tuple[str, ...]
    comments: Comments
    live: bool
    lower_is_better: bool
    own_label: str
    tables: Mapping[str, ChartSpec]


def made_of(
    material: Material, code: str, *, groups_page: str = "", comments_page: str = "", theme: str = ""
) -> MadeOf:
    """Raises KeyError where the wave's questions have no dimension, facet, block or construct of this code."""
    row = material.results.score(code)
    live = material.results.live
    parts = [one for one in (*material.results.facets, *material.results.constructs) if one.parent == code]
    if row.level in ("facet", "construct"):
        parts = []
    facets = tuple(one.code for one in parts) or (code,)
    text = material.text
    items = tuple(item for facet in facets if facet in text.facets for item in text.facets[facet].items)
    rows = group_cells(material, row)
    ends = nice_ends([chart_value(cell) for cell in _drawn(material, row, parts)])
    name, change = material.name(code), material.change(row)
    cell = material.cell(row)
    asked = questions(material, facets, title=_("How people answered on %(name)s") % {"name": name}, code=code)
    group_rows = [group_row(material, row, *one, ends) for one in rows if one[3].reason is not Reason.NOT_ASKED]
    part_rows = tuple(part_row(material, one, ends) for one in parts)
    weights = {one.weight for one in group_rows if one.weight is not None}
    return MadeOf(
        code=code,
        level=row.level,
        items=items,
        kind=_kind(row),
        mark=material.mark(code),
        name=name,
        description=_description(material, code),
        parent=(material.name(row.parent), material.url(row.parent)) if row.parent else None,
        cell=cell,
        reason="withheld" if cell.withheld else reason_words(cell.reason),
        pooled=_pooled(material, row),
        change=change,
        change_since=_("since %(wave)s") % {"wave": material.before.wave.title} if material.before else "",
        change_reason=no_change(material, change),
        gap=row.gap,
        gap_sentence=_gap_sentence(material, row),
        breadth=row.breadth,
        breadth_loss=number(100 * row.breadth.loss, 1) if row.breadth else "",
        weakest=_weakest(material, row),
        heard=groups_heard(material, row),
        axis=strip_axis(ends=ends, width=STRIP, look=material.look),
        groups=Paginator(group_rows, GROUPS_ON_A_PAGE).get_page(groups_page),
        weighted=len(weights) > 1,
        not_asked=", ".join(one[1] for one in rows if one[3].reason is Reason.NOT_ASKED),
        parts=() if live else part_rows,
        trend=_trend(material, row),
        questions=asked,
        agreement=None if live else agreement(material, code),
        reliability=() if live else reliability(material, code),
        answered=None if live else answered(material, facets),
        rule=scoring_rule(material, row),
        readings=_readings(material, facets),
        starters=_starters(material, facets, parts),
        comments=comments(material, row, items, page=comments_page, wanted=theme),
        live=live,
        lower_is_better=row.barrier,
        own_label=material.own_label,
        tables={
            "groups": group_table(name, [(one.label, one.cell, one.change) for one in group_rows], material.look),
            **(
                {
                    "parts": part_table(
                        name, [(one.code, one.name, one.cell, one.change) for one in part_rows], material.look
                    )
                }
                if part_rows and not live
                else {}
            ),
            **({"answers": question_table(material, facets, title=name)} if asked else {}),
        },
    )


def _more_tables(
    material: Material, name: str, facets: tuple[str, ...], parts: tuple[PartRow, ...]
) -> dict[str, ChartSpec]:
    tables = {}
    if parts:
        rows = [(one.code, one.name, one.cell, one.change) for one in parts]
        tables["parts"] = part_table(name, rows, material.look)
    if material.results.items:
        tables["answers"] = question_table(material, facets, title=name)
    return tables


def _kind(row: Score) -> str:
    return {
        "dimension": _("Dimension"),
        "facet": _("Facet"),
        "block": _("Leadership"),
        "construct": _("Leadership topic"),
    }[row.level]


def _description(material: Material, code: str) -> str:
    facet, block = material.text.facets.get(code), material.text.blocks.get(code)
    return facet.description if facet else block.intro if block else ""


def _pooled(material: Material, row: Score) -> Cell | None:
    """The mean over all people, where that is another number than the mean over groups."""
    several = sum(cell.shown for cell in row.groups.values()) > 1
    return row.pooled if several and row.pooled.shown and material.results.headline == "group means" else None


def _drawn(material: Material, row: Score, parts: list[Score]) -> list[Cell]:
    return [*row.groups.values(), row.own, row.overall, *(material.cell(one) for one in parts)]


def _gap_sentence(material: Material, row: Score) -> str:
    """Own view against the others' in words; '' where there is no gap to speak of."""
    if row.gap is None or row.gap.difference.value is None:
        return ""
    found = row.gap.difference
    values = {"who": material.own_label if material.is_360 else _("Leaders"), "points": number(abs(found.value or 0))}
    if not found.clear:
        return _("%(who)s and the others do not differ clearly here.") % values
    if (found.value or 0) > 0:
        return _("%(who)s rate this %(points)s points higher than the others do.") % values
    return _("%(who)s rate this %(points)s points lower than the others do.") % values


def _weakest(material: Material, row: Score) -> tuple[str, float] | None:
    if row.weakest is None or row.weakest.cell.value is None:
        return None
    return material.labels.get(row.weakest.group, row.weakest.group), row.weakest.cell.value


def _trend(material: Material, row: Score) -> Chart | None:
    """The score over the waves; None with one wave, or while the score itself is not out."""
    if len(material.history.waves) < 2 or row.overall.reason is Reason.AFTER_CLOSING:
        return None
    cells = score_history(material.history.waves, level=row.level, code=row.code)
    points = []
    for wave in material.history.waves:
        cell = material.cell(row) if wave.pk == material.wave.pk else cells.get(wave.pk)
        if cell is not None and (cell.shown or cell.withheld):
            points.append(TrendPoint(wave.title, chart_value(cell), short_name(wave)))
    if len(points) < 2:
        return None
    title = _("%(name)s over the waves") % {"name": material.name(row.code)}
    return trend(material.mark(row.code), points, title=title, wide=540, look=material.look)


def _readings(material: Material, facets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What a high and a low score look like, for a single facet."""
    text = material.text.facets.get(facets[0]) if len(facets) == 1 else None
    if text is None:
        return ()
    found = ((_("A high score looks like this"), text.high), (_("A low score looks like this"), text.low))
    return tuple((title, words) for title, words in found if words)


def _starters(material: Material, facets: tuple[str, ...], parts: list[Score]) -> tuple[str, ...]:
    """The instrument's questions to start a conversation with; of a dimension, those of its lowest facet."""
    code = facets[0]
    shown = [one for one in parts if material.cell(one).value is not None]
    if shown:
        sign = -1.0 if shown[0].barrier else 1.0
        code = min(shown, key=lambda one: sign * (material.cell(one).value or 0.0)).code
    text = material.text.facets.get(code)
    return text.starters if text else ()
