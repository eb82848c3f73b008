"""The room's figure beside the wave's own score: two measurements of one thing, shown apart and never mixed."""

from dataclasses import dataclass

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.charts.votes import plain
from assessments.dashboards.values import reason_words
from assessments.models import Wave, Workshop
from assessments.models.activity_plans import Item
from assessments.scoring.results import Score
from assessments.scoring.room.results import RatedItem, RatingResults
from assessments.selectors.asked_in_rooms import asked_in_rooms
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.results import Scored
from ecosystems.numerals import number


@dataclass(frozen=True, slots=True)
class Beside:
    """`score` in words; '' where it is withheld."""

    room: str
    name: str
    wave: str
    score: str
    withheld: bool
    code: str
    wave_id: int


def room_words(rated: RatedItem, results: RatingResults) -> str:
    """`median 6 on 1 to 10`; '' where that is withheld or nobody voted."""
    spread = rated.together.spread
    if rated.together.withheld or spread is None:
        return ""
    names = {"median": plain(spread.median), "low": results.lowest, "high": results.highest}
    return _("median {median} on {low} to {high}").format(**names)


@dataclass(frozen=True, slots=True)
class AlsoAsked:
    """That a workshop asked about it too, in a sentence; `workshop` leads to its minutes."""

    words: str
    workshop: int


def also_asked(wave: Wave, code: str) -> tuple[AlsoAsked, ...]:
    """For the page of one score: figures of rooms, which enter no score."""
    return tuple(
        AlsoAsked(
            _("Also asked in the workshop of {day}: {figure}.").format(
                day=day_of(one.workshop), figure=room_words(one.rated, one.results)
            ),
            one.workshop.pk,
        )
        for one in asked_in_rooms(wave, code)
    )


def day_of(workshop: Workshop) -> str:
    """`14 November 2026`: when it began, else when it is planned to."""
    moment = workshop.started_at or workshop.opened_at or workshop.starts_at
    return formatted(timezone.localtime(moment), "j F Y") if moment else ""


def beside(item: Item, rated: RatedItem, results: RatingResults, wave: Scored | None) -> Beside | None:
    """None where the item is none of the wave's instrument, or the wave says nothing about it."""
    room = room_words(rated, results)
    row = _score(item, wave)
    if not room or wave is None or row is None:
        return None
    text = instrument_text(wave.wave.version)
    found = text.facets.get(row.code) or text.blocks.get(row.code)
    cell = row.overall
    score = ""
    if cell.value is not None:
        score = _("{score} of 100").format(score=number(cell.value))
    elif not cell.withheld:
        score = reason_words(cell.reason)
    return Beside(
        room=room,
        name=found.name if found else row.code,
        wave=wave.wave.title,
        score=score,
        withheld=cell.withheld,
        code=row.code,
        wave_id=wave.wave.pk,
    )


def _score(item: Item, wave: Scored | None) -> Score | None:
    for code in (item.facet, item.dimension) if wave is not None else ():
        if not code or wave is None:
            continue
        try:
            return wave.results.score(code)
        except KeyError:
            continue
    return None
