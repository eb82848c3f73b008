"""Leadership as leaders see themselves, beside the five dimensions; in a 360° it is the page itself."""

from dataclasses import dataclass

from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.results import Cell, Score


@dataclass(frozen=True)
class LeadershipRow:
    """A block or one of its constructs; `own` is the leaders' own view."""

    code: str
    name: str
    url: str
    own: Cell
    others: Cell
    reason: str
    lower_is_better: bool
    parts: tuple["LeadershipRow", ...] = ()


@dataclass(frozen=True)
class Leadership:
    rows: tuple[LeadershipRow, ...]
    has_others: bool


def leadership(material: Material) -> Leadership | None:
    """Blocks with their constructs, after closing; None where leadership was not asked, or is the page itself."""
    if material.of_leadership or material.results.live:
        return None
    rows = tuple(
        _row(
            material,
            block,
            tuple(_row(material, part) for part in material.results.constructs if part.parent == block.code),
        )
        for block in material.results.blocks
        if block.own.shown or block.own.withheld or block.overall.shown or block.overall.withheld
    )
    return Leadership(rows, any(row.others.shown or row.others.withheld for row in rows)) if rows else None


def _row(material: Material, score: Score, parts: tuple[LeadershipRow, ...] = ()) -> LeadershipRow:
    return LeadershipRow(
        code=score.code,
        name=material.name(score.code),
        url=material.url(score.code),
        own=score.own,
        others=score.overall,
        reason=reason_words(score.own.reason) if not score.own.shown else "",
        lower_is_better=score.barrier,
        parts=parts,
    )
