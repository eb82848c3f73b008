"""What a person is asked: a form of an instrument in the wording of their audience."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.models import InstrumentVersion
from assessments.models.asked_links import AskedLink
from assessments.selectors.definitions import (
    WORKSHOP_FORM,
    About,
    Block,
    Definition,
    Item,
    Mark,
    audiences_of,
    blocks_of,
    ordered,
    parts_of,
    wording,
)

SECONDS_PER_QUESTION = 10
"""The slower of the two assumed paces; nobody should find that it took longer than they were told."""
FITS_ON_ONE_PAGE = 7
"""A form of so few questions is one section: a pulse is one page, not five."""
SPEAK_OF_THEMSELVES = ("self", "leaders")


class NotAsked(LookupError):
    """The instrument asks this audience nothing in this form."""


@dataclass(frozen=True, slots=True)
class Level:
    """One answer of a scale, as the person sees it, before any reversal. `label` is the number where it has no word."""

    value: int
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Question:
    """An item in the wording of one audience. `number` counts from 1; `cant_say` is '' where it is not offered.

    `link`: it asks about this link of the causal map, takes no comment, and `late`, when its effect shows, belongs to
    it: a question that is not counted as one of its own.
    """

    code: str
    number: int
    text: str
    levels: tuple[Level, ...]
    cant_say: str
    facet: str
    scale_question: str
    link: AskedLink | None = None
    late: "Question | None" = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions shown on one page."""

    code: str
    title: str
    intro: str
    dimension: Mark
    about: About
    questions: tuple[Question, ...]

    @property
    def asks_about_links(self) -> bool:
        """In the words of the product, whatever language the instrument is in."""
        return any(question.link for question in self.questions)

    @property
    def length(self) -> int:
        """In questions; when an effect shows takes as long to say as what it is."""
        return sum(1 if question.late is None else 2 for question in self.questions)


@dataclass(frozen=True)
class Questionnaire:
    """A form for an audience. `minutes` is a whole number of at least 1."""

    title: str
    form: str
    audience: str
    language: str
    instruction: str
    notes: tuple[str, ...]
    """Whom "this network" and "this leader" mean, and what newcomers do."""
    privacy_note: str
    sections: tuple[Section, ...]
    minutes: int

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """What may be answered, the questions that belong to others too."""
        late = (question.late for question in self.questions if question.late is not None)
        return {question.code: question for question in (*self.questions, *late)}


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    code: str
    label: str
    questions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form that a wave can ask, with the audiences that it has questions for."""

    code: str
    title: str
    note: str
    audiences: tuple[AudienceChoice, ...]


def questionnaire(
    *, version: InstrumentVersion, form: str, audience: str, ecosystem_name: str, leader_name: str = ""
) -> Questionnaire:
    """What this audience is asked. Raises `NotAsked`.

    A published version is read once per process: afterwards its `definition` is not touched, so a caller may defer it.
    """
    prepared = (
        _prepare(version, form, audience) if version.is_draft else _prepare_published(_key(version), form, audience)
    )
    return prepared.named(ecosystem_name, leader_name)


def choices_of(version: InstrumentVersion) -> tuple[FormChoice, ...]:
    """The forms that can be filled in, for setting up a wave. Room questions are not among them."""
    return _choices(version.definition) if version.is_draft else _choices_published(_key(version))


def answer_problem(question: Question | None, value: int | None) -> str | None:
    """Why this answer cannot be taken, or None. `question` is None for an item that is not asked; a blank is fine."""
    if question is None:
        return _("This question is not part of this form.")
    if value is None:
        return None
    if value == CANT_SAY:
        return None if question.cant_say else _("This question has no “can’t say”. Choose one of its answers.")
    if any(level.value == value for level in question.levels):
        return None
    return _("%(value)s is not an answer to this question. Choose %(lo)s to %(hi)s.") % {
        "value": value,
        "lo": question.levels[0].value,
        "hi": question.levels[-1].value,
    }


def minutes_for(questions: int) -> int:
    """Without comments; the nearest whole number, a half counting as one."""
    return max(1, (questions * SECONDS_PER_QUESTION + 30) // 60)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A questionnaire with the places for names still open."""

    questionnaire: Questionnaire
    network_note: str
    leader_note: str
    named_leader_note: str
    too_new: str

    def named(self, ecosystem_name: str, leader_name: str) -> Questionnaire:
        leader_note = self.leader_note
        if leader_name and self.named_leader_note:
            leader_note = self.named_leader_note.replace("{leader}", leader_name)
        notes = (self.network_note.replace("{ecosystem}", ecosystem_name), leader_note, self.too_new)
        return replace(self.questionnaire, notes=tuple(note for note in notes if note))


@dataclass(frozen=True)
class _Key:
    pk: int
    version: InstrumentVersion = field(compare=False, repr=False)


def _key(version: InstrumentVersion) -> _Key:
    return _Key(version.pk, version)


@lru_cache(maxsize=256)
def _prepare_published(key: _Key, form: str, audience: str) -> _Prepared:
    return _prepare(key.version, form, audience)


@lru_cache(maxsize=64)
def _choices_published(key: _Key) -> tuple[FormChoice, ...]:
    return _choices(key.version.definition)


def _prepare(version: InstrumentVersion, form: str, audience: str) -> _Prepared:
    definition: dict[str, Any] = version.definition
    sections = _sections(definition, form, audience)
    if not sections:
        raise NotAsked(
            _("The form “%(form)s” has no questions for “%(audience)s”.") % {"form": form, "audience": audience}
        )
    entry = definition["forms"][form]
    time_frame = definition.get("time_frame", {})
    about = {section.about for section in sections}
    speaks_of_another = "leader" in about and audience not in SPEAK_OF_THEMSELVES
    merged = _on_one_page(sections, form, entry.get("title", ""))
    return _Prepared(
        questionnaire=Questionnaire(
            title=entry.get("title", definition.get("name", "")),
            form=form,
            audience=audience,
            language=definition.get("language", "en"),
            instruction=time_frame.get("instruction", ""),
            notes=(),
            privacy_note=definition.get("privacy_note", ""),
            sections=merged,
            minutes=minutes_for(sum(len(section.questions) for section in merged)),
        ),
        network_note=definition.get("network_note", "") if "network" in about else "",
        leader_note=definition.get("leader_note", "") if speaks_of_another else "",
        named_leader_note=definition.get("named_leader_note", "") if speaks_of_another else "",
        too_new=time_frame.get("too_new", ""),
    )


def _sections(definition: Definition, form: str, audience: str) -> tuple[Section, ...]:
    """One section a block. An audience that answers for two parts gets the first part's blocks first."""
    blocks = blocks_of(definition)
    asked: dict[str, list[tuple[Item, str]]] = {}
    seen: set[str] = set()
    for part in parts_of(definition, form, audience):
        for item in (item for block in blocks for item in block.items):
            if item.code not in seen and item.is_asked(form, part):
                seen.add(item.code)
                asked.setdefault(item.block, []).append((item, part))
    by_code = {block.code: block for block in blocks}
    number = 0
    sections = []
    for code, entries in asked.items():
        numbered = enumerate(entries, start=number + 1)
        questions = tuple(question_in_words(item, part, at) for at, (item, part) in numbered)
        number += len(questions)
        sections.append(_section(by_code[code], audience, questions))
    return tuple(sections)


def _section(block: Block, audience: str, questions: tuple[Question, ...]) -> Section:
    return Section(
        code=block.code,
        title=wording(block.title, audience) or block.name,
        intro=block.intro,
        dimension=block.mark,
        about=block.about,
        questions=questions,
    )


def _on_one_page(sections: tuple[Section, ...], form: str, title: str) -> tuple[Section, ...]:
    questions = tuple(question for section in sections for question in section.questions)
    abouts: set[About] = {section.about for section in sections}
    if len(sections) == 1 or len(questions) > FITS_ON_ONE_PAGE or len(abouts) > 1:
        return sections
    return (Section(code=form, title=title, intro="", dimension="", about=abouts.pop(), questions=questions),)


def question_in_words(item: Item, audience: str, number: int) -> Question:
    """The item as this audience reads it."""
    scale = item.scale
    return Question(
        code=item.code,
        number=number,
        text=wording(item.text, audience),
        levels=tuple(
            Level(value=value, label=scale.labels.get(value, str(value)), anchor=item.anchors.get(value, ""))
            for value in scale.levels
        ),
        cant_say=scale.cant_say,
        facet=item.facet,
        scale_question=scale.question,
    )


def _choices(definition: Definition) -> tuple[FormChoice, ...]:
    choices = []
    for form in ordered(definition, "forms"):
        entry = definition["forms"][form]
        audiences = tuple(_audience_choices(definition, form))
        if form != WORKSHOP_FORM and audiences:
            choices.append(FormChoice(form, entry.get("title", form), entry.get("note", ""), audiences))
    return tuple(choices)


def _audience_choices(definition: Definition, form: str) -> Iterable[AudienceChoice]:
    for code, label in audiences_of(definition).items():
        count = sum(len(section.questions) for section in _sections(definition, form, code))
        if count:
            yield AudienceChoice(code, label, count, minutes_for(count))
