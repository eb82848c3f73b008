"""One score on one line: pale bar = interval, dot = score, tick = previous wave, ring = leaders' own view."""

from assessments.charts.cells import described, interval_cell, sentence, shown, value_cell
from assessments.charts.scale import Ends, Linear, ticks
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, KeyItem, Look, Missing, Value, single
from assessments.charts.svg import Svg, key_item
from assessments.charts.text import text_width
from ecosystems.glyphs import dimension_class

HEIGHT = 32
EDGE = 8


def strip(
    code: str,
    name: str,
    score: Value,
    *,
    previous: Value | None = None,
    leaders: Value | None = None,
    ends: Ends = (0, 100),
    width: float = 320,
    look: Look = PAGE,
) -> Chart:
    """A row's score on 0–100. All strips of a page share `ends` (`nice_ends`); `strip_axis` prints them once, above."""
    words = look.words
    spec = ChartSpec(
        title=name or words.score,
        description=described(
            [
                sentence(words.score, score, look),
                sentence(words.previous, previous, look),
                sentence(words.leaders, leaders, look),
            ],
            look,
        ),
        columns=(words.what, words.score, words.interval, words.previous, words.leaders),
        rows=(
            (
                Cell(name or words.score),
                value_cell(score, look),
                interval_cell(score, look),
                value_cell(previous, look),
                value_cell(leaders, look),
            ),
        ),
    )
    svg = Svg(width, HEIGHT, spec, look, f"strip d-{dimension_class(code)}")
    x, y = Linear(ends, EDGE, width - EDGE), HEIGHT / 2
    svg.line(x(ends[0]), y, x(ends[1]), y, "track")
    for tick in ticks(ends):
        svg.line(x(tick), y - 3, x(tick), y + 3, "grid")
    if isinstance(score, Missing):
        svg.missing(EDGE, y - 9, width - 2 * EDGE, 18, score, name=name)
        return single(svg.done(), spec, width)
    if score.interval:
        low, high = (x(end) for end in score.interval)
        svg.rect(low, y - 7, high - low, 14, "band", 7, f"{words.interval}: {words.span(*score.interval)}")
    if was := shown(previous):
        svg.line(x(was.value), y - 10, x(was.value), y + 10, "prev")
    if own := shown(leaders):
        svg.dot(x(own.value), y, 4.6, "ring s-own", sentence(words.leaders, own, look))
    svg.dot(x(score.value), y, 5, "dot", sentence(name or words.score, score, look))
    return single(svg.done(), spec, width)


def strip_axis(*, ends: Ends = (0, 100), width: float = 320, look: Look = PAGE) -> Chart:
    """The scale printed once above a column of strips."""
    words = look.words
    said = f"{words.span(*ends)} {words.of_100}"
    spec = ChartSpec(words.scale, said, (words.scale,), ((Cell(said),),))
    svg = Svg(width, 16, spec, look, "strip")
    x = Linear(ends, EDGE, width - EDGE)
    for tick in ticks(ends):
        place = x(tick)
        half = text_width(f"{tick:g}", 11.5) / 2
        svg.text(min(max(place, half), width - half), 12, f"{tick:g}", "t-s t-2", "middle")
    return single(svg.done(), spec, width)


def strip_key(*, previous: str = "", leaders: str = "", look: Look = PAGE) -> tuple[KeyItem, ...]:
    """The legend of a column of strips: name the previous wave and the leaders only where they are drawn."""
    words = look.words
    items = [key_item("dot", words.all_groups, look), key_item("band", words.interval, look)]
    items += [key_item("prev", previous, look)] if previous else []
    items += [key_item("own", leaders, look)] if leaders else []
    return tuple(items)
