"""What becomes of workshops that nobody ended, and of what is not kept for long."""

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.enums import Anonymity, WorkshopState
from assessments.join_codes import new_code
from assessments.models import Seat, Workshop
from assessments.services.acts import acted, locked_workshop
from assessments.services.rehearsals import forget
from assessments.services.stage import end_workshop
from ecosystems.services import audit

IDLE: Final = timedelta(hours=12)
SEATS_KEPT: Final = timedelta(days=30)
REHEARSALS_KEPT: Final = timedelta(days=1)


def left_open() -> list[int]:
    """Workshops with open doors in which no facilitator has done anything for long, nor is due to."""
    return sorted(_left_open().values_list("pk", flat=True))


def end_left_open(*, workshop_id: int) -> bool:
    """End such a workshop; where nobody has ever come, close its doors instead. False where it is not left open."""
    with transaction.atomic():
        workshop = locked_workshop(workshop_id)
        if not _left_open().filter(pk=workshop.pk).exists():
            return False
        if workshop.state == WorkshopState.LOBBY and not workshop.seats.exists():
            _close_doors(workshop)
            return True
        workshop.ended_itself = True
        workshop.save(update_fields=["ended_itself"])
        end_workshop(workshop=workshop, by=None)
    return True


def forget_old_seats() -> int:
    """Delete the seats of anonymous workshops that ended long ago; nothing that was said hangs on them any more."""
    long_ago = timezone.now() - SEATS_KEPT
    old = Seat.objects.filter(
        workshop__state=WorkshopState.ENDED,
        workshop__anonymity=Anonymity.ANONYMOUS,
        workshop__is_sealed=True,
        workshop__ended_at__lt=long_ago,
    )
    return old.delete()[1].get("assessments.Seat", 0)


def delete_old_rehearsals() -> int:
    """Delete yesterday's rehearsals with everything in them."""
    old = Workshop.objects.filter(rehearsal_of__isnull=False, created_at__lt=timezone.now() - REHEARSALS_KEPT)
    for rehearsal in (deleted := list(old)):
        forget(rehearsal)
    return len(deleted)


def _left_open() -> "QuerySet[Workshop]":
    since = timezone.now() - IDLE
    return Workshop.objects.filter(
        Q(starts_at=None) | Q(starts_at__lt=since),
        state__in=(WorkshopState.LOBBY, WorkshopState.LIVE),
        active_at__lt=since,
    )


def _close_doors(workshop: Workshop) -> None:
    """Back to preparation, under another code: the old one may have been read out or written down."""
    workshop.state, workshop.opened_at, workshop.is_locked = WorkshopState.DRAFT, None, False
    while True:
        workshop.code = new_code()
        try:
            with transaction.atomic():
                acted(workshop, None, "state", "opened_at", "is_locked", "code")
        except IntegrityError:
            continue
        break
    audit.record(organization=workshop.organization, actor=None, action="workshop.doors-closed", subject=workshop)
