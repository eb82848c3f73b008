"""Signals: raised by closed waves, talked about in workshops, declined with a reason (rule L5)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import SignalKind, WorkshopState
from assessments.models import Activity, Signal, Wave
from assessments.models.activity_plans import BadPlan, BetPlan, RatePlan, TalkPlan
from assessments.models.signals import THEME_MARK
from assessments.services.drafts import cleaned_comment
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import User
from ecosystems.names import visible
from ecosystems.services import audit

LONGEST_TITLE = 200
LONGEST_CODE = 400
LONGEST_REASON = 300


class SignalProblem(Exception):
    """The message says what to do."""


@transaction.atomic
def decline_signal(*, signal: Signal, why: str, by: User | None, today: date | None = None) -> Signal:
    """Say, with a reason that everybody can read, that nothing will be done about a signal. Raises SignalProblem."""
    why = " ".join(visible(cleaned_comment(why)).split())
    if not why:
        raise SignalProblem(_("Say in a few words why nothing will be done."))
    if len(why) > LONGEST_REASON:
        raise SignalProblem(_("Shorten the reason to %(most)s characters or fewer.") % {"most": LONGEST_REASON})
    signal = _locked(signal)
    signal.declined_on, signal.declined_why = today or timezone.localdate(), why
    signal.save(update_fields=["declined_on", "declined_why"])
    audit.record(organization=signal.ecosystem.organization, actor=by, action="signal.declined", subject=signal)
    return signal


@transaction.atomic
def reopen_signal(*, signal: Signal, by: User | None) -> Signal:
    """Take a refusal back: the signal waits for an answer again."""
    signal = _locked(signal)
    if signal.declined_on is None:
        return signal
    signal.declined_on, signal.declined_why = None, ""
    signal.save(update_fields=["declined_on", "declined_why"])
    audit.record(organization=signal.ecosystem.organization, actor=by, action="signal.reopened", subject=signal)
    return signal


def _locked(signal: Signal) -> Signal:
    """As it is now, about to change. The mark comes first, as in a worker that sums up: else both could wait."""
    mark_summaries_stale(ecosystem_id=signal.ecosystem_id)
    return Signal.objects.select_for_update(of=("self",)).select_related("ecosystem__organization").get(pk=signal.pk)


def raise_signals(*, wave: Wave, kind: SignalKind, found: Iterable[tuple[str, str, str]]) -> None:
    """Note (code, title, dimension) once for the wave; what was noted before keeps its day and what became of it."""
    day = timezone.localdate(wave.closed_at)
    Signal.objects.bulk_create(
        [
            Signal(
                ecosystem_id=wave.assessment.ecosystem_id,
                wave=wave,
                kind=kind,
                code=code,
                title=title[:LONGEST_TITLE],
                dimension=dimension,
                raised_on=day,
            )
            for code, title, dimension in found
            if len(code) <= LONGEST_CODE
        ],
        ignore_conflicts=True,
    )


def note_talks(*, waves: Iterable[Wave], parents: Mapping[int, Mapping[str, str]]) -> None:
    """Give each signal the day on which a workshop about its wave first talked of it.

    A talk about a dimension is one about its facets (`parents`: by wave, code → dimension); a talk about nothing in
    particular, in a workshop about the wave, is one about all of its signals. A theme is talked of once it has a name;
    one that a room said was talked of there.
    """
    pks = [wave.pk for wave in waves]
    held = (
        Activity.objects.filter(
            workshop__wave__in=pks,
            workshop__state=WorkshopState.ENDED,
            workshop__rehearsal_of=None,
            is_skipped=False,
            started_at__isnull=False,
        )
        .select_related("workshop")
        .order_by("workshop__ended_at", "pk")
    )
    talked: dict[tuple[int, str | None], list[date]] = {}
    for activity in held:
        wave, ended = activity.workshop.wave_id, activity.workshop.ended_at
        for code in _codes(activity):
            if wave is not None and ended is not None:
                talked.setdefault((wave, code), []).append(timezone.localdate(ended))
    changed = []
    said_in_rooms = Q(kind=SignalKind.THEME, code__startswith=THEME_MARK)
    for signal in Signal.objects.filter(wave__in=pks).exclude(said_in_rooms):
        about = {None, signal.about, parents.get(signal.wave_id, {}).get(signal.about)}
        days = [day for code in about for day in talked.get((signal.wave_id, code), ())]
        if signal.kind == SignalKind.THEME:
            days = [day for day in days if day >= signal.raised_on]
        first = max(min(days), signal.raised_on) if days else None
        if first is not None and signal.discussed_on != first:
            signal.discussed_on = first
            changed.append(signal)
    Signal.objects.bulk_update(changed, ["discussed_on"])


def _codes(activity: Activity) -> tuple[str | None, ...]:
    """What a step was about; None: the wave as a whole."""
    try:
        plan = activity.plan
    except BadPlan:
        return ()
    if isinstance(plan, TalkPlan):
        return (plan.code or None,)
    if isinstance(plan, RatePlan | BetPlan):
        return tuple(item.facet for item in plan.items if item.facet)
    return ()
