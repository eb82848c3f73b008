"""What influences what in an ecosystem, as its people see it: factors, and votes on the links between them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecosystems.enums import StakeholderGroup
from ecosystems.models.stakeholders import Ecosystem


class Factor(models.Model):
    """Something that can rise or fall; tied to a facet of the instrument or free."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="factors")
    name = models.CharField(_("name"), max_length=80)
    facet = models.CharField(_("facet"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("ecosystem", Lower("name"), name="factor_name_once_per_ecosystem"),
        ]

    def __str__(self) -> str:
        return self.name


class LinkVote(models.Model):
    """One voice on one link: the source raises (+) or lowers (−) the target, how strongly, how late. Names nobody.

    `effect` is sign × strength, −3…+3, 0: no effect. `voice` is random and ties the votes of one person together,
    nothing else. `origin` says where they were given, such as `workshop:12`; `shown_from` is the smallest group there.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="link_votes")
    source = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="votes_out")
    target = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="votes_in")
    effect = models.SmallIntegerField()
    delay = models.SmallIntegerField(null=True)
    group = models.CharField(max_length=12, choices=StakeholderGroup, blank=True)
    voice = models.UUIDField(default=uuid.uuid4)
    origin = models.CharField(max_length=60)
    shown_from = models.PositiveSmallIntegerField(default=5)

    class Meta:
        verbose_name = _("vote on a link")
        verbose_name_plural = _("votes on links")
        constraints = [
            models.UniqueConstraint(fields=["origin", "voice", "source", "target"], name="link_vote_once_per_voice"),
            models.CheckConstraint(condition=Q(effect__range=(-3, 3)), name="link_vote_effect_in_range"),
            models.CheckConstraint(condition=Q(delay=None) | Q(delay__range=(0, 2)), name="link_vote_delay_in_range"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_vote_not_on_itself"),
            models.CheckConstraint(condition=Q(group__in=["", *StakeholderGroup.values]), name="link_vote_group_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.effect:+d}"
