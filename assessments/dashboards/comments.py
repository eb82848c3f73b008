"""What people wrote beside a score. Comments are said apart from answers, and never while a wave is open."""

from dataclasses import dataclass
from typing import Literal

from django.core.paginator import Page, Paginator

from assessments.dashboards.material import Material
from assessments.enums import WaveState
from assessments.scoring.results import Score
from assessments.selectors.results import remarks_of

ON_A_PAGE = 25


@dataclass(frozen=True)
class Comments:
    """`page`: (group's name or '', text). `least`: from how many comments on they are shown."""

    state: Literal["open", "few", "shown"]
    least: int
    page: "Page[tuple[str, str]] | None"


def comments(material: Material, row: Score, items: tuple[str, ...], *, page: str = "") -> Comments:
    """The comments on a score's questions, shuffled; groups are named on single facets only (see `remarks_of`)."""
    wave, results = material.wave, material.results
    least = wave.comment_min_group_size
    if wave.state != WaveState.CLOSED or results.live:
        return Comments("open", least, None)
    if results.n < least:  # a few people can write many comments
        return Comments("few", least, None)
    single = row.level in ("facet", "construct")
    named = {group.key: group.n for group in results.groups} if single else {}
    texts = remarks_of(wave=wave, items=items, answered=named).texts
    if not texts:
        return Comments("few", least, None)
    return Comments("shown", least, Paginator(texts, ON_A_PAGE).get_page(page))
