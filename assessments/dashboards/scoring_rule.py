"""Which rule turned answers into a score, said in sentences with this score's own numbers put in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.material import Material
from assessments.scoring.blueprint import Blueprint, FacetSpec
from assessments.scoring.results import Score
from assessments.selectors.blueprints import blueprint_of
from ecosystems.numerals import number


@dataclass(frozen=True)
class ScoringRule:
    """`arithmetic`: the last step with the numbers put in; '' where one number is taken as it is."""

    sentences: tuple[str, ...]
    arithmetic: str


def scoring_rule(material: Material, row: Score) -> ScoringRule:
    """From one answer to the score of all groups (rules S1 to S5, D1)."""
    blueprint = blueprint_of(material.wave.version)
    facets = [one for one in blueprint.facets if row.code in (one.code, one.dimension)]
    sentences = [_answers(blueprint, facets), _person(facets)]
    if row.level in ("dimension", "block"):
        sentences.append(_parts(row, facets))
    sentences += [_group(), _headline(material, row), _privacy(material)]
    if row.barrier:
        sentences.append(_("This is a barrier: a higher score is more of it, so lower is better."))
    return ScoringRule(tuple(one for one in sentences if one), _arithmetic(material, row))


def _answers(blueprint: Blueprint, facets: list[FacetSpec]) -> str:
    mine = {one.code for one in facets}
    reverse = sum(item.reverse for item in blueprint.items if item.facet in mine)
    said = _(
        "Each answer becomes a number from 0 to 100: the lowest step of its scale is 0, the highest 100."
        " “Can’t say” and blanks are left out; they never count as 0."
    )
    if not reverse:
        return said
    turned = ngettext(
        "%(n)d question is asked the other way round and is turned first.",
        "%(n)d questions are asked the other way round and are turned first.",
        reverse,
    ) % {"n": reverse}
    return f"{said} {turned}"


def _person(facets: list[FacetSpec]) -> str:
    needs = {one.needs for one in facets}
    if len(needs) != 1:
        return _("A person’s score is the mean of the questions they answered, where they answered enough of them.")
    return _("A person’s score is the mean of the questions they answered, from %(share)s %% of those asked on.") % {
        "share": number(100 * needs.pop())
    }


def _parts(row: Score, facets: list[FacetSpec]) -> str:
    if len(facets) < 2:
        return ""
    if len({one.weight for one in facets}) == 1:
        return _("Its %(n)d parts weigh the same.") % {"n": len(facets)}
    weights = ", ".join(f"{one.code} {one.weight:g}" for one in facets)
    return _("Its parts have weights: %(weights)s.") % {"weights": weights}


def _group() -> str:
    return _(
        "A group’s score is the mean of its people. Its 95 % interval says how far the score could be off"
        " with other people of the same group."
    )


def _headline(material: Material, row: Score) -> str:
    headline = material.results.headline
    if material.cell(row) is row.own and row.own.shown:
        return _("Nobody but leaders was asked this, so the score is their own view.")
    if headline == "pooled":
        return _("The groups are units of one organization, so the score over all is the mean of all their people.")
    if headline == "leaders":
        return _("Leaders alone were asked, so the score is theirs.")
    weights = {group.weight for group in material.results.groups if group.key in row.groups}
    if len(weights) > 1:
        return _("The score over all groups is the mean of the groups’ scores, with the weights below.")
    return _(
        "The score over all groups is the mean of the groups’ scores: each group has one voice, however many"
        " people it has."
    )


def _privacy(material: Material) -> str:
    return _(
        "Groups of fewer than %(k)d are withheld, and sometimes another one with them, so that nobody can find the"
        " number by subtraction."
    ) % {"k": material.results.k}


def _arithmetic(material: Material, row: Score) -> str:
    if material.results.headline != "group means" or row.overall.value is None:
        return ""
    weights = {group.key: group.weight for group in material.results.groups}
    shown = [(weights.get(key, 1.0), cell.value) for key, cell in row.groups.items() if cell.value is not None]
    if len(shown) < 2:
        return ""
    result = number(row.overall.value, 1)
    if len({weight for weight, _value in shown}) == 1:
        terms = " + ".join(number(value, 1) for _weight, value in shown)
        return f"({terms}) / {len(shown)} = {result}"
    terms = " + ".join(f"{weight:g} × {number(value, 1)}" for weight, value in shown)
    return f"({terms}) / {sum(weight for weight, _value in shown):g} = {result}"
