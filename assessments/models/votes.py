"""What seats say in rounds: votes with their reasons, ideas, link votes. No times, no serial numbers (rule D3)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.activities import Activity, Round
from assessments.models.seats import Seat
from assessments.models.workshops import Breakout


class Vote(models.Model):
    """The latest answer of a seat to one item of a round. `revision` is the phone's clock in ms: the latest wins.

    `value`: a level, a number of dots, a rank, sign × strength (−3…+3), or a guess; `CANT_SAY`: can't say.
    `confidence` 1–5 and `delay` 0–2 where the activity asks for them. `counted`: part of a revealed result.
    `seat` is cut off when an anonymous workshop ends; `breakout` is the group at the time of the vote.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="votes")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="votes")
    breakout = models.ForeignKey(Breakout, null=True, on_delete=models.SET_NULL, related_name="+")
    item = models.CharField(max_length=60)
    value = models.SmallIntegerField()
    confidence = models.SmallIntegerField(null=True)
    delay = models.SmallIntegerField(null=True)
    revision = models.BigIntegerField(default=0)
    counted = models.BooleanField(default=False)
    preview_step = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["round", "seat", "item"], name="vote_once_per_seat_and_item"),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__range=(1, 5)), name="vote_confidence_in_range"
            ),
            models.CheckConstraint(condition=Q(delay=None) | Q(delay__range=(0, 2)), name="vote_delay_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"


class Reason(models.Model):
    """Why somebody voted as they did, stored apart from the vote. `is_shown`: the room or a facilitator has read it."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reasons")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="reasons")
    item = models.CharField(max_length=60)
    text = models.TextField(max_length=1000)
    revision = models.BigIntegerField(default=0)
    is_shown = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [models.UniqueConstraint(fields=["round", "seat", "item"], name="reason_once_per_seat_and_item")]

    def __str__(self) -> str:
        return self.text[:60]


class IdeaCluster(models.Model):
    """Ideas that belong together, as the facilitators sorted them."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="clusters")
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("cluster of ideas")
        verbose_name_plural = _("clusters of ideas")
        ordering = ["activity", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Idea(models.Model):
    """A text that a seat gave to the room: an idea, or a check-in. The phone makes the key, so it can send again.

    `is_shown`: revealed. `order` is drawn at the reveal, so that no list tells who was first. `merged_into`: says the
    same as another one, which stands for both.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="ideas")
    round = models.ForeignKey(Round, null=True, on_delete=models.CASCADE, related_name="ideas")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="ideas")
    breakout = models.ForeignKey(Breakout, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(_("text"), max_length=500)
    cluster = models.ForeignKey(IdeaCluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="ideas")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_ideas"
    )
    is_parked = models.BooleanField(default=False)
    is_shown = models.BooleanField(default=False)
    order = models.IntegerField(default=0)
    revision = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["activity", "order", "key"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("key")), name="idea_not_merged_into_itself")
        ]

    def __str__(self) -> str:
        return self.text[:60]
