"""Reading workshops for lists and for the pages on which they are prepared."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.enums import About, ActivityKind, CommitmentState, RoundState, WorkshopState
from assessments.models import Activity, Round, Wave, Workshop
from assessments.permissions import may_run, workshops_run_by
from ecosystems.models import Organization, User
from ecosystems.permissions import Viewer

AROUND_NOW: Final = timedelta(days=14)
MOST_AT_HOME: Final = 4


def visible_workshops(viewer: Viewer) -> "QuerySet[Workshop]":
    """Those that the viewer may know of: all that they run, else what has a date, is on, or is over; no rehearsals."""
    known = Workshop.objects.filter(organization=viewer.organization, rehearsal_of=None)
    if may_run(viewer):
        return known
    announced = ~Q(state=WorkshopState.DRAFT) | Q(starts_at__isnull=False)
    return known.filter(announced | workshops_run_by(viewer))


def coming(viewer: Viewer) -> "QuerySet[Workshop]":
    """Live ones first, then by their start; those without a date last."""
    order = ("-is_live", F("starts_at").asc(nulls_last=True), "-pk")
    return (
        visible_workshops(viewer)
        .exclude(state=WorkshopState.ENDED)
        .annotate(is_live=Q(state__in=(WorkshopState.LOBBY, WorkshopState.LIVE)))
        .order_by(*order)
    )


def past(viewer: Viewer) -> "QuerySet[Workshop]":
    return visible_workshops(viewer).filter(state=WorkshopState.ENDED).order_by("-ended_at", "-pk")


def at_home(viewer: Viewer, *, now: datetime | None = None) -> "QuerySet[Workshop]":
    """What the home page says of workshops: live ones, those of the next and those of the last two weeks; a few."""
    now = now or timezone.now()
    order = ("-is_live", F("starts_at").asc(nulls_last=True), "-ended_at", "-pk")
    return (
        visible_workshops(viewer)
        .select_related("organization")
        .filter(
            Q(state__in=(WorkshopState.LOBBY, WorkshopState.LIVE))
            | Q(state=WorkshopState.DRAFT, starts_at__range=(now, now + AROUND_NOW))
            | Q(state=WorkshopState.ENDED, ended_at__gte=now - AROUND_NOW)
        )
        .annotate(
            is_live=Q(state__in=(WorkshopState.LOBBY, WorkshopState.LIVE)),
            promised=Count("commitments", filter=Q(commitments__state=CommitmentState.OPEN)),
        )
        .order_by(*order)[:MOST_AT_HOME]
    )


def rows_of(workshops: "QuerySet[Workshop]", viewer: Viewer) -> "QuerySet[Workshop]":
    """The same with `steps`, `minutes` and `helped` (the viewer was asked to help), in the same one query."""
    going = Q(activities__is_skipped=False)
    helped = Workshop.co_facilitators.through.objects.filter(user_id=viewer.user.pk).values("workshop_id")
    return workshops.select_related("organization", "ecosystem").annotate(
        steps=Count("activities", filter=going),
        minutes=Coalesce(Sum("activities__minutes", filter=going), 0),
        helped=Q(pk__in=helped),
    )


def agenda_steps(workshop: Workshop) -> list[Activity]:
    """The steps in order, each with the step whose ideas it votes on."""
    return list(workshop.activities.select_related("source").order_by("position", "pk"))


def opened_steps(workshop: Workshop) -> frozenset[int]:
    """Steps of which a round has ever been open."""
    rounds = Round.objects.filter(activity__workshop=workshop).exclude(state=RoundState.PENDING)
    return frozenset(rounds.values_list("activity_id", flat=True))


def idea_steps(workshop: Workshop) -> "QuerySet[Activity]":
    """The steps whose ideas can be voted on."""
    return workshop.activities.filter(kind=ActivityKind.IDEAS).order_by("position", "pk")


def waves_to_talk_about(organization: Organization) -> "QuerySet[Wave]":
    """Waves about the whole system, newest first: what a 360° says stays with its leader."""
    return (
        Wave.objects.filter(assessment__ecosystem__organization=organization, assessment__about=About.SYSTEM)
        .select_related("assessment")
        .order_by("-pk")
    )


def in_preparation_for(wave: Wave, viewer: Viewer) -> "QuerySet[Workshop]":
    """Workshops not over that the viewer runs and that can take a step about this wave."""
    return (
        Workshop.objects.filter(workshops_run_by(viewer), ecosystem=wave.assessment.ecosystem_id, rehearsal_of=None)
        .filter(Q(wave=None) | Q(wave=wave))
        .exclude(state=WorkshopState.ENDED)
        .order_by("-pk")
    )


def people_who_may_help(organization: Organization) -> "QuerySet[User]":
    return User.objects.filter(memberships__organization=organization, is_active=True).order_by("name", "pk")
