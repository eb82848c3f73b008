"""The index of the newest scored wave, for the home page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.charts.scale import nice_ends
from assessments.charts.spec import Chart
from assessments.charts.strip import strip
from assessments.charts.trend import TrendPoint, trend
from assessments.dashboards.findings import index_reason
from assessments.dashboards.loading import load
from assessments.dashboards.material import Material, short_name
from assessments.dashboards.values import chart_value, reason_words
from assessments.models import Wave
from assessments.scoring.results import Cell
from assessments.selectors.results import latest_scored
from ecosystems.numerals import number
from ecosystems.permissions import Viewer


@dataclass(frozen=True)
class CardRow:
    mark: str
    name: str
    cell: Cell
    reason: str
    strip: Chart


@dataclass(frozen=True)
class IndexCard:
    """`value` is None where there is no index; `reason` then says why. `final_waves`: closed ones with numbers here."""

    wave: Wave
    ecosystem: str
    n: int
    value: float | None
    reason: str
    note: str
    chart: Chart | None
    rows: tuple[CardRow, ...]
    url: str
    final_waves: tuple[Wave, ...]


def index_card(viewer: Viewer) -> IndexCard | None:
    """The newest wave about the whole system that this viewer may see; None until one is scored."""
    wave = latest_scored(viewer)
    material = load(viewer, wave.pk).material if wave else None
    if wave is None or material is None or material.of_leadership:
        return None
    index, cells = material.results.index, [material.cell(row) for row in material.rows]
    ends = nice_ends([chart_value(cell) for cell in cells])
    return IndexCard(
        wave=wave,
        ecosystem=wave.assessment.ecosystem.name,
        n=material.results.n,
        value=index.value,
        reason=index_reason(material),
        note=_("%(low)s to %(high)s under every fair way of counting")
        % {"low": number(index.band.low), "high": number(index.band.high)}
        if index.band
        else "",
        chart=_trend(material),
        rows=tuple(
            CardRow(
                mark=material.mark(row.code),
                name=material.name(row.code),
                cell=cell,
                reason="" if cell.shown or cell.withheld else reason_words(cell.reason),
                strip=strip(
                    material.mark(row.code),
                    material.name(row.code),
                    chart_value(cell),
                    ends=ends,
                    width=290,
                    look=material.look,
                ),
            )
            for row, cell in zip(material.rows, cells, strict=True)
        ),
        url=material.results_url,
        final_waves=material.final_waves,
    )


def _trend(material: Material) -> Chart | None:
    points = []
    for wave in material.history.waves:
        cell = material.history.cell(wave, "index", "GVI")
        if cell is not None and cell.value is not None:
            points.append(TrendPoint(wave.title, chart_value(cell, counted=False), short_name(wave)))
    if len(points) < 2 or material.results.index.value is None:
        return None
    return trend(
        "",
        points,
        title=_("Generative Value Index over the waves"),
        wide=290,
        narrow=290,
        height=150,
        look=material.look,
    )
