"""What a link opens: whose draft, of which wave, and the pages of the questionnaire with the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments import links
from assessments.enums import About, GroupKind, InvitationStatus, WaveState
from assessments.links import LinkKind, MistypedLink
from assessments.models import Draft, DraftAnswer, InstrumentVersion, Invitation, Wave, WaveGroup
from assessments.models.asked_links import read_links
from assessments.selectors.asked_links import link_questions, with_links
from assessments.selectors.questionnaires import Question, Questionnaire, Section, minutes_for, questionnaire

PATH_OF_GROUP = "wave__assessment__ecosystem__organization", "wave__assessment__leader", "wave__version"


class LinkGone(LookupError):
    """A genuine link whose wave, person or draft has been deleted."""

    def __init__(self) -> None:
        super().__init__(_("What this link led to has been deleted."))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a draft holds for one item. `value` is raw, CANT_SAY or None."""

    value: int | None = None
    comment: str = ""
    revision: int = 0
    comment_revision: int = 0


NOTHING = Answered()


@dataclass(frozen=True)
class Visit:
    """Somebody who came by a genuine link. `draft` is None until they press Start."""

    token: str
    group: WaveGroup
    invitation: Invitation | None
    draft: Draft | None

    @property
    def wave(self) -> Wave:
        return self.group.wave

    @property
    def is_submitted(self) -> bool:
        if self.draft is not None and self.draft.is_submitted:
            return True
        return self.invitation is not None and self.invitation.status == InvitationStatus.SUBMITTED

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return questionnaire_of(self.group)


@dataclass(frozen=True, slots=True)
class Target:
    """Where answers of a link go, as lean as saving needs it."""

    draft: UUID
    is_submitted: bool
    form: str
    audience: str
    wave: int
    state: str
    privacy_frozen: bool
    version: int
    invitation: int | None
    status: str | None
    map_links: list[list[Any]]

    @property
    def is_open(self) -> bool:
        return self.state == WaveState.OPEN

    @property
    def needs_only_the_draft(self) -> bool:
        """Neither the wave nor the person has to be marked by the next answer."""
        return self.privacy_frozen and self.status != InvitationStatus.INVITED

    @property
    def questions(self) -> Mapping[str, Question]:
        asked = _questions(self.version, self.form, self.audience)
        if not self.map_links:
            return asked
        about_links = link_questions(read_links(self.map_links), after=0)
        return {**asked, **{one.code: one for question in about_links for one in (question, question.late) if one}}


@dataclass(frozen=True, slots=True)
class Step:
    """A question with what has been answered; `number` of the section that holds it. `late` belongs to it."""

    question: Question
    answered: Answered
    section: int
    late: "Step | None" = None

    @property
    def is_blank(self) -> bool:
        return self.answered.value is None


@dataclass(frozen=True)
class SectionPage:
    """One page of questions. `number` counts from 1; `minutes_left` covers this section and those after it."""

    questionnaire: Questionnaire
    section: Section
    number: int
    steps: tuple[Step, ...]
    minutes_left: int

    @property
    def is_last(self) -> bool:
        return self.number == len(self.questionnaire.sections)


@dataclass(frozen=True)
class ReviewPage:
    """How far somebody is, section by section."""

    questionnaire: Questionnaire
    sections: tuple[tuple[Section, tuple[Step, ...]], ...]

    @cached_property
    def unanswered(self) -> tuple[Step, ...]:
        return tuple(step for _section, steps in self.sections for step in steps if step.is_blank)

    @property
    def answered(self) -> int:
        return len(self.questionnaire.questions) - len(self.unanswered)


def find_visit(token: str) -> Visit:
    """Who comes by this token. Raises MistypedLink (never given out) and LinkGone (deleted since). One query."""
    link = links.read_link(token)
    if link.kind is LinkKind.INVITATION:
        invitation = (
            Invitation.objects.filter(key=link.key)
            .select_related("draft", *(f"group__{path}" for path in PATH_OF_GROUP))
            .defer("group__wave__version__definition")
            .first()
        )
        if invitation is None:
            raise LinkGone
        return Visit(token, invitation.group, invitation, getattr(invitation, "draft", None))
    if link.kind is LinkKind.DRAFT:
        draft = (
            Draft.objects.filter(pk=link.key, invitation=None)
            .select_related(*(f"group__{path}" for path in PATH_OF_GROUP))
            .defer("group__wave__version__definition")
            .first()
        )
        if draft is None:
            raise LinkGone
        return Visit(token, draft.group, None, draft)
    raise MistypedLink


def find_group(public_key: str) -> WaveGroup | None:
    """The group with this public link, if it is switched on. One query."""
    if "\x00" in public_key:
        return None
    return (
        WaveGroup.objects.filter(public_key=public_key, public_link_on=True)
        .select_related(*PATH_OF_GROUP)
        .defer("wave__version__definition")
        .first()
    )


def find_target(token: str) -> Target | None:
    """Where a link's answers go; None before Start. Raises MistypedLink, LinkGone. One query."""
    link = links.read_link(token)
    if link.kind is LinkKind.NO_MORE_MAIL:
        raise MistypedLink
    by_invitation = link.kind is LinkKind.INVITATION
    of_link = Q(invitation__key=link.key) if by_invitation else Q(pk=link.key, invitation=None)
    rows = Draft.objects.filter(of_link).values_list(
        "pk",
        "is_submitted",
        "group__form",
        "group__audience",
        "group__wave_id",
        "group__wave__state",
        "group__wave__privacy_frozen",
        "group__wave__version_id",
        "invitation_id",
        "invitation__status",
        "group__wave__map_links",
    )[:1]
    for row in rows:
        return Target(*row)
    if by_invitation and Invitation.objects.filter(key=link.key).exists():
        return None
    raise LinkGone


def questionnaire_of(group: WaveGroup) -> Questionnaire:
    """What a group is asked, in its words, and at the end about links of the causal map."""
    assessment = group.wave.assessment
    asked = questionnaire(
        version=group.wave.version,
        form=group.form,
        audience=group.audience,
        ecosystem_name=assessment.ecosystem.name,
        leader_name=str(assessment.leader) if assessment.about == About.LEADER else "",
    )
    return with_links(asked, group.wave.asked_links)


def answers_of(draft: Draft) -> dict[str, Answered]:
    """What a draft holds, by item code. One query."""
    rows = DraftAnswer.objects.filter(draft=draft)
    return {
        item: Answered(value, comment, revision, comment_revision)
        for item, value, comment, revision, comment_revision in rows.values_list(
            "item", "value", "comment", "revision", "comment_revision"
        )
    }


def section_page(asked: Questionnaire, number: int, answers: Mapping[str, Answered]) -> SectionPage | None:
    """The section with this number, from 1; None where there is none."""
    if not 1 <= number <= len(asked.sections):
        return None
    section = asked.sections[number - 1]
    left = sum(later.length for later in asked.sections[number - 1 :])
    return SectionPage(asked, section, number, _steps(section, number, answers), minutes_for(left))


def review_page(asked: Questionnaire, answers: Mapping[str, Answered]) -> ReviewPage:
    numbered = enumerate(asked.sections, start=1)
    return ReviewPage(asked, tuple((section, _steps(section, number, answers)) for number, section in numbered))


def first_blank_section(asked: Questionnaire, answers: Mapping[str, Answered]) -> int | None:
    """Where to go on: the first section with a question that has no answer; None when all are answered."""
    return next((step.section for step in review_page(asked, answers).unanswered), None)


def is_own_view(group: WaveGroup) -> bool:
    """A leader about themselves: shown as theirs, so nothing may promise anonymity."""
    return group.kind == GroupKind.SELF


def _steps(section: Section, number: int, answers: Mapping[str, Answered]) -> tuple[Step, ...]:
    return tuple(_step(question, number, answers) for question in section.questions)


def _step(question: Question, number: int, answers: Mapping[str, Answered]) -> Step:
    late = _step(question.late, number, answers) if question.late is not None else None
    return Step(question, answers.get(question.code, NOTHING), number, late)


@lru_cache(maxsize=512)
def _questions(version: int, form: str, audience: str) -> Mapping[str, Question]:
    """A wave that takes answers asks a published version, which never changes."""
    asked = questionnaire(
        version=InstrumentVersion.objects.get(pk=version), form=form, audience=audience, ecosystem_name=""
    )
    return asked.by_code
