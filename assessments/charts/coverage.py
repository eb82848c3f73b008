"""Who answered, group by group: a thin bar, filled as far as people answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described
from assessments.charts.spec import PAGE, WITHHELD, Cell, Chart, ChartSpec, Look, both
from assessments.charts.svg import Svg
from assessments.charts.text import fit, text_width, wrap


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """`answered` is None where the count is under the minimum group size; `invited` is None for an open link."""

    group: str
    answered: int | None
    invited: int | None

    def __post_init__(self) -> None:
        if (self.answered or 0) < 0 or (self.invited or 0) < 0:
            raise ValueError(f"{self} has a negative count")

    @property
    def thin(self) -> bool:
        """Fewer than half of those invited: read with care."""
        return self.invited is not None and self.answered is not None and 2 * self.answered < self.invited


def coverage(
    rows: Sequence[CoverageRow],
    *,
    title: str,
    limit: int,
    wide: float = 340,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Answers of those invited. `limit` is the minimum group size: a count under it reads "under 5" and has no bar."""
    words = look.words

    def counted(row: CoverageRow) -> str:
        return words.under.format(limit=limit) if row.answered is None else str(row.answered)

    def said(row: CoverageRow) -> str:
        return counted(row) if row.invited is None else words.of.format(part=counted(row), whole=row.invited)

    spec = ChartSpec(
        title=title,
        description=described([f"{row.group}: {said(row)}" for row in rows], look),
        columns=(words.group, words.answered, words.invited),
        rows=tuple(
            (
                Cell(row.group),
                Cell(counted(row)),
                Cell(words.not_invited, absent=True) if row.invited is None else Cell(str(row.invited)),
            )
            for row in rows
        ),
    )

    def draw(width: float) -> str:
        svg = Svg(width, max(46 * len(rows), 40), spec, look, "coverage")
        if not rows:
            svg.lines(0, 20, wrap(words.no_data, width), "t-2")
        for i, row in enumerate(rows):
            y, count = 46 * i, said(row)
            svg.text(0, y + 14, fit(row.group, width - text_width(count) - 12, bold=True), "t-b")
            svg.text(width, y + 14, count, "t-2", "end")
            if row.answered is None:
                svg.missing(0, y + 22, width, 8, WITHHELD, name=row.group)
            elif row.invited is not None:
                share = min(row.answered / row.invited, 1) if row.invited else 0
                svg.rect(0, y + 22, width, 8, "track-bar", 4)
                svg.rect(
                    0, y + 22, width * share, 8, f"fill {'s-warn' if row.thin else 's-now'}", 4, f"{row.group}: {count}"
                )
        return svg.done()

    return both(draw, spec, wide, narrow)
