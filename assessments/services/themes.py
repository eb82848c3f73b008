"""Themes: leaders name what several comments say; each is a signal that waits for an answer (rule L5)."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import About, SignalKind, WaveState
from assessments.models import Comment, IdeaCluster, Signal, Wave
from assessments.models.signals import THEME_MARK
from assessments.selectors.instrument_texts import instrument_text
from assessments.services.signals import LONGEST_CODE, SignalProblem
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import User
from ecosystems.names import name_key
from ecosystems.services import audit
from ecosystems.services.map_sheet import clean_name

LONGEST_NAME: Final = 120
MOST_THEMES: Final = 30
"""Of one score; more is no longer a reading."""


@transaction.atomic
def name_theme(
    *,
    wave: Wave,
    code: str,
    items: Collection[str],
    name: str,
    comments: Collection[UUID],
    by: User | None,
    today: date | None = None,
) -> Signal:
    """Raise what these comments on the score say as a signal; under a name that stands, they join those it has.

    `items`: the score's questions, whose comments the namer can read; others are left out. A theme knows its comments
    and nothing else about who wrote them. Raises SignalProblem, with what to do.
    """
    name = clean_name(name)
    if not name:
        raise SignalProblem(_("Give the theme a name: a few words that you would say aloud."))
    if len(name) > LONGEST_NAME:
        raise SignalProblem(_("Shorten the name to %(most)s characters or fewer.") % {"most": LONGEST_NAME})
    if wave.state != WaveState.CLOSED or wave.assessment.about != About.SYSTEM:
        raise SignalProblem(_("Themes are named in the comments of closed waves about the whole system."))
    found = list(Comment.objects.filter(wave=wave, item__in=items, key__in=comments).order_by("key"))
    if not found:
        raise SignalProblem(_("Tick the comments that say it."))
    facet = instrument_text(wave.version).facets.get(code)
    theme, is_new = Signal.objects.get_or_create(
        wave=wave,
        kind=SignalKind.THEME,
        code=f"{code}{THEME_MARK}{name_key(name)}"[:LONGEST_CODE],
        defaults={
            "ecosystem_id": wave.assessment.ecosystem_id,
            "title": name,
            "dimension": facet.block if facet else code,
            "raised_on": today or timezone.localdate(),
        },
    )
    if is_new and Signal.objects.filter(wave=wave, code__startswith=f"{code}{THEME_MARK}").count() > MOST_THEMES:
        raise SignalProblem(_("There are %(most)s themes here. Let some of them say the same.") % {"most": MOST_THEMES})
    theme.comments.add(*found)
    if is_new:
        audit.record(organization=wave.assessment.organization, actor=by, action="theme.named", subject=theme)
        mark_summaries_stale(ecosystem_id=theme.ecosystem_id)
    return theme


@transaction.atomic
def raise_cluster(*, cluster: IdeaCluster, dimension: str = "") -> Signal | None:
    """What a room said and sorted together, as a signal of the wave it followed; raised and talked about on its day.

    The wave is the workshop's, else the last about the whole system that had closed by then; None without one. Said
    again in another room under the same name, it is the signal that stands.
    """
    workshop = cluster.activity.workshop
    ended = workshop.ended_at
    if ended is None or workshop.is_rehearsal:
        return None
    closed = Wave.objects.filter(
        assessment__ecosystem=workshop.ecosystem_id, assessment__about=About.SYSTEM, state=WaveState.CLOSED
    )
    wave = closed.filter(workshops=workshop).first()
    wave = wave or closed.filter(closed_at__lte=ended).order_by("-closed_at", "-pk").first()
    if wave is None:
        return None
    theme, is_new = Signal.objects.get_or_create(
        wave=wave,
        kind=SignalKind.THEME,
        code=f"{THEME_MARK}{name_key(cluster.title)}"[:LONGEST_CODE],
        defaults={
            "ecosystem_id": workshop.ecosystem_id,
            "title": cluster.title,
            "dimension": dimension,
            "raised_on": timezone.localdate(ended),
            "discussed_on": timezone.localdate(ended),
        },
    )
    if is_new:
        mark_summaries_stale(ecosystem_id=workshop.ecosystem_id)
    return theme


@transaction.atomic
def remove_theme(*, theme: Signal, by: User | None) -> None:
    """Take away a theme that was named by mistake. Raises SignalProblem where something was promised for it."""
    mark_summaries_stale(ecosystem_id=theme.ecosystem_id)  # before the theme, as in a worker that sums up
    theme = Signal.objects.select_for_update(of=("self",)).select_related("ecosystem__organization").get(pk=theme.pk)
    if theme.kind != SignalKind.THEME:
        raise SignalProblem(_("Only themes are taken away. Say of other signals why nothing will be done."))
    if theme.commitments.exists():
        raise SignalProblem(_("A commitment answers this theme, so it stays."))
    audit.record(organization=theme.ecosystem.organization, actor=by, action="theme.removed", subject=theme)
    theme.delete()
