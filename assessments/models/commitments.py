"""What somebody promised to do, and the score it should move."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import CommitmentState
from assessments.models.activities import Activity
from assessments.models.seats import Seat
from assessments.models.workshops import Workshop
from ecosystems.models import Ecosystem, Organization, Stakeholder


class Commitment(models.Model):
    """An action with an owner, a date and the facet it is expected to move. A phone makes the key of its proposals.

    A commitment carries a name by nature, in anonymous workshops too; the form says so.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="commitments")
    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="commitments")
    workshop = models.ForeignKey(Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments")
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments")
    text = models.CharField(_("what will be done"), max_length=300)
    owner_name = models.CharField(_("who"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    stakeholder = models.ForeignKey(
        Stakeholder, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    due_on = models.DateField(_("until"), null=True, blank=True)
    facet = models.CharField(_("score it should move"), max_length=60, blank=True)
    """Code of a facet or dimension of the instrument."""
    state = models.CharField(max_length=8, choices=CommitmentState, default=CommitmentState.OPEN)
    closing_note = models.CharField(_("why"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CommitmentState.values), name="commitment_state_known"),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(closing_note=""), name="commitment_dropped_says_why"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="commitment_by_state")]

    def __str__(self) -> str:
        return self.text[:60]
