"""Where the room's middle lies on an axis: box = middle half, dot = median or mean, ring = the round before."""

from assessments.charts.scale import Linear
from assessments.charts.sizes import Sizes
from assessments.charts.svg import Svg


def middle_line(
    svg: Svg,
    x: Linear,
    y: float,
    size: Sizes,
    *,
    centre: float | None,
    half: tuple[float, float] | None = None,
    before: float | None = None,
    tip: str = "",
    half_tip: str = "",
) -> None:
    """Drawn on a track over the whole axis."""
    k, thick = size.k, size.line
    svg.line(x.start, y, x.stop, y, f"track {thick}".strip())
    if half is not None:
        left, right = sorted((x(half[0]), x(half[1])))
        spare = max(0.0, 12 * k - (right - left)) / 2
        svg.rect(left - spare, y - 6 * k, right - left + 2 * spare, 12 * k, f"box {thick}".strip(), 3 * k, half_tip)
    if before is not None and before != centre:
        svg.dot(x(before), y, 5 * k, f"ring s-prev {thick}".strip())
    if centre is not None:
        start = {"cx": x(before)} if before is not None else None
        svg.dot(x(centre), y, 5.5 * k, "dot", tip, start)
