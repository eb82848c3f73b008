"""The groups: who answered, how each scores, and how leaders' own view differs from everybody else's."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.coverage import CoverageRow
from assessments.charts.coverage import coverage as coverage_chart
from assessments.charts.dumbbell import DumbbellRow, dumbbell
from assessments.charts.heatmap import HeatColumn, HeatRow, heatmap
from assessments.charts.spec import Chart
from assessments.dashboards.material import Material
from assessments.dashboards.values import chart_value, difference_value
from assessments.enums import GroupKind, WaveState
from assessments.scoring.results import Cell
from assessments.scoring.talk import Answered
from assessments.selectors.waves import WaveProgress

MOST_COLUMNS = 8
"""More groups than this are a table that can be sorted and turned over."""


@dataclass(frozen=True)
class UnitRow:
    key: str
    label: str
    n: int | None
    withheld: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class GroupTable:
    """Scores of many groups; `columns`: (code, mark, name)."""

    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[UnitRow, ...]
    sort: str
    down: bool


@dataclass(frozen=True)
class Groups:
    title: str
    chart: Chart | None
    table: GroupTable | None


def groups(material: Material, *, sort: str = "") -> Groups | None:
    """Rows × groups as a heat map, or as a table where there are many; None with no group behind the headline."""
    if not material.groups:
        return None
    title = _groups_title(material)
    if len(material.groups) > MOST_COLUMNS:
        return Groups(title, None, _table(material, sort))
    rows = [
        HeatRow(
            material.mark(row.code),
            material.name(row.code),
            tuple(chart_value(row.groups[group.key]) for group in material.groups if group.key in row.groups),
        )
        for row in material.rows
        if len(row.groups) == len(material.groups)
    ]
    columns = [HeatColumn(group.label, group.n) for group in material.groups]
    return Groups(title, heatmap(rows, columns, title=title, look=material.look), None)


def _groups_title(material: Material) -> str:
    """Names a group only where it is the lowest in every row in which groups can be compared."""
    compared = [row for row in material.rows if row.weakest and not row.barrier]
    lowest = {row.weakest.group for row in compared if row.weakest}
    if len(compared) > 1 and len(lowest) == 1:
        return _("%(group)s score lowest wherever they can be shown") % {"group": material.labels[lowest.pop()]}
    return _("Leadership by group") if material.of_leadership else _("How each group sees it")


def _table(material: Material, sort: str) -> GroupTable:
    """Sorted by a row's score, by `n` or by name; withheld rows stand last in every order, so that none tells more."""
    codes = [row.code for row in material.rows]
    rows = [
        UnitRow(
            group.key,
            group.label,
            group.n,
            group.withheld,
            tuple(row.groups.get(group.key, Cell()) for row in material.rows),
        )
        for group in material.groups
    ]
    down, wanted = sort.startswith("-"), sort.lstrip("-")
    if wanted in codes:
        place = codes.index(wanted)

        def value(row: UnitRow) -> float | None:
            return row.cells[place].value
    elif wanted == "n":

        def value(row: UnitRow) -> float | None:
            return row.n
    else:
        wanted = "name"
        rows.sort(key=lambda row: row.label.casefold(), reverse=down)

        def value(row: UnitRow) -> float | None:
            return None

    if wanted != "name":
        shown = sorted((row for row in rows if value(row) is not None), key=lambda row: value(row) or 0.0, reverse=down)
        rows = shown + [row for row in rows if value(row) is None]
    return GroupTable(
        columns=tuple((row.code, material.mark(row.code), material.name(row.code)) for row in material.rows),
        rows=tuple(rows),
        sort=wanted,
        down=down,
    )


@dataclass(frozen=True)
class WhoAnswered:
    """`said`: of how many asked how many answered, as far as that may be said. `waiting`: kept out for now."""

    chart: Chart | None
    said: str
    thin: str
    waiting: int
    answered: tuple[Answered, ...]
    submitted: int


def who_answered(material: Material, progress: WaveProgress) -> WhoAnswered:
    """Counts of each group, never fewer than the minimum; an imported wave knows nobody who did not answer."""
    rows, known, small = [], [], False
    wave = material.wave
    for group in progress.groups:
        count, asked = group.submitted, None if wave.is_imported else group.asked
        hidden = 0 < count < group.k and group.group.kind != GroupKind.SELF
        small |= hidden
        rows.append(CoverageRow(group.group.label, None if hidden else count, asked))
        if asked and not hidden and count:
            known.append(Answered(group.group.key, count, asked))
    k = wave.min_group_size
    chart = coverage_chart(rows, title=_("Who answered"), limit=k, look=material.look) if len(rows) <= 2 * k else None
    thin = [row.group for row in rows if row.thin]
    return WhoAnswered(
        chart=chart,
        said=_said(material, progress, small=small),
        thin=_thin(thin) if wave.state == WaveState.CLOSED else "",
        waiting=sum(group.waiting for group in material.results.groups),
        answered=tuple(known),
        submitted=progress.submitted,
    )


def _said(material: Material, progress: WaveProgress, *, small: bool) -> str:
    count, asked = progress.submitted, [group.asked for group in progress.groups]
    if small:
        count = sum(group.submitted for group in progress.groups if group.submitted >= group.k)
        if not count:
            return _("No group is large enough to be shown yet.")
        return ngettext(
            "%(n)d person in the groups that can be shown answered.",
            "%(n)d people in the groups that can be shown answered.",
            count,
        ) % {"n": count}
    whole = sum(one or 0 for one in asked)
    if material.wave.is_imported or None in asked or not whole:
        return ngettext("%(n)d person answered.", "%(n)d people answered.", count) % {"n": count}
    return _("%(n)d of %(whole)d people answered.") % {"n": count, "whole": max(whole, count)}


def _thin(names: list[str]) -> str:
    if not names:
        return ""
    return _("Under half of those invited answered: %(groups)s. Read their scores with care.") % {
        "groups": ", ".join(names)
    }


def gap(material: Material) -> Chart | None:
    """Own view beside that of the others, widest gap first; None where nobody was asked for their own view."""
    rows = [row for row in material.rows if row.gap is not None]
    if material.is_360:
        rows = [row for row in material.parts if row.gap is not None] or rows
    if not rows:
        return None
    rows.sort(key=lambda row: -abs((row.gap and row.gap.difference.value) or 0.0))
    return dumbbell(
        [
            DumbbellRow(
                material.mark(row.code),
                material.name(row.code),
                chart_value(row.gap.own),
                chart_value(row.gap.others),
                difference_value(row.gap.difference),
            )
            for row in rows
            if row.gap
        ],
        title=_gap_title(material),
        leaders_label=material.own_label,
        others_label=_("others"),
        look=material.look,
    )


def _gap_title(material: Material) -> str:
    rows = [row for row in (material.parts if material.is_360 else material.rows) if row.gap]
    signs = [row.gap.difference for row in rows if row.gap]
    who = material.own_label if material.is_360 else _("Leaders")
    if len(signs) > 1 and all(one.value is not None and one.value > 0 and one.clear for one in signs):
        return _("%(who)s: own view above the others’ in everything") % {"who": who}
    if any(one.clear for one in signs):
        clear = sum(one.clear for one in signs)
        return _("%(who)s and others differ clearly in %(n)d of %(all)d") % {"who": who, "n": clear, "all": len(signs)}
    return _("%(who)s and others: no clear difference") % {"who": who}
