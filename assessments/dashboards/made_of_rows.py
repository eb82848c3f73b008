"""The rows of a score's page: its groups and its parts, each with its strip and its change since the wave before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.charts.scale import Ends
from assessments.charts.spec import Chart
from assessments.charts.strip import strip
from assessments.dashboards.material import Material
from assessments.dashboards.measurement import agreement_words
from assessments.dashboards.values import chart_value, reason_words
from assessments.scoring.absent import Reason
from assessments.scoring.results import Cell, Difference, Score
from assessments.scoring.wave_change import Change, own_change

STRIP = 220


@dataclass(frozen=True)
class GroupRow:
    """One group's cell, or the leaders' own view (`own`). `agreement` in words, '' where nothing is said."""

    key: str
    label: str
    own: bool
    cell: Cell
    reason: str
    strip: Chart
    change: Difference | None
    change_reason: str
    agreement: str
    weight: float | None


@dataclass(frozen=True)
class PartRow:
    """A facet of a dimension, or a construct of a block."""

    code: str
    name: str
    url: str
    cell: Cell
    reason: str
    strip: Chart
    change: Difference | None
    change_reason: str


def group_cells(material: Material, row: Score) -> list[tuple[str, str, bool, Cell]]:
    """(key, label, own, cell) of everybody who has a cell of their own here."""
    keys = [group.key for group in material.results.groups if group.key in row.groups]
    rows = [(key, material.labels[key], False, row.groups[key]) for key in keys]
    if row.own.reason not in (Reason.NO_OWN_VIEW, Reason.NOT_ASKED, Reason.AFTER_CLOSING):
        who = _("%(name)s (own view)") if material.is_360 else _("Leaders (own view)")
        rows.append(("", who % {"name": material.own_label} if material.is_360 else who, True, row.own))
    return rows


def _before(material: Material, row: Score) -> Score | None:
    if material.before is None:
        return None
    try:
        earlier = material.before.results.score(row.code)
    except KeyError:
        return None
    return earlier if earlier.level == row.level else None


def group_row(material: Material, row: Score, key: str, label: str, own: bool, cell: Cell, ends: Ends) -> GroupRow:
    earlier = _before(material, row)
    was = None if earlier is None else earlier.own if own else earlier.groups.get(key)
    change = own_change(was, cell) if was is not None else None
    measured = next((one for one in material.results.agreement if one.code == row.code), None)
    inside = next((one for one in measured.groups if one.group == key), None) if measured and not own else None
    return GroupRow(
        key=key,
        label=label,
        own=own,
        cell=cell,
        reason=reason_words(cell.reason),
        strip=strip(
            material.mark(row.code),
            label,
            chart_value(cell),
            previous=chart_value(was) if was is not None and was.shown else None,
            ends=ends,
            width=STRIP,
            look=material.look,
        ),
        change=change,
        change_reason=no_change(material, Change(change) if change else None),
        agreement=agreement_words(inside) if inside and cell.shown else "",
        weight=None if own else next(one.weight for one in material.results.groups if one.key == key),
    )


def part_row(material: Material, row: Score, ends: Ends) -> PartRow:
    cell, change, earlier = material.cell(row), material.change(row), _before(material, row)
    was = material.cell(earlier) if earlier else None
    name = material.name(row.code)
    return PartRow(
        code=row.code,
        name=name,
        url=material.url(row.code),
        cell=cell,
        reason=reason_words(cell.reason),
        strip=strip(
            material.mark(row.code),
            name,
            chart_value(cell),
            previous=chart_value(was) if was and was.shown else None,
            ends=ends,
            width=STRIP,
            look=material.look,
        ),
        change=change.difference if change else None,
        change_reason=no_change(material, change),
    )


def no_change(material: Material, change: Change | None) -> str:
    if material.before is None:
        return _("first wave")
    if change is None:
        return _("not in the earlier wave")
    return "" if change.difference.value is not None else reason_words(change.difference.reason)
