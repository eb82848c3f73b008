"""How well a score was measured, in words: agreement inside groups, reliability, and what was left blank."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.results import AgreementResult, Coverage, GroupAgreement, ReliabilityResult
from ecosystems.numerals import number


@dataclass(frozen=True)
class AgreementRow:
    """Agreement inside one group (rule R4): in words first, r_WG and the usual distance from the mean beside them."""

    group: str
    n: int
    words: str
    figures: str


@dataclass(frozen=True)
class Agreement:
    """`between`: how much the groups differ (rule R3), in words and figures."""

    rows: tuple[AgreementRow, ...]
    between: str
    figures: str


@dataclass(frozen=True)
class Reliability:
    """Whether the questions hang together (rules R1, R2), for one population."""

    of_whom: str
    words: str
    figures: str
    weakest: str


@dataclass(frozen=True)
class Answered:
    """Shares of what was asked, in whole per cent."""

    answered: str
    cant_say: str
    blank: str
    withheld: bool


def agreement(material: Material, code: str) -> Agreement | None:
    """None where nothing about agreement may be said or computed at all."""
    found = next((one for one in material.results.agreement if one.code == code), None)
    if found is None:
        return None
    between, figures = _between(found)
    return Agreement(tuple(_agreement_row(material, one) for one in found.groups), between, figures)


def agreement_words(one: GroupAgreement) -> str:
    """LeBreton & Senter's (2008) names for the sizes of r_WG."""
    if one.out_of_range or (one.rwg is not None and one.rwg < 0):
        return _("further apart than by chance")
    if one.rwg is None:
        return reason_words(one.reason)
    if one.rwg <= 0.3:
        return _("hardly any agreement")
    if one.rwg <= 0.5:
        return _("weak agreement")
    if one.rwg <= 0.7:
        return _("moderate agreement")
    return _("strong agreement") if one.rwg <= 0.9 else _("very strong agreement")


def _agreement_row(material: Material, one: GroupAgreement) -> AgreementRow:
    figures = []
    if one.rwg is not None:
        figures.append(_("r_WG %(value)s") % {"value": number(one.rwg, 2)})
        if one.rwg_skewed is not None:
            figures.append(_("%(value)s against a skewed null") % {"value": number(one.rwg_skewed, 2)})
    if one.ad is not None:
        figures.append(_("on average %(value)s scale steps from the mean") % {"value": number(one.ad, 1)})
    return AgreementRow(
        group=material.labels.get(one.group, one.group), n=one.n, words=agreement_words(one), figures=", ".join(figures)
    )


def _between(found: AgreementResult) -> tuple[str, str]:
    if found.icc1 is None:
        return _("How much the groups differ cannot be said: %(reason)s.") % {"reason": reason_words(found.reason)}, ""
    figures = [_("ICC(1) %(value)s") % {"value": number(found.icc1, 2)}]
    if found.icc2 is not None:
        figures.append(_("ICC(2) %(value)s") % {"value": number(found.icc2, 2)})
    if found.n is not None:
        figures.append(_("n %(n)s") % {"n": found.n})
    if found.icc1 <= 0:
        words = _("Which group a person belongs to says nothing about their answer here.")
    else:
        words = _("Which group a person belongs to goes with %(share)s %% of the differences between people.") % {
            "share": number(100 * found.icc1)
        }
    return words, ", ".join(figures)


def reliability(material: Material, code: str) -> tuple[Reliability, ...]:
    return tuple(_reliability(material, one) for one in material.results.reliability if one.code == code)


def _reliability(material: Material, one: ReliabilityResult) -> Reliability:
    who = _("Leaders’ own view") if one.population == "own" else _("All groups")
    if one.alpha is None:
        words = _("Not computed: %(reason)s.") % {"reason": reason_words(one.reason)}
        return Reliability(who, words, "", "")
    figures = [_("α %(value)s") % {"value": number(one.alpha, 2)}]
    if one.low is not None and one.high is not None:
        figures = [
            _("α %(value)s (%(low)s to %(high)s)")
            % {"value": number(one.alpha, 2), "low": number(one.low, 2), "high": number(one.high, 2)}
        ]
    if one.omega is not None:
        figures.append(_("ω %(value)s") % {"value": number(one.omega, 2)})
    figures.append(_("%(items)d questions, n %(n)s") % {"items": len(one.items), "n": one.n or 0})
    return Reliability(who, _reliability_words(one), ", ".join(figures), _weakest_item(material, one))


def _reliability_words(one: ReliabilityResult) -> str:
    alpha = one.alpha or 0.0
    if (one.keying_error or alpha < 0) and one.high is not None and one.high > 0:
        return _("The questions do not hang together here; with so few answers that can be chance.")
    if one.keying_error or alpha < 0:
        return _("The questions contradict each other: check whether one is keyed the wrong way.")
    if alpha >= 0.9:
        return _("The questions hang together very well.")
    if alpha >= 0.8:
        return _("The questions hang together well.")
    if alpha >= 0.7:
        return _("The questions hang together well enough for a group’s score.")
    return _("The questions hang together loosely: read them one by one too.")


def _weakest_item(material: Material, one: ReliabilityResult) -> str:
    """The question without which the others would hang together better, if there is one."""
    better = [
        (value, item)
        for item, value in one.alpha_if_deleted.items()
        if value is not None and one.alpha is not None and value > one.alpha + 0.01
    ]
    if not better:
        return ""
    value, item = max(better)
    return _("Without “%(item)s” α would be %(value)s.") % {
        "item": material.text.item_texts.get(item, item),
        "value": number(value, 2),
    }


def answered(material: Material, facets: Sequence[str]) -> Answered | None:
    """Of the questions of these facets; None where nothing was asked of the groups that can be shown."""
    found = [material.results.facet_coverage[code] for code in facets if code in material.results.facet_coverage]
    if any(one.withheld for one in found):
        return Answered("", "", "", withheld=True)
    asked = sum(one.asked for one in found)
    if not asked:
        return None
    return Answered(
        answered=_share(found, asked, "answered"),
        cant_say=_share(found, asked, "cant_say"),
        blank=_share(found, asked, "blank"),
        withheld=False,
    )


def _share(found: Sequence[Coverage], asked: int, name: str) -> str:
    return number(100 * sum((getattr(one, name) or 0.0) * one.asked for one in found) / asked)
