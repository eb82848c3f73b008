"""The five dimensions: one row each, their profile, and each over time."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.radar import RadarRow, radar
from assessments.charts.scale import Ends, nice_ends
from assessments.charts.spark import spark
from assessments.charts.spec import Chart, KeyItem, Value
from assessments.charts.strip import strip, strip_axis, strip_key
from assessments.charts.trend import TrendPoint, trend
from assessments.dashboards.material import Material, short_name
from assessments.dashboards.values import chart_value, reason_words
from assessments.scoring.results import Cell, Difference, Score


@dataclass(frozen=True)
class DimensionRow:
    """One dimension, or one block of leadership. `weakest` is a group's name and score."""

    code: str
    mark: str
    name: str
    url: str
    cell: Cell
    reason: str
    strip: Chart
    change: Difference | None
    change_reason: str
    weakest: tuple[str, float] | None
    withheld: str
    spark: Chart | None
    lower_is_better: bool


@dataclass(frozen=True)
class Dimensions:
    title: str
    rows: tuple[DimensionRow, ...]
    axis: Chart
    key: tuple[KeyItem, ...]
    since: str
    waves: str


def dimensions(material: Material) -> Dimensions:
    """The rows, on one axis that holds everything drawn on them."""
    drawn: list[Value] = []
    for row in material.rows:
        drawn += [chart_value(material.cell(row)), chart_value(row.own)]
        if was := _was(material, row):
            drawn.append(chart_value(was))
    ends = nice_ends(drawn)
    history = {row.code: _points(material, row) for row in material.rows}
    spark_ends = nice_ends([point.score for points in history.values() for point in points], step=5, span=20)
    before = material.before.wave.title if material.before else ""
    has_own = any(row.own.shown and row.overall.shown for row in material.rows)
    count = len(material.history.waves)
    return Dimensions(
        title=_title(material),
        rows=tuple(_row(material, row, ends, history[row.code], spark_ends) for row in material.rows),
        axis=strip_axis(ends=ends, width=300, look=material.look),
        key=strip_key(
            previous=before,
            leaders=(_("own view of %(name)s") if material.is_360 else _("%(name)s’ own view"))
            % {"name": material.own_label}
            if has_own
            else "",
            look=material.look,
        ),
        since=_("Since %(wave)s") % {"wave": before} if before else _("Change"),
        waves=ngettext("%(n)d wave", "%(n)d waves", count) % {"n": count},
    )


def _title(material: Material) -> str:
    if material.of_leadership:
        return _("Leadership")
    return _("Five dimensions") if len(material.rows) == 5 else _("Dimensions")


def _row(material: Material, row: Score, ends: Ends, points: list[TrendPoint], spark_ends: Ends) -> DimensionRow:
    cell, was, change = material.cell(row), _was(material, row), material.change(row)
    hidden = sum(one.withheld for one in row.groups.values())
    name, mark = material.name(row.code), material.mark(row.code)
    return DimensionRow(
        code=row.code,
        mark=mark,
        name=name,
        url=material.url(row.code),
        cell=cell,
        reason="" if cell.shown or cell.withheld else reason_words(cell.reason),
        strip=strip(
            mark,
            name,
            chart_value(cell),
            previous=chart_value(was) if was else None,
            leaders=chart_value(row.own) if row.overall.shown and row.own.shown else None,
            ends=ends,
            width=300,
            look=material.look,
        ),
        change=change.difference if change else None,
        change_reason=_change_reason(material, change.difference if change else None),
        weakest=_weakest(material, row),
        withheld=ngettext("%(n)d group withheld", "%(n)d groups withheld", hidden) % {"n": hidden} if hidden else "",
        spark=spark(mark, name, points, ends=spark_ends, look=material.look) if len(points) > 1 else None,
        lower_is_better=row.barrier,
    )


def _change_reason(material: Material, change: Difference | None) -> str:
    if material.before is None:
        return _("first wave")
    if change is None:
        return _("not in the earlier wave")
    return "" if change.value is not None else _("withheld") if change.withheld else reason_words(change.reason)


def _weakest(material: Material, row: Score) -> tuple[str, float] | None:
    if row.weakest is None or row.weakest.cell.value is None:
        return None
    return material.labels.get(row.weakest.group, row.weakest.group), row.weakest.cell.value


def _was(material: Material, row: Score) -> Cell | None:
    """The same row in the wave before."""
    if material.before is None:
        return None
    rows = (*material.before.results.dimensions, *material.before.results.blocks)
    earlier = next((one for one in rows if one.code == row.code), None)
    return material.cell(earlier) if earlier else None


def _points(material: Material, row: Score) -> list[TrendPoint]:
    """The row's headline in each wave that has it; the newest point is this wave's own number."""
    points = []
    for wave in material.history.waves:
        cell = material.cell(row) if wave.pk == material.wave.pk else material.history.cell(wave, row.level, row.code)
        if cell is not None and (cell.shown or cell.withheld):
            points.append(TrendPoint(wave.title, chart_value(cell), short_name(wave)))
    return points


def profile(material: Material) -> Chart | None:
    """The profile over all rows; None where there is nothing to draw."""
    if len(material.rows) < 3 or not any(material.cell(row).shown for row in material.rows):
        return None
    rows = []
    for row in material.rows:
        was = _was(material, row)
        rows.append(
            RadarRow(
                material.mark(row.code),
                material.name(row.code),
                chart_value(material.cell(row), counted=False),
                leaders=chart_value(row.own, counted=False) if row.overall.shown and row.own.shown else None,
                previous=chart_value(was, counted=False) if was and was.shown else None,
            )
        )
    return radar(
        rows,
        title=_profile_title(material),
        leaders_label=material.own_label,
        previous_label=material.before.wave.title if material.before else "",
        look=material.look,
    )


def _profile_title(material: Material) -> str:
    """Names the lowest and the highest only where their intervals do not overlap."""
    shown = sorted(
        ((cell.value, cell.low, cell.high, row.code) for row in material.rows if (cell := material.cell(row)).shown),
        key=lambda one: one[0] or 0.0,
    )
    lowest, highest = shown[0], shown[-1]
    if lowest[2] is not None and highest[1] is not None and lowest[2] < highest[1]:
        return _("The profile: highest in %(high)s, lowest in %(low)s") % {
            "high": material.name(highest[3]),
            "low": material.name(lowest[3]),
        }
    return _("The profile")


@dataclass(frozen=True)
class DimensionTrend:
    code: str
    mark: str
    name: str
    url: str
    change: Difference | None
    chart: Chart


def trends(material: Material) -> tuple[DimensionTrend, ...]:
    """Each row over the waves, all on the same scale; empty with one wave."""
    found = [(row, _points(material, row)) for row in material.rows]
    found = [(row, points) for row, points in found if len(points) > 1]
    ends = nice_ends([point.score for _row, points in found for point in points], step=10, span=30)
    return tuple(
        DimensionTrend(
            code=row.code,
            mark=material.mark(row.code),
            name=material.name(row.code),
            url=material.url(row.code),
            change=found_change.difference if (found_change := material.change(row)) else None,
            chart=trend(
                material.mark(row.code),
                points,
                title=material.name(row.code),
                ends=ends,
                wide=350,
                narrow=340,
                height=190,
                look=material.look,
            ),
        )
        for row, points in found
    )
