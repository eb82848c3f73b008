"""The page "You said, we did": its settings, and what stands on it."""

from typing import Final

from django.db.models import F, QuerySet
from django.urls import reverse

from assessments.enums import CommitmentState
from assessments.models import Commitment, ReplyPage
from ecosystems.models import Ecosystem

MOST_SHOWN: Final = 200


def reply_page_of(ecosystem: Ecosystem) -> ReplyPage | None:
    return ReplyPage.objects.filter(ecosystem=ecosystem).first()


def reply_page_at(key: str) -> ReplyPage | None:
    """The page behind a public address, while it is on."""
    found = ReplyPage.objects.filter(key=key, is_on=True)
    return found.select_related("ecosystem__organization").first()


def reply_url(ecosystem: Ecosystem) -> str:
    """The public address, '' while nobody may read the page."""
    key = ReplyPage.objects.filter(ecosystem=ecosystem, is_on=True).values_list("key", flat=True).first()
    return reverse("assessments:said-and-done", args=[key]) if key else ""


def offered_commitments(ecosystem: Ecosystem) -> QuerySet[Commitment]:
    """Those that may stand on the page: agreed ones, not in a rehearsal; the latest first."""
    agreed = Commitment.objects.filter(ecosystem=ecosystem, workshop__rehearsal_of=None)
    agreed = agreed.exclude(state=CommitmentState.PROPOSED)
    return agreed.order_by("-created_at", "key")


def shown_commitments(ecosystem: Ecosystem) -> list[Commitment]:
    """What stands on the page: by their day, those without one last; at most 200."""
    shown = offered_commitments(ecosystem).filter(is_public=True).select_related("organization")
    return list(shown.order_by(F("due_on").asc(nulls_last=True), "created_at", "key")[:MOST_SHOWN])
