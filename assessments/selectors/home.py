"""What the home page tells one viewer: what needs them, first steps, and what happened lately."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assessments.enums import InvitationStatus, WaveState
from assessments.links import invitation_token
from assessments.models import Assessment, Invitation, Wave
from assessments.permissions import may_run, results_seen_by
from assessments.selectors.asked_links import LATE, MARK
from assessments.selectors.fill_in import questionnaire_of
from assessments.selectors.questionnaires import NotAsked
from assessments.selectors.waves import GroupProgress, WaveProgress, days_left, progress_of_waves, visible_waves
from ecosystems.models import Ecosystem
from ecosystems.permissions import Viewer

SOON, WHILE_THERE_IS_TIME = 3, 7
"""Days before closing from which a wave needs whoever runs it; and from which groups that are too small do."""
LATELY = timedelta(days=60)
MOST = 6


@dataclass(frozen=True)
class OwnInvitation:
    """A wave that the viewer is asked in: how far they are, and how long the rest takes."""

    invitation: Invitation
    wave: Wave
    answered: int
    questions: int
    minutes: int
    days_left: int | None
    about_self: bool

    @property
    def url(self) -> str:
        return reverse("assessments:fill-in", args=[invitation_token(self.invitation)])


@dataclass(frozen=True)
class WaveTask:
    """A wave that needs whoever runs it: still to be opened, or about to close with groups too small to show."""

    wave: Wave
    days_left: int | None
    submitted: int
    asked: int
    thin: tuple[GroupProgress, ...]


class NewsKind(StrEnum):
    OPENED = "opened"
    CLOSED = "closed"
    SCORED = "scored"


@dataclass(frozen=True)
class News:
    kind: NewsKind
    at: datetime
    wave: Wave

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class Home:
    own: tuple[OwnInvitation, ...]
    tasks: tuple[WaveTask, ...]
    news: tuple[News, ...]
    ecosystem: Ecosystem | None
    has_stakeholders: bool
    has_waves: bool
    first_draft: Wave | None

    @property
    def needs(self) -> int:
        return len(self.own) + len(self.tasks)


def home_of(viewer: Viewer) -> Home:
    """Everything the home page says, in a fixed number of queries."""
    ecosystem = (
        viewer.organization.ecosystems.annotate(parties=Count("stakeholders")).order_by("-parties", "name").first()
    )
    waves = list(visible_waves(viewer).filter(state__in=(WaveState.DRAFT, WaveState.OPEN)).order_by("closes_on", "pk"))
    tasks = _tasks(waves) if may_run(viewer) else ()
    news = _news(viewer)
    drafts = [wave for wave in waves if wave.state == WaveState.DRAFT]
    return Home(
        own=_own(viewer),
        tasks=tasks[:MOST],
        news=news,
        ecosystem=ecosystem,
        has_stakeholders=bool(ecosystem and ecosystem.parties),
        has_waves=bool(news) or len(drafts) < len(waves),
        first_draft=drafts[0] if drafts else None,
    )


def _own(viewer: Viewer) -> tuple[OwnInvitation, ...]:
    late = Q(draft__answers__item__startswith=MARK, draft__answers__item__endswith=LATE)
    answered = Q(draft__answers__value__isnull=False) & ~late
    unanswered = (InvitationStatus.INVITED, InvitationStatus.STARTED)
    invitations = (
        Invitation.objects.filter(
            user=viewer.user,
            status__in=unanswered,
            group__wave__state=WaveState.OPEN,
            group__wave__assessment__ecosystem__organization=viewer.organization,
        )
        .select_related(
            "group__wave__version__instrument",
            "group__wave__assessment__ecosystem__organization",
            "group__wave__assessment__leader",
        )
        .annotate(answered=Count("draft__answers", filter=answered))
        .order_by("group__wave__closes_on", "pk")[:MOST]
    )
    return tuple(own for own in map(_own_invitation, invitations) if own)


def _own_invitation(invitation: Invitation) -> OwnInvitation | None:
    group, wave = invitation.group, invitation.group.wave
    try:
        asked = questionnaire_of(group)
    except NotAsked:
        return None
    questions = len(asked.questions)
    answered = min(invitation.answered, questions)  # type: ignore[attr-defined]
    rest = max(1, round(asked.minutes * (questions - answered) / questions)) if questions else 1
    return OwnInvitation(
        invitation=invitation,
        wave=wave,
        answered=answered,
        questions=questions,
        minutes=rest,
        days_left=days_left(wave),
        about_self=wave.assessment.leader_id == invitation.user_id,
    )


def _tasks(waves: list[Wave]) -> tuple[WaveTask, ...]:
    progress = progress_of_waves(waves)
    tasks = []
    for wave in waves:
        counts, left = progress[wave.pk], days_left(wave)
        if wave.state == WaveState.DRAFT or _is_pressing(left, counts):
            tasks.append(
                WaveTask(
                    wave=wave,
                    days_left=left,
                    submitted=counts.submitted,
                    asked=sum(group.asked or 0 for group in counts.groups),
                    thin=counts.thin if wave.state == WaveState.OPEN else (),
                )
            )
    return tuple(sorted(tasks, key=lambda task: (task.days_left is None, task.days_left or 0)))


def _is_pressing(left: int | None, counts: WaveProgress) -> bool:
    return left is not None and left <= (WHILE_THERE_IS_TIME if counts.thin else SOON)


def _news(viewer: Viewer) -> tuple[News, ...]:
    """What happened lately to waves that the viewer may know of; that one was scored only if they may see it."""
    since = timezone.now() - LATELY
    waves = (
        visible_waves(viewer)
        .select_related("result")
        .defer("result__results", "version__definition")
        .filter(Q(opened_at__gte=since) | Q(closed_at__gte=since) | Q(result__computed_at__gte=since))
        .order_by("-opened_at", "-pk")[: 3 * MOST]
    )
    seen = set(
        Assessment.objects.filter(results_seen_by(viewer))
        .filter(ecosystem__organization=viewer.organization)
        .values_list("pk", flat=True)
    )
    news = []
    for wave in waves:
        if wave.opened_at and not wave.is_imported:
            news.append(News(NewsKind.OPENED, wave.opened_at, wave))
        if wave.closed_at and not wave.is_imported:
            news.append(News(NewsKind.CLOSED, wave.closed_at, wave))
        result = getattr(wave, "result", None)
        if result and wave.state == WaveState.CLOSED and wave.assessment_id in seen:
            news.append(News(NewsKind.SCORED, result.computed_at, wave))
    recent = [one for one in news if one.at >= since]
    return tuple(sorted(recent, key=lambda one: one.at, reverse=True)[:MOST])
