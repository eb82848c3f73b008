"""The steps of a workshop's agenda and their rounds."""

from collections.abc import Iterable

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import REVEALED, ActivityKind, RoundState
from assessments.models.activity_plans import Plan, read_plan
from assessments.models.workshops import Workshop


class Activity(models.Model):
    """A step of the agenda. `settings` holds what its kind needs, see `activity_plans`; `plan` reads it."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=ActivityKind)
    title = models.CharField(_("title"), max_length=120)
    prompt = models.TextField(_("what the room reads"), max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    notes = models.TextField(_("your private notes"), max_length=4000, blank=True)
    settings = models.JSONField(default=dict)
    by_breakout = models.BooleanField(_("each breakout group by itself, then together"), default=False)
    source = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers", editable=False
    )
    """The activity whose ideas are voted on here."""
    is_skipped = models.BooleanField(default=False, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    looked_back = models.JSONField(null=True, editable=False)
    """What was open of what had been promised, as the room saw it: see `looked_back.LookedBack`."""

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["workshop", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def plan(self) -> Plan:
        """What the kind needs, typed; raises BadPlan where `settings` do not fit."""
        return read_plan(ActivityKind(self.kind), self.settings)

    @property
    def has_rounds(self) -> bool:
        return self.kind != ActivityKind.TALK


def step_numbers(activities: Iterable[Activity]) -> dict[int, int]:
    """How everybody counts the steps of an agenda, by key: from 1, in their order, without those that are skipped."""
    going = (one for one in activities if not one.is_skipped)
    return {one.pk: number for number, one in enumerate(going, 1)}


class Round(models.Model):
    """One vote on an activity. `results` are computed once, at the reveal, hold nothing withheld, and never change.

    The preview (where the workshop has one) lags: `preview_pending` is shown only when as many further votes are in as
    a group must have, so that the difference to what is revealed later is never about a few.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=RoundState, default=RoundState.PENDING)
    closes_at = models.DateTimeField(null=True, blank=True)
    """After this moment of the database's clock no vote is accepted, whatever `state` says."""
    results = models.JSONField(null=True)
    preview_step = models.PositiveIntegerField(default=0)
    preview_pending = models.JSONField(null=True)
    preview_shown = models.JSONField(null=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="round_number_once_per_activity"),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(
                condition=Q(results=None) | Q(state__in=["revealed", "discussed"]), name="round_hidden_until_revealed"
            ),
            models.UniqueConstraint(
                fields=["activity"], condition=Q(state__in=["pending", "open", "closed"]), name="round_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}, {self.number}"

    @property
    def is_revealed(self) -> bool:
        return self.state in REVEALED
