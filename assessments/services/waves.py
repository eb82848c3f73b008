"""A wave's life: opened, closed, opened again, deleted. Every change of state locks the wave first."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import tasks
from assessments.enums import WaveState
from assessments.models import Comment, Draft, Invitation, Response, Wave
from assessments.models.asked_links import AskedLink
from assessments.services import seal
from assessments.services.scores import forget_scores, mark_stale
from assessments.services.wave_link_votes import are_shown, take_back_votes
from assessments.services.wave_maps import forget_map, note_map
from ecosystems.models import Factor, User
from ecosystems.services import audit


class WaveProblem(Exception):
    """Why something cannot be done with a wave, in words for the person who tried."""


class WaveNotOpen(WaveProblem):
    pass


class NotReady(WaveProblem):
    """A wave that cannot open yet; `reasons` say all that is missing."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def locked(wave: Wave) -> Wave:
    """The wave as it is now, locked until the end of the transaction."""
    related = ("assessment__ecosystem__organization", "assessment__instrument", "assessment__leader", "version")
    return Wave.objects.select_for_update(of=("self",), no_key=True).select_related(*related).get(pk=wave.pk)


def today() -> date:
    """The day in `settings.TIME_ZONE`, in which dates of waves are meant."""
    return timezone.localdate()


def usual_title(day: date) -> str:
    """What a wave is called unless somebody names it: the month and year in which it opens."""
    return formatted(day, "F Y")


def not_ready(wave: Wave, *, day: date | None = None) -> tuple[str, ...]:
    """What is missing before the wave can open; empty when it can."""
    reasons = []
    groups = list(wave.groups.all())
    if not groups:
        reasons.append(_("No group is asked. Choose at least one."))
    elif not (any(group.public_link_on for group in groups) or Invitation.objects.filter(group__wave=wave).exists()):
        reasons.append(_("Nobody can answer yet. Add people, or switch on a public link."))
    if wave.version.is_draft:
        reasons.append(_("The questions are not published."))
    if wave.closes_on is None:
        reasons.append(_("The closing day is missing."))
    elif wave.closes_on < (day or today()):
        reasons.append(_("The closing day has passed. Choose a later one."))
    has_mail = Invitation.objects.filter(group__wave=wave).exclude(email="").exists()
    if has_mail and not wave.subject.strip():
        reasons.append(_("The invitation has no subject."))
    if has_mail and "{link}" not in wave.message:
        reasons.append(_("The message must contain {link}, which becomes each person’s own link."))
    reasons += [
        _("“%(link)s” is asked about, but one of the two is not on the causal map any more. Choose the links again.")
        % {"link": link}
        for link in links_off_map(wave)
    ]
    return tuple(reasons)


def links_off_map(wave: Wave) -> list[AskedLink]:
    """Links that the wave asks about, of which a factor has been taken off the map."""
    if not wave.map_links:
        return []
    names = _factor_names(wave)
    return [link for link in wave.asked_links if not {link.source, link.target} <= names.keys()]


def _factor_names(wave: Wave) -> dict[int, str]:
    ends = {end for link in wave.asked_links for end in (link.source, link.target)}
    return dict(Factor.objects.filter(pk__in=ends, on_map=True).values_list("pk", "name"))


@transaction.atomic
def open_wave(*, wave: Wave, by: User | None, now: datetime | None = None) -> Wave:
    """Let people answer; invitations go out after commit. Raises NotReady, WaveProblem."""
    wave, now = locked(wave), now or timezone.now()
    if wave.state != WaveState.DRAFT:
        raise WaveProblem(_("This wave has been opened already."))
    day = timezone.localdate(now)
    if reasons := not_ready(wave, day=day):
        raise NotReady(reasons)
    if wave.opens_on and wave.title == usual_title(wave.opens_on):  # opened in another month than planned
        wave.title = usual_title(day)
    wave.state, wave.opened_at, wave.opens_on = WaveState.OPEN, now, day
    if wave.map_links:  # everybody reads the same words, those of today
        names = _factor_names(wave)
        links = (
            link._replace(source_name=names[link.source], target_name=names[link.target]) for link in wave.asked_links
        )
        wave.map_links = [[*link] for link in links]
    wave.save(update_fields=["title", "state", "opened_at", "opens_on", "map_links"])
    audit.record(organization=wave.assessment.organization, actor=by, action="wave.opened", subject=wave)
    _send_on_commit(wave)
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, now: datetime | None = None) -> Wave:
    """Take no more answers, seal what was said (rule D3), have it scored and its votes counted. Raises WaveNotOpen."""
    wave = locked(wave)
    if wave.state != WaveState.OPEN:
        raise WaveNotOpen(_("This wave is not open."))
    wave.state, wave.closed_at = WaveState.CLOSED, now or timezone.now()
    wave.save(update_fields=["state", "closed_at"])
    seal.shuffle(wave)
    audit.record(organization=wave.assessment.organization, actor=by, action="wave.closed", subject=wave)
    note_map(wave=wave, by=by)
    mark_stale(wave=wave)
    return wave


def why_not_reopen(wave: Wave) -> str:
    """Why a closed wave stays closed; '' if it can be opened again."""
    if wave.state != WaveState.CLOSED:
        return _("This wave is not closed.")
    if wave.is_imported:
        return _("This wave came from a file: nobody can answer it.")
    if wave.results_shown:
        return _("Its results have been seen. New answers could be told from the difference, so it stays closed.")
    if are_shown(wave):
        return _(
            "Its votes on links stand on the causal map. New ones could be told from the difference, "
            "so it stays closed."
        )
    return ""


@transaction.atomic
def reopen_wave(*, wave: Wave, by: User | None, closes_on: date) -> Wave:
    """Take answers again, until nobody has seen results. Raises WaveProblem with the reason otherwise."""
    wave = locked(wave)
    if reason := why_not_reopen(wave):
        raise WaveProblem(reason)
    if closes_on < today():
        raise WaveProblem(_("The closing day must be today or later."))
    wave.state, wave.closed_at, wave.closes_on = WaveState.OPEN, None, closes_on
    wave.save(update_fields=["state", "closed_at", "closes_on"])
    take_back_votes(wave=wave)  # before a summary is marked: whoever edits the map holds it first, too
    forget_map(wave=wave)
    forget_scores(wave=wave)
    audit.record(organization=wave.assessment.organization, actor=by, action="wave.reopened", subject=wave)
    _send_on_commit(wave)
    return wave


def freeze_privacy(*, wave: Wave) -> None:
    """Fix the privacy rules; called with the first answer that is saved. Costs nothing once it is done (rule D1)."""
    if not wave.privacy_frozen:
        Wave.objects.filter(pk=wave.pk, privacy_frozen=False).update(privacy_frozen=True)
        wave.privacy_frozen = True


def close_due_waves(*, day: date | None = None) -> int:
    """Close every open wave whose closing day is over; the closing day itself still counts. Returns how many."""
    due = Wave.objects.filter(state=WaveState.OPEN, closes_on__lt=day or today())
    closed = 0
    for wave in due.order_by("pk"):
        try:
            close_wave(wave=wave, by=None)
            closed += 1
        except WaveNotOpen:  # somebody closed it by hand in the meantime
            continue
    seal.forget_unsubmitted()
    return closed


def has_answers(wave: Wave) -> bool:
    """Somebody has said something: a response, a comment, or a draft that holds answers."""
    return (
        Response.objects.filter(wave=wave).exists()
        or Comment.objects.filter(wave=wave).exists()
        or Draft.objects.filter(group__wave=wave).filter(Q(is_submitted=True) | Q(answers__isnull=False)).exists()
    )


@transaction.atomic
def delete_wave(*, wave: Wave, by: User, typed: str = "") -> None:
    """Delete a wave. One that was opened is deleted only where its title is typed; the caller sees to who may."""
    wave = locked(wave)
    if wave.state != WaveState.DRAFT and typed.strip() != wave.title:
        raise WaveProblem(_("Type the wave’s title exactly as it is: %(title)s") % {"title": wave.title})
    audit.record(
        organization=wave.assessment.organization,
        actor=by,
        action="wave.deleted",
        subject=wave,
        details={"state": wave.state, "responses": wave.responses.count()},
    )
    take_back_votes(wave=wave)
    wave.delete()


def _send_on_commit(wave: Wave) -> None:
    transaction.on_commit(lambda: tasks.wake_mail(wave.pk), robust=True)
