"""What people wrote beside a score. Comments are said apart from answers, and never while a wave is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.core.paginator import Page, Paginator

from assessments.dashboards.material import Material
from assessments.enums import About, WaveState
from assessments.models import Signal
from assessments.scoring.results import Score
from assessments.selectors.results import Remark, remarks_of
from assessments.selectors.themes import Theme, themes_of

ON_A_PAGE = 25


@dataclass(frozen=True)
class ThemeRow:
    """A theme and how many of the comments here say it. `is_chosen`: only those are shown."""

    signal: Signal
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Said:
    """A comment with the names of its themes."""

    remark: Remark
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Comments:
    """`least`: from how many comments on they are shown. `chosen`: the theme whose comments alone are on the page."""

    state: Literal["open", "few", "shown"]
    least: int
    page: "Page[Said] | None"
    themes: tuple[ThemeRow, ...] = ()

    @property
    def chosen(self) -> ThemeRow | None:
        return next((one for one in self.themes if one.is_chosen), None)


def comments(material: Material, row: Score, items: tuple[str, ...], *, page: str = "", wanted: str = "") -> Comments:
    """The comments on a score's questions, shuffled; groups are named on single facets only (see `remarks_of`).

    Themes are told with their comments or not at all: a number of comments that are withheld is withheld with them.
    `wanted`: the key of the theme whose comments alone are shown.
    """
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
    themes = themes_of(wave, row.code) if wave.assessment.about == About.SYSTEM else ()
    chosen = next((one for one in themes if str(one.row.pk) == wanted), None)
    shown: list[Any] = [one for one in texts if chosen is None or one.key in chosen.keys]
    paged = Paginator(shown, ON_A_PAGE).get_page(page)
    paged.object_list = [
        Said(one, tuple(theme.row.title for theme in themes if one.key in theme.keys)) for one in paged.object_list
    ]
    return Comments("shown", least, paged, _rows(themes, texts, chosen.row if chosen else None))


def _rows(themes: Sequence[Theme], texts: Sequence[Remark], chosen: Signal | None) -> tuple[ThemeRow, ...]:
    here = {one.key for one in texts}
    return tuple(ThemeRow(one.row, len(one.keys & here), one.row == chosen) for one in themes)
