"""What somebody promised to do, and the score it should move."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import CommitmentSource, CommitmentState, Progress, ReminderKind
from assessments.models.activities import Activity
from assessments.models.assessments import Wave
from assessments.models.seats import Seat
from assessments.models.signals import Signal
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
    owner_chosen = models.BooleanField(default=False, editable=False)
    """The owner was a member or a stakeholder, not a free name: where neither is there any more, they have left."""
    due_on = models.DateField(_("until"), null=True, blank=True)
    facet = models.CharField(_("score it should move"), max_length=60, blank=True)
    """Code of a facet or dimension of the instrument."""
    expected = models.SmallIntegerField(_("which way"), default=1)
    """+1: the score should rise, −1: it should fall."""
    expected_points = models.PositiveSmallIntegerField(_("by how many points"), null=True, blank=True)
    source = models.CharField(_("comes from"), max_length=8, choices=CommitmentSource, default=CommitmentSource.FREE)
    source_code = models.CharField(max_length=400, blank=True)
    """Code of the score or theme, or the members of the loop."""
    wave = models.ForeignKey(Wave, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments")
    """The wave whose results it answers, if any."""
    signal = models.ForeignKey(Signal, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments")
    state = models.CharField(max_length=8, choices=CommitmentState, default=CommitmentState.OPEN)
    closing_note = models.CharField(_("why"), max_length=300, blank=True)
    closed_on = models.DateField(_("done or dropped on"), null=True, blank=True)
    is_public = models.BooleanField(_("show to everybody who was asked"), default=False)
    """Stands on the page "You said, we did"."""
    heard = models.CharField(_("what people said"), max_length=300, blank=True)
    came_of_it = models.CharField(_("what came of it"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    edition = models.PositiveIntegerField(default=0, editable=False)
    """Grows with every change outside a workshop: a form tells which one its writer saw."""
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
            models.CheckConstraint(condition=Q(expected__in=[-1, 1]), name="commitment_rises_or_falls"),
            models.CheckConstraint(
                condition=Q(expected_points=None) | Q(expected_points__range=(1, 100)),
                name="commitment_points_in_range",
            ),
            models.CheckConstraint(condition=Q(source__in=CommitmentSource.values), name="commitment_source_known"),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="commitment_by_state")]

    def __str__(self) -> str:
        return self.text[:60]


class CommitmentStep(models.Model):
    """A part of a commitment that can be ticked off."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("step"), max_length=200)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("step of a commitment")
        verbose_name_plural = _("steps of commitments")
        ordering = ["commitment", "position", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class CheckIn(models.Model):
    """How a commitment goes, as its owner or a facilitator said on a day."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="check_ins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    progress = models.CharField(_("how it goes"), max_length=8, choices=Progress)
    note = models.CharField(_("note"), max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["commitment", "-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__in=Progress.values), name="check_in_progress_known")
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.progress}"


class CommitmentReminder(models.Model):
    """An e-mail that reminded an owner; each kind once for each day that a commitment was promised for."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=4, choices=ReminderKind)
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempt_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "kind", "due_on"], name="reminder_once_per_day_promised"),
            models.CheckConstraint(condition=Q(kind__in=ReminderKind.values), name="reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.kind}"


class ReminderDay(models.Model):
    """The day on which somebody last got the one message a day that reminds of what they promised.

    `recipient` is made from the address, which cannot be read off it.
    """

    recipient = models.CharField(primary_key=True, max_length=64)
    last_on = models.DateField(default=date.min)

    class Meta:
        verbose_name = _("day of a reminder")
        verbose_name_plural = _("days of reminders")

    def __str__(self) -> str:
        return f"{self.recipient[:8]} {self.last_on}"
