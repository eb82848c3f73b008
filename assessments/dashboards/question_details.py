"""The questions behind a score: their words for each audience, how people answered, and their own mean."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.charts.spec import Chart
from assessments.dashboards.answers import item_charts
from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.absent import Reason
from assessments.scoring.results import ItemResult
from assessments.selectors.item_words import ItemWords, item_words
from ecosystems.numerals import number


@dataclass(frozen=True)
class Question:
    """`mean` on 0–100, turned where the question is asked the other way round. `item_rest`: its tie with the others."""

    code: str
    text: str
    scale: str
    wordings: tuple[tuple[str, str], ...]
    reverse: bool
    mean: float | None
    n: int | None
    cant_say: str
    withheld: bool
    reason: str
    item_rest: str
    groups: str


@dataclass(frozen=True)
class Questions:
    rows: tuple[Question, ...]
    charts: tuple[Chart, ...]
    not_asked: int


def questions(material: Material, facets: tuple[str, ...], *, title: str, code: str) -> Questions | None:
    """The questions of these facets, after closing; None before."""
    if material.results.live or not material.results.items:
        return None
    mine = [item for item in material.results.items if item.facet in facets]
    asked = [item for item in mine if item.reason is not Reason.NOT_ASKED]
    words = item_words(material.wave.version)
    ties = next(
        (one.item_rest for one in material.results.reliability if one.code == code and one.population == "headline"), {}
    )
    return Questions(
        rows=tuple(_question(material, item, words.get(item.code), ties.get(item.code)) for item in asked),
        charts=item_charts(material, asked, title=title),
        not_asked=len(mine) - len(asked),
    )


def _question(material: Material, item: ItemResult, words: ItemWords | None, tie: float | None) -> Question:
    everybody = (item.n or 0) + (item.cant_say or 0)
    return Question(
        code=item.code,
        text=words.text if words else item.code,
        scale=_scale(words),
        wordings=words.wordings if words else (),
        reverse=bool(words and words.reverse),
        mean=item.mean,
        n=item.n,
        cant_say=number(100 * item.cant_say / everybody) if item.cant_say is not None and everybody else "",
        withheld=item.withheld,
        reason=reason_words(item.reason),
        item_rest="" if tie is None else number(tie, 2),
        groups=_whose(material, item),
    )


def _whose(material: Material, item: ItemResult) -> str:
    """Whose answers these are, where they are not simply those of all groups."""
    if {group.key for group in material.groups} <= set(item.groups):
        return ""
    return ", ".join(material.labels.get(key, key) for key in item.groups)


def _scale(words: ItemWords | None) -> str:
    if words is None or not words.levels:
        return ""
    ends = _("%(low)s to %(high)s") % {"low": words.levels[0], "high": words.levels[-1]}
    return f"{words.question} {ends}" if words.question else ends
