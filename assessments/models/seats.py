"""Who sits in a workshop, without an account."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.workshops import Breakout, Workshop
from ecosystems.enums import StakeholderGroup


class Seat(models.Model):
    """A phone in the room. The link holds the id and a signature; the table alone gives no working link.

    `join_key` is made by the browser, so that pressing Join twice gives one seat. Only named workshops ask for a name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="seats")
    join_key = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    group = models.CharField(_("group"), max_length=12, choices=StakeholderGroup, blank=True)
    breakout = models.ForeignKey(Breakout, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats")
    is_removed = models.BooleanField(default=False)
    is_counted = models.BooleanField(default=True)
    """False: a facilitator's own phone, which may look but is not asked. Fixed at joining."""
    is_simulated = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    """When the phone was last connected; not when it said anything."""

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "join_key"], name="seat_once_per_join"),
            models.CheckConstraint(condition=Q(group__in=["", *StakeholderGroup.values]), name="seat_group_known"),
        ]
        indexes = [models.Index(fields=["workshop", "seen_at"], name="seat_by_presence")]

    def __str__(self) -> str:
        return self.name or str(self.id)
