"""How people answered, question by question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.charts.likert import LikertRow, Shares, likert
from assessments.charts.spec import WITHHELD, Chart, Missing
from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.absent import Reason
from assessments.scoring.results import ItemResult
from assessments.selectors.item_words import ItemWords, item_words


@dataclass(frozen=True)
class Answers:
    """The questions of one dimension. `tabs`: (code, mark, name, address, chosen)."""

    code: str
    title: str
    sub: str
    charts: tuple[Chart, ...]
    tabs: tuple[tuple[str, str, str, str, bool], ...]


def answers(material: Material, *, chosen: str = "") -> Answers | None:
    """Shares of each question of a dimension, of the lowest unless another one is chosen; None before closing."""
    if material.results.live or not material.results.items:
        return None
    codes = [row.code for row in material.rows]
    if not codes:
        return None
    if chosen not in codes:
        shown = [(cell.value, row.code) for row in material.rows if (cell := material.cell(row)).value is not None]
        chosen = min(shown)[1] if shown else codes[0]
    facets = {part.code for part in material.parts if part.parent == chosen}
    items = [item for item in material.results.items if item.facet in facets and item.reason is not Reason.NOT_ASKED]
    name, address = material.name(chosen), material.results_url
    return Answers(
        code=chosen,
        title=_("How people answered on %(name)s") % {"name": name},
        sub=_sub(items),
        charts=item_charts(material, items, title=_("How people answered on %(name)s") % {"name": name}),
        tabs=tuple(
            (
                code,
                material.mark(code),
                material.name(code),
                f"{address}?items={code}#answers",
                code == chosen,
            )
            for code in codes
        ),
    )


def _sub(items: list[ItemResult]) -> str:
    counts = [item.n for item in items if item.n is not None]
    if not counts:
        return ""
    values = {"items": len(items), "low": min(counts), "high": max(counts)}
    if values["low"] == values["high"]:
        return _("%(items)d questions, %(low)d ratings each.") % values
    return _("%(items)d questions, %(low)d to %(high)d ratings each.") % values


def item_charts(material: Material, items: Iterable[ItemResult], *, title: str) -> tuple[Chart, ...]:
    """One drawing for each set of answers to choose from, since bars of different scales cannot be compared."""
    words = item_words(material.wave.version)
    by_scale: dict[tuple[str, ...], list[LikertRow]] = {}
    for item in items:
        known = words.get(item.code)
        levels = known.levels if known and len(known.levels) == len(item.levels) else tuple(map(str, item.levels))
        by_scale.setdefault(levels, []).append(LikertRow(item_label(item.code, words), _shares(item)))
    return tuple(
        likert(rows, levels, title=title, wide=800, look=material.look)
        for levels, rows in by_scale.items()
        if len(levels) > 1
    )


def item_label(code: str, words: Mapping[str, ItemWords]) -> str:
    """The question, and that low answers are the good ones where it is asked the other way round."""
    known = words.get(code)
    if known is None:
        return code
    return _("Turned round: %(text)s") % {"text": known.text} if known.reverse else known.text


def _shares(item: ItemResult) -> Shares | Missing:
    if item.withheld:
        return WITHHELD
    if item.counts is None or item.n is None:
        return Missing(reason_words(item.reason))
    everybody = item.n + (item.cant_say or 0)
    return Shares(
        levels=tuple(100 * count / item.n if item.n else 0.0 for count in item.counts),
        cant_say=100 * (item.cant_say or 0) / everybody if everybody else 0.0,
        n=item.n,
    )
