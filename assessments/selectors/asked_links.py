"""Questions about links of the causal map, which end a wave's questionnaire: the same as on the phones of a room."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.models.asked_links import AskedLink
from assessments.selectors.link_words import delay_words, effect_words
from assessments.selectors.questionnaires import Level, Question, Questionnaire, Section, minutes_for

SECTION: Final = "_links"
MARK: Final = "_link-"
"""No code of an instrument begins so."""
LATE: Final = "-late"
"""How the code ends of what belongs to another question."""


def with_links(asked: Questionnaire, links: Sequence[AskedLink]) -> Questionnaire:
    """The questionnaire with one more section, where links are asked about."""
    if not links:
        return asked
    section = Section(
        code=SECTION,
        title=_("How things influence each other"),
        intro=_("Each question is about one influence. Say what you have seen; a guess is welcome, too."),
        dimension="",
        about="network",
        questions=link_questions(links, after=len(asked.questions)),
    )
    sections = (*asked.sections, section)
    return replace(asked, sections=sections, minutes=minutes_for(sum(one.length for one in sections)))


def link_questions(links: Sequence[AskedLink], *, after: int) -> tuple[Question, ...]:
    """One question a link, numbered on from `after`."""
    effects, delays = effect_words(), delay_words()
    cant_say = _("Can’t say")
    return tuple(
        Question(
            code=effect_code(place),
            number=after + place + 1,
            text=_("Does more of “%(source)s” raise or lower “%(target)s”?")
            % {"source": link.source_name, "target": link.target_name},
            levels=_levels({value: effects[value] for value in sorted(effects) if value != CANT_SAY}),
            cant_say=cant_say,
            facet="",
            scale_question="",
            link=link,
            late=Question(
                code=late_code(place),
                number=after + place + 1,
                text=_("When does it show?"),
                levels=_levels(delays),
                cant_say="",
                facet="",
                scale_question="",
                link=link,
            ),
        )
        for place, link in enumerate(links)
    )


def effect_code(place: int) -> str:
    """Under which item a draft keeps what was said of the link at this place, from 0."""
    return f"{MARK}{place + 1}"


def late_code(place: int) -> str:
    """Likewise, when its effect shows."""
    return f"{effect_code(place)}{LATE}"


def _levels(words: dict[int, str]) -> tuple[Level, ...]:
    return tuple(Level(value=value, label=label[:1].upper() + label[1:], anchor="") for value, label in words.items())
