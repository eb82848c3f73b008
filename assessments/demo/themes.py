"""A theme that somebody read out of the demo's comments, and that still waits for an answer."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from assessments.models import Comment, Wave
from assessments.selectors.instrument_texts import instrument_text
from assessments.services.themes import name_theme
from ecosystems.models import User

DIMENSION: Final = "ADA"
NAME: Final = "Nobody to reach in the evening and at weekends"
SAY_IT: Final = (
    "The new phone line helps, but at weekends nobody picks up.",
    "Coordinators are stretched. They answer, but in the evening.",
    "The night shift has no number to call.",
)


def name_one(*, wave: Wave, by: User, now: datetime) -> None:
    facets = instrument_text(wave.version).facets.values()
    items = {item for facet in facets if facet.block == DIMENSION for item in facet.items}
    keys = Comment.objects.filter(wave=wave, text__in=SAY_IT).values_list("key", flat=True)
    day = timezone.localdate(now) - timedelta(days=1)
    name_theme(wave=wave, code=DIMENSION, items=items, name=NAME, comments=list(keys), by=by, today=day)
