"""Every table of the results page by name, for files: the dimensions with unrounded numbers, and each chart's own."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from assessments.charts.spec import Cell as TableCell
from assessments.charts.spec import Chart, ChartSpec
from assessments.dashboards.detail_tables import change_cells, change_columns, plain, score_cells, score_columns
from assessments.dashboards.evidence import Evidence
from assessments.dashboards.groups import GroupTable
from assessments.dashboards.material import Material
from assessments.dashboards.results import Report, ResultsPage


def result_tables(page: ResultsPage, material: Material | None) -> Mapping[str, ChartSpec]:
    """In the order of the page; empty while the wave has no numbers."""
    report = page.report
    if report is None or material is None:
        return {}
    charts: dict[str, Chart | None] = {
        "index": report.index.chart if report.index else None,
        "profile": report.profile,
        "gap": report.gap,
        "groups": report.groups.chart if report.groups else None,
        "answered": page.who.chart if page.who else None,
        "changes": report.changes.chart,
    }
    if report.answers:
        charts |= {f"answers-{place}": chart for place, chart in enumerate(report.answers.charts, 1)}
    charts |= {f"trend-{one.code.lower()}": one.chart for one in report.trends}
    tables = {"dimensions": _dimensions(report, material)}
    if report.evidence and report.evidence.rows:
        tables["evidence"] = _evidence(report.evidence, material)
    tables |= {name: chart.spec for name, chart in charts.items() if chart is not None}
    if report.groups and report.groups.table:
        tables["groups"] = _groups(report.groups.title, report.groups.table, material)
    return tables


def _dimensions(report: Report, material: Material) -> ChartSpec:
    look = material.look
    return ChartSpec(
        title=report.dimensions.title,
        description="",
        columns=(_("Dimension"), *score_columns(), *change_columns(), _("Leaders’ own view")),
        rows=tuple(
            (
                TableCell(row.name),
                *score_cells(row.cell, look),
                *change_cells(row.change, look),
                score_cells(material.results.score(row.code).own, look)[0],
            )
            for row in report.dimensions.rows
        ),
    )


def _evidence(evidence: Evidence, material: Material) -> ChartSpec:
    look = material.look
    return ChartSpec(
        title=_("Ratings and figures"),
        description="",
        columns=(_("Dimension"), _("Ratings"), _("Figures"), _("Known"), _("Gap"), _("Together"), _("Made of")),
        rows=tuple(
            (
                TableCell(row.name),
                score_cells(row.ratings, look)[0],
                plain(row.figures.score),
                TableCell(f"{row.figures.known}/{row.figures.of}"),
                plain(row.gap),
                plain(row.together),
                TableCell(row.rule),
            )
            for row in evidence.rows
        ),
    )


def _groups(title: str, table: GroupTable, material: Material) -> ChartSpec:
    look = material.look
    under = look.words.under.format(limit=material.results.k)
    return ChartSpec(
        title=title,
        description="",
        columns=(_("Group"), _("Answers"), *(name for _code, _mark, name in table.columns)),
        rows=tuple(
            (
                TableCell(row.label),
                TableCell(under if row.n is None else str(row.n)),
                *(score_cells(cell, look)[0] for cell in row.cells),
            )
            for row in table.rows
        ),
    )
