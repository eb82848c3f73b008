"""Something to talk about from the results of a wave, as steps of a workshop; no number of the wave goes along."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import ActivityKind
from assessments.models import Activity, Wave, Workshop
from assessments.models.activity_plans import Item, RatePlan, TalkPlan
from assessments.selectors.asked_items import Chapter, Named, chapters_of
from assessments.services.agenda import add_activity
from assessments.services.workshops import WorkshopProblem, change_workshop, create_workshop
from ecosystems.models import User

RATE_MINUTES, TALK_MINUTES = 6, 12
MOST_QUESTIONS: Final = 3


def talked_about(wave: Wave, code: str) -> Named | None:
    """The dimension, block or facet of the wave's instrument with this code."""
    for chapter in chapters_of(wave.version):
        if chapter.code == code:
            starters = tuple(facet.starters[0] for facet in chapter.facets if facet.starters)
            return Named(code, chapter.name, "", starters, is_dimension=chapter.is_dimension)
        for facet in chapter.facets:
            if facet.code == code:
                return facet
    return None


@transaction.atomic
def add_talking_point(
    *,
    wave: Wave,
    code: str,
    rate: bool,
    by: User | None,
    workshop: Workshop | None = None,
    title: str = "",
    theme: str = "",
) -> Workshop:
    """Add steps about a dimension or facet to a workshop, or to a new one with this title; `rate`: a vote comes first.

    `theme`: the name of what comments on it say, about which the room then talks; no comment goes along.
    Raises WorkshopProblem where the code is unknown, or the workshop is over or about another wave.
    """
    about = talked_about(wave, code)
    if about is None:
        raise WorkshopProblem(_("This is not a part of the wave’s questions."))
    if workshop is None:
        workshop = create_workshop(ecosystem=wave.assessment.ecosystem, title=title, wave=wave, by=by)
    elif workshop.wave_id is None:
        workshop = change_workshop(workshop=workshop, wave=wave, by=by)
    elif workshop.wave_id != wave.pk:
        raise WorkshopProblem(_("This workshop talks about another wave. Choose another workshop."))
    if rate:
        add_activity(
            workshop=workshop,
            kind=ActivityKind.RATE,
            title=_("%(name)s: how do we see it?") % {"name": about.name[:90]},
            plan=RatePlan(items=_questions(wave, about)),
            prompt=_("Think of the last months, and answer for yourself. Nobody sees a result before the reveal."),
            minutes=RATE_MINUTES,
            notes=_("Hear both ends before the middle. Ask for an event, not for an opinion."),
            by=by,
        )
    _talk(workshop, about, theme, by)
    return workshop


def _talk(workshop: Workshop, about: Named, theme: str, by: User | None) -> Activity:
    seen = _("What have you seen of it that the others may not have?")
    first, *others = (seen, *about.starters) if theme else about.starters or (seen,)
    return add_activity(
        workshop=workshop,
        kind=ActivityKind.TALK,
        title=(theme or about.name)[:120],
        plan=TalkPlan(code=about.code),
        prompt=first[:1000],
        minutes=TALK_MINUTES,
        notes="\n".join(others)[:4000],
        by=by,
    )


def _questions(wave: Wave, about: Named) -> tuple[Item, ...]:
    """Those made for a room, else the first ones of the questionnaire."""
    chapters: tuple[Chapter, ...] = chapters_of(wave.version)
    found = [
        question
        for chapter in chapters
        for question in chapter.questions
        if about.code in (chapter.code, question.item.facet)
    ]
    room = [question.item for question in found if question.is_room]
    return tuple(room or [question.item for question in found])[:MOST_QUESTIONS]
