"""A row's history: line and band without an axis."""

from collections.abc import Sequence

from assessments.charts.cells import described, interval_cell, sentence, value_cell
from assessments.charts.scale import Ends, Linear, nice_ends
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, Score, single
from assessments.charts.svg import Svg
from assessments.charts.trend import TrendPoint, score_line
from ecosystems.glyphs import dimension_class


def spark(
    code: str,
    name: str,
    points: Sequence[TrendPoint],
    *,
    ends: Ends | None = None,
    width: float = 108,
    height: float = 36,
    look: Look = PAGE,
) -> Chart:
    """A row's history: line and band, no axis; the table has the numbers. Rows of one table share `ends`."""
    words = look.words
    scores = [point.score for point in points]
    spec = ChartSpec(
        title=name,
        description=described([sentence(point.label, point.score, look) for point in points], look),
        columns=(words.wave, words.score, words.interval),
        rows=tuple((Cell(p.label), value_cell(p.score, look), interval_cell(p.score, look)) for p in points),
    )
    svg = Svg(width, height, spec, look, f"spark d-{dimension_class(code)}")
    y = Linear(ends or nice_ends(scores, step=5, span=20), height - 4, 4)
    x = Linear((0, max(len(points) - 1, 1)), 6, width - 6)
    places = [x(i) if len(points) > 1 else width - 6 for i in range(len(points))]
    score_line(svg, places, scores, y, "stroke thin")
    for place, score in zip(places, scores, strict=True):
        if isinstance(score, Missing) and score.withheld:
            svg.missing(min(max(place - 5, 0), width - 10), 4, 10, height - 8, score, radius=2)
    if points and isinstance(last := points[-1].score, Score):
        svg.dot(places[-1], y(last.value), 3.2, "dot flat")
    return single(svg.done(), spec, width)
