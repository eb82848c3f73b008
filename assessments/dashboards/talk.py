"""What to talk about next, in sentences: each with its numbers, a link to them, and questions to start with."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.dashboards.groups import WhoAnswered
from assessments.dashboards.material import Material
from assessments.scoring.results import Difference
from assessments.scoring.talk import Candidate, Topic, talk_about
from ecosystems.numerals import number, signed

FIRST, MOST = 3, 8


@dataclass(frozen=True)
class TalkingPoint:
    """`code`: the dimension or facet that a workshop can take up; '' where it is not about one, or about a leader."""

    title: str
    text: str
    url: str
    link: str
    starters: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Talk:
    """`first` are shown, `more` on demand. `reason` says why there is nothing."""

    first: tuple[TalkingPoint, ...]
    more: tuple[TalkingPoint, ...]
    reason: str


def talk(material: Material, moved: Mapping[str, Difference], who: WhoAnswered) -> Talk:
    """The strongest candidate of each topic first. While a wave is open, only what an open wave may say."""
    found = talk_about(
        material.results,
        rows=material.rows,
        parts=material.parts,
        changes=moved,
        answered=who.answered if not material.results.live and not material.wave.is_imported else (),
    )
    points = [_point(material, one) for one in found[:MOST]]
    reason = "" if points else _reason(material)
    return Talk(first=tuple(points[:FIRST]), more=tuple(points[FIRST:]), reason=reason)


def _reason(material: Material) -> str:
    if not any(material.cell(row).shown for row in material.rows):
        return _("Comes with the first scores.")
    return _("No gap, drop or difference between groups is clear of chance. Talk about what is lowest, and why.")


def _point(material: Material, one: Candidate) -> TalkingPoint:
    name, group = material.name(one.code), material.labels.get(one.group, one.group)
    interval = ""
    if one.low is not None and one.high is not None:
        ends = sorted((abs(one.low), abs(one.high)))
        interval = _("%(low)s to %(high)s") % {"low": number(ends[0]), "high": number(ends[1])}
    values: Values = {
        "name": name,
        "group": group,
        "points": number(abs(one.value)),
        "interval": interval,
        "who": material.own_label if material.is_360 else _("Leaders"),
        "n": one.n,
        "score": number(one.score) if one.score is not None else "",
    }
    title, text, url, link = {
        Topic.GAP: _gap,
        Topic.WEAKEST: _weakest,
        Topic.DROP: _drop,
        Topic.DISAGREEMENT: _disagreement,
        Topic.COVERAGE: _coverage,
    }[one.topic](material, one, values)
    known = not material.is_360 and (one.code in material.text.facets or one.code in material.text.blocks)
    return TalkingPoint(title, text, url, link, _starters(material, one), one.code if known else "")


Words = tuple[str, str, str, str]
Values = dict[str, object]


def _gap(material: Material, one: Candidate, values: Values) -> Words:
    title = (
        _("%(who)s: %(name)s %(points)s points higher than everyone else sees it")
        if one.value > 0
        else _("%(who)s: %(name)s %(points)s points lower than everyone else sees it")
    )
    return title % values, _("A clear gap (%(interval)s).") % values, "#gap", _("See the gap")


def _weakest(material: Material, one: Candidate, values: Values) -> Words:
    title = (
        _("%(group)s are the weakest group wherever groups can be compared")
        if one.everywhere
        else _("%(group)s score lowest in %(name)s")
    )
    text = _("%(score)s in %(name)s, %(points)s points below the others (%(interval)s), n %(n)s.")
    return title % values, text % values, "#groups", _("See the groups")


def _drop(material: Material, one: Candidate, values: Values) -> Words:
    values = {**values, "wave": material.before.wave.title if material.before else "", "change": signed(one.value)}
    title = _("%(name)s fell by %(points)s points") if one.value < 0 else _("%(name)s grew by %(points)s points")
    text = _("A clear change since %(wave)s (%(interval)s).")
    return title % values, text % values, material.url(one.code), _("See what it is made of")


def _disagreement(material: Material, one: Candidate, values: Values) -> Words:
    values = {**values, "agreement": number(one.value, 2)}
    title = _("%(group)s do not agree on %(name)s")
    text = _("Agreement is weak (r_WG %(agreement)s, n %(n)s): the mean hides different experiences.")
    return title % values, text % values, material.url(one.code), _("See how they answered")


def _coverage(material: Material, one: Candidate, values: Values) -> Words:
    values = {**values, "share": number(100 * one.value)}
    title = _("Only %(share)s %% of %(group)s answered")
    text = _("%(n)s answers. Ask who is missing before reading their score.")
    return title % values, text % values, "#who", _("See who answered")


def _starters(material: Material, one: Candidate) -> tuple[str, ...]:
    """Questions of the instrument on this facet; for a dimension, those of its lowest facet."""
    facet = material.text.facets.get(one.code)
    if facet is None:
        parts = [part for part in material.parts if part.parent == one.code]
        shown = [part for part in parts if material.cell(part).value is not None] or parts
        lowest = min(shown, key=lambda part: material.cell(part).value or 0.0, default=None)
        facet = material.text.facets.get(lowest.code) if lowest else None
    return facet.starters[:2] if facet else ()
