"""Which groups a wave can ask, and with which form: what an instrument offers, and the usual choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.enums import About, GroupKind
from assessments.models import Assessment, InstrumentVersion
from assessments.selectors.questionnaires import choices_of
from ecosystems.enums import StakeholderGroup

OF_ONE_LEADER = ("self", "others")
USUAL_FORMS: Mapping[str, tuple[str, ...]] = {"leaders": ("full",), "self": ("full",), "others": ("full",)}
USUAL_STAKEHOLDER_FORMS = ("stakeholder",)
KINDS = {"leaders": GroupKind.LEADERS, "self": GroupKind.SELF, "others": GroupKind.OTHERS}


@dataclass(frozen=True)
class FormOffer:
    """A form as one audience gets it."""

    form: str
    title: str
    questions: int
    minutes: int


@dataclass(frozen=True)
class GroupOffer:
    """A group that can be asked; `usual` is the form it gets unless somebody chooses another."""

    key: str
    label: str
    kind: GroupKind
    forms: tuple[FormOffer, ...]
    usual: str


def offers_of(*, assessment: Assessment, version: InstrumentVersion) -> tuple[GroupOffer, ...]:
    """The groups that this version has questions for; a 360° asks the leader and others, a system wave all but them.

    An instrument without audiences for a leader and others offers a 360° what it has.
    """
    forms: dict[str, list[FormOffer]] = {}
    labels: dict[str, str] = {}
    for choice in choices_of(version):
        for audience in choice.audiences:
            offer = FormOffer(choice.code, choice.title, audience.questions, audience.minutes)
            forms.setdefault(audience.code, []).append(offer)
            labels[audience.code] = audience.label
    one_leader = assessment.about == About.LEADER
    if set(OF_ONE_LEADER) & set(forms):
        forms = {code: found for code, found in forms.items() if (code in OF_ONE_LEADER) == one_leader}
    return tuple(
        GroupOffer(
            key=code,
            label=group_label(code, labels[code], leader=assessment.leader.name if assessment.leader else ""),
            kind=KINDS.get(code, GroupKind.STAKEHOLDER),
            forms=tuple(found),
            usual=_usual(code, found),
        )
        for code, found in sorted(forms.items(), key=lambda entry: _place(entry[0]))
    )


def group_label(code: str, description: str, *, leader: str = "") -> str:
    """A short name: "Customers", "Leaders", "Marta Lindqvist", "People who work with Marta Lindqvist"."""
    if code in StakeholderGroup.values:
        return str(StakeholderGroup(code).label)
    if code == "leaders":
        return _("Leaders")
    if leader and code == "self":
        return leader
    if leader and code == "others":
        return (_("People who work with %(leader)s") % {"leader": leader})[:120]
    return description[:120]


def _usual(code: str, found: Iterable[FormOffer]) -> str:
    usual = USUAL_FORMS.get(code, USUAL_STAKEHOLDER_FORMS)
    codes = [offer.form for offer in found]
    return next((form for form in usual if form in codes), codes[0])


def _place(code: str) -> int:
    known = (*StakeholderGroup.values, "leaders", "self", "others")
    return known.index(code) if code in known else len(known)
