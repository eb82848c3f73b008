"""The numbers behind a page as tables for a file: unrounded enough to count with, withheld and absent said in words."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from assessments.charts.spec import Cell as TableCell
from assessments.charts.spec import ChartSpec, Look
from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.results import Cell, Difference
from assessments.selectors.item_words import item_words
from ecosystems.numerals import number

DIGITS = 2


def score_columns() -> tuple[str, ...]:
    return (_("Score"), _("Low end"), _("High end"), _("Answers"))


def change_columns() -> tuple[str, ...]:
    return (_("Change"), _("Low end of change"), _("High end of change"))


def score_cells(cell: Cell, look: Look) -> tuple[TableCell, ...]:
    if cell.withheld:
        return (_withheld(look),) * 4
    if cell.value is None:
        return (TableCell(reason_words(cell.reason), absent=True), *(TableCell(""),) * 3)
    return (plain(cell.value), plain(cell.low), plain(cell.high), count(cell.n))


def change_cells(change: Difference | None, look: Look) -> tuple[TableCell, ...]:
    if change is None:
        return (TableCell(""),) * 3
    if change.withheld:
        return (_withheld(look),) * 3
    if change.value is None:
        return (TableCell(reason_words(change.reason), absent=True), *(TableCell(""),) * 2)
    return (plain(change.value), plain(change.low), plain(change.high))


def plain(value: float | None, digits: int = DIGITS) -> TableCell:
    return TableCell("" if value is None else number(value, digits))


def count(value: int | None) -> TableCell:
    return TableCell("" if value is None else str(value))


def _withheld(look: Look) -> TableCell:
    return TableCell(look.words.withheld, withheld=True)


def group_table(title: str, rows: Iterable[tuple[str, Cell, Difference | None]], look: Look) -> ChartSpec:
    return ChartSpec(
        title=title,
        description="",
        columns=(_("Group"), *score_columns(), *change_columns()),
        rows=tuple(
            (TableCell(label), *score_cells(cell, look), *change_cells(change, look)) for label, cell, change in rows
        ),
    )


def part_table(title: str, rows: Iterable[tuple[str, str, Cell, Difference | None]], look: Look) -> ChartSpec:
    return ChartSpec(
        title=title,
        description="",
        columns=(_("Code"), _("Name"), *score_columns(), *change_columns()),
        rows=tuple(
            (TableCell(code), TableCell(name), *score_cells(cell, look), *change_cells(change, look))
            for code, name, cell, change in rows
        ),
    )


def question_table(material: Material, facets: Sequence[str], *, title: str) -> ChartSpec:
    """One row for each question and level of its scale, so that scales of any length stand in one table."""
    words = item_words(material.wave.version)
    rows: list[tuple[TableCell, ...]] = []
    for item in material.results.items:
        if item.facet not in facets:
            continue
        known = words.get(item.code)
        start = (TableCell(item.code), TableCell(known.text if known else item.code))
        if item.withheld or item.counts is None:
            said = _withheld(material.look) if item.withheld else TableCell(reason_words(item.reason), absent=True)
            rows.append((*start, TableCell(""), TableCell(""), said))
            continue
        labels = known.levels if known and len(known.levels) == len(item.levels) else tuple(map(str, item.levels))
        rows += [
            (*start, count(level), TableCell(label), count(many))
            for level, label, many in zip(item.levels, labels, item.counts, strict=True)
        ]
        rows.append((*start, TableCell(""), TableCell(_("can’t say")), count(item.cant_say)))
    return ChartSpec(
        title=title,
        description="",
        columns=(_("Code"), _("Question"), _("Answer"), _("In words"), _("People")),
        rows=tuple(rows),
    )
