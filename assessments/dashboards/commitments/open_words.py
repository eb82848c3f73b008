"""How far an open commitment is, in words. Without numpy and the database: streams to phones say it too."""

from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.enums import Progress
from assessments.models.looked_back import Seen

A_YEAR: Final = timedelta(days=300)
"""From which distance on a day is told with its year."""


def open_state(due_on: date | None, progress: str | None, today: date) -> tuple[str, str]:
    """The word on the badge and its kind."""
    if due_on is not None and due_on < today:
        return _("late"), "warn"
    if progress == Progress.STUCK:
        return _("stuck"), "bad"
    if progress == Progress.AT_RISK:
        return _("at risk"), "warn"
    return (_("on track"), "") if progress == Progress.ON_TRACK else (_("open"), "")


def due_words(due_on: date | None, today: date) -> str:
    return _("due %(day)s") % {"day": day_words(due_on, today)} if due_on else _("no day set")


def day_words(day: date, today: date) -> str:
    return date_format(day, "j F Y" if abs(day - today) > A_YEAR else "j F")


def seen_words(seen: Seen, on: date) -> str:
    """`late · due 2 January · Marta`: how the room saw it on that day."""
    state, _badge = open_state(seen.due_on, seen.progress, on)
    return " · ".join(part for part in (state, due_words(seen.due_on, on), seen.owner) if part)
