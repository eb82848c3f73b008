"""Two waves of one assessment beside each other, on what both have."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from assessments.charts.change import ChangeRow
from assessments.charts.change import change as change_chart
from assessments.charts.spec import Cell as TableCell
from assessments.charts.spec import Chart, ChartSpec
from assessments.dashboards.changes import left_out
from assessments.dashboards.detail_tables import change_cells, change_columns, score_cells, score_columns
from assessments.dashboards.findings import index_reason
from assessments.dashboards.material import Material
from assessments.dashboards.values import difference_value, reason_words
from assessments.models import Wave
from assessments.scoring.results import Cell, Difference, Score, WaveResults
from assessments.scoring.wave_change import index_change, own_change

MOST_DRAWN = 12
GROUPS_ON_A_PAGE = 12


@dataclass(frozen=True)
class ComparedRow:
    """One number in both waves: `before`, `after` and their difference; `heading` rows have `parts` below them."""

    code: str
    mark: str
    name: str
    url: str
    before: Cell
    after: Cell
    before_reason: str
    after_reason: str
    change: Difference | None
    change_reason: str
    lower_is_better: bool
    parts: tuple["ComparedRow", ...] = ()


GroupRows = tuple[str, tuple[ComparedRow, ...]]


@dataclass(frozen=True)
class Comparison:
    earlier: Wave
    later: Wave
    finding: str
    index: ComparedRow | None
    rows: tuple[ComparedRow, ...]
    own: tuple[ComparedRow, ...]
    own_label: str
    groups: "Page[GroupRows]"
    chart: Chart | None
    notes: tuple[str, ...]
    live: bool
    tables: Mapping[str, ChartSpec]


def comparison(material: Material, *, groups_page: str = "") -> Comparison:
    """The wave and the one it is set `against`, which is the earlier one."""
    assert material.before is not None
    shared = _shared(material, material.rows)
    rows = tuple(
        _row(material, row, tuple(_row(material, part) for part in _shared(material, _parts(material, row.code))))
        for row in shared
    )
    index = _index(material)
    own = tuple(_own(material, row) for row in shared if _has_own(material, row))
    groups = _groups(material, shared)
    return Comparison(
        earlier=material.before.wave,
        later=material.wave,
        finding=_finding(rows),
        index=index,
        rows=rows,
        own=own,
        own_label=material.own_label,
        groups=Paginator(groups, GROUPS_ON_A_PAGE).get_page(groups_page),
        chart=_chart(material, rows),
        notes=_notes(material),
        live=material.results.live or material.before.results.live,
        tables={
            "changes": _table(material, [*([index] if index else []), *_flat(rows)]),
            **({"own": _table(material, list(own))} if own else {}),
            **({"groups": _group_table(material, groups)} if groups else {}),
        },
    )


def _parts(material: Material, code: str) -> list[Score]:
    live = material.results.live or (material.before and material.before.results.live)
    return [] if live else [part for part in material.parts if part.parent == code]


def _codes(results: WaveResults) -> dict[tuple[str, str], Score]:
    """Everything that was asked, by level and code."""
    rows = (*results.dimensions, *results.facets, *results.blocks, *results.constructs)
    return {(row.level, row.code): row for row in rows}


def _shared(material: Material, rows: "list[Score] | tuple[Score, ...]") -> list[Score]:
    assert material.before is not None
    known = _codes(material.before.results)
    return [row for row in rows if (row.level, row.code) in known]


def _earlier(material: Material, row: Score) -> Score:
    assert material.before is not None
    return _codes(material.before.results)[row.level, row.code]


def _row(material: Material, row: Score, parts: tuple[ComparedRow, ...] = ()) -> ComparedRow:
    compared = material.change(row)
    change = compared.difference if compared else None
    return _compared(material, row, material.cell(_earlier(material, row)), material.cell(row), change, parts)


def _compared(
    material: Material,
    row: Score,
    before: Cell,
    after: Cell,
    change: Difference | None,
    parts: tuple[ComparedRow, ...] = (),
) -> ComparedRow:
    return ComparedRow(
        code=row.code,
        mark=material.mark(row.code),
        name=material.name(row.code),
        url=material.url(row.code),
        before=before,
        after=after,
        before_reason=reason_words(before.reason),
        after_reason=reason_words(after.reason),
        change=change,
        change_reason=reason_words(change.reason) if change and change.value is None else "",
        lower_is_better=row.barrier,
        parts=parts,
    )


def _index(material: Material) -> ComparedRow | None:
    if material.of_leadership or material.before is None:
        return None
    earlier, later = material.before.results.index, material.results.index
    change = index_change(earlier, later)
    before, after = (
        Cell(value=one.value, low=one.band.low if one.band else None, high=one.band.high if one.band else None)
        for one in (earlier, later)
    )
    return ComparedRow(
        code="GVI",
        mark="",
        name=_("Generative Value Index"),
        url=material.index_url,
        before=before,
        after=after,
        before_reason=reason_words(earlier.reason),
        after_reason=index_reason(material),
        change=change,
        change_reason=reason_words(change.reason) if change.value is None else "",
        lower_is_better=False,
    )


def _has_own(material: Material, row: Score) -> bool:
    """There is an own view beside the others' in both waves."""
    return all(
        (one.own.shown or one.own.withheld) and (one.overall.shown or one.overall.withheld)
        for one in (row, _earlier(material, row))
    )


def _own(material: Material, row: Score) -> ComparedRow:
    before, after = _earlier(material, row).own, row.own
    return _compared(material, row, before, after, own_change(before, after))


def _groups(material: Material, rows: list[Score]) -> tuple[GroupRows, ...]:
    """(group, rows) for each group that both waves asked, by the key they have in both."""
    found = []
    for group in material.results.groups:
        cells = [
            (row, _earlier(material, row).groups[group.key], row.groups[group.key])
            for row in rows
            if group.key in row.groups and group.key in _earlier(material, row).groups
        ]
        if cells:
            compared = tuple(
                _compared(material, row, before, after, own_change(before, after)) for row, before, after in cells
            )
            found.append((group.label, compared))
    return tuple(found)


def _finding(rows: tuple[ComparedRow, ...]) -> str:
    """What is clear of chance among the rows themselves, in one sentence."""
    if not rows:
        return _("The two waves have nothing in common that could be compared.")
    clear = [row for row in rows if row.change and row.change.clear and row.change.value is not None]
    if not any(row.change and row.change.value is not None for row in rows):
        return _("None of the scores can be compared yet.")
    if not clear:
        return _("No clear change: every difference below could be chance.")
    up = [row.name for row in clear if row.change and (row.change.value or 0) > 0]
    down = [row.name for row in clear if row.change and (row.change.value or 0) < 0]
    said = []
    if up:
        said.append(_("Clearly higher: %(names)s.") % {"names": ", ".join(up)})
    if down:
        said.append(_("Clearly lower: %(names)s.") % {"names": ", ".join(down)})
    if len(clear) < len(rows):
        said.append(_("The rest could be chance."))
    return " ".join(said)


def _flat(rows: tuple[ComparedRow, ...]) -> list[ComparedRow]:
    return [one for row in rows for one in (row, *row.parts)]


def _chart(material: Material, rows: tuple[ComparedRow, ...]) -> Chart | None:
    """The facets that moved most; the rows themselves where there are no facets."""
    drawn = [part for row in rows for part in row.parts if part.change and part.change.value is not None]
    drawn = drawn or [row for row in rows if row.change and row.change.value is not None]
    drawn.sort(key=lambda row: -abs((row.change and row.change.value) or 0.0))
    kept = sorted(drawn[:MOST_DRAWN], key=lambda row: -((row.change and row.change.value) or 0.0))
    if not kept:
        return None
    return change_chart(
        [ChangeRow(row.mark, row.name, difference_value(row.change)) for row in kept if row.change],
        title=_("What moved"),
        look=material.look,
    )


def _notes(material: Material) -> tuple[str, ...]:
    assert material.before is not None
    notes = [left_out(material)]
    if material.before.wave.version_id != material.wave.version_id:
        notes.append(
            _("The two waves asked with different versions of the questions. Only what both have is compared, and a")
            + " "
            + _("question that was worded anew can move a score by itself.")
        )
        notes += _only_in_one(material)
    if material.results.k != material.before.results.k:
        notes.append(
            _("The smallest group shown was %(before)d in the earlier wave and %(after)d in this one.")
            % {"before": material.before.results.k, "after": material.results.k}
        )
    if material.results.live or material.before.results.live:
        notes.append(_("One of the waves is still open: its facets are compared after it has closed."))
    return tuple(note for note in notes if note)


def _only_in_one(material: Material) -> list[str]:
    assert material.before is not None
    before, after = _asked(material.before.results), _asked(material.results)
    earlier = Material(scored=material.before, history=material.history)
    said = []
    if gone := [earlier.name(code) for code in before if code not in after]:
        said.append(_("Only in the earlier wave: %(names)s.") % {"names": ", ".join(gone)})
    if new := [material.name(code) for code in after if code not in before]:
        said.append(_("Only in the later wave: %(names)s.") % {"names": ", ".join(new)})
    return said


def _asked(results: WaveResults) -> list[str]:
    return [row.code for row in _codes(results).values()]


def _table(material: Material, rows: list[ComparedRow]) -> ChartSpec:
    return ChartSpec(
        title=_("What changed"),
        description="",
        columns=(_("Code"), _("Name"), *_both_columns(material), *change_columns()),
        rows=tuple((TableCell(row.code), TableCell(row.name), *_both_cells(material, row)) for row in rows),
    )


def _group_table(material: Material, groups: tuple[GroupRows, ...]) -> ChartSpec:
    return ChartSpec(
        title=_("What changed, by group"),
        description="",
        columns=(_("Group"), _("Code"), _("Name"), *_both_columns(material), *change_columns()),
        rows=tuple(
            (TableCell(label), TableCell(row.code), TableCell(row.name), *_both_cells(material, row))
            for label, rows in groups
            for row in rows
        ),
    )


def _both_columns(material: Material) -> tuple[str, ...]:
    assert material.before is not None
    return tuple(
        f"{wave.title}: {column}" for wave in (material.before.wave, material.wave) for column in score_columns()
    )


def _both_cells(material: Material, row: ComparedRow) -> tuple[TableCell, ...]:
    look = material.look
    return (*score_cells(row.before, look), *score_cells(row.after, look), *change_cells(row.change, look))
