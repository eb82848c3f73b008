"""What influences what in an ecosystem, as its people see it: factors, links as drawn, and votes on links."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecosystems.enums import StakeholderGroup
from ecosystems.models.stakeholders import Ecosystem


class CausalMap(models.Model):
    """An ecosystem's map, made by its first edit. `revision` grows with every edit, and open editors follow it."""

    ecosystem = models.OneToOneField(Ecosystem, on_delete=models.CASCADE, related_name="causal_map")
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("causal map")
        verbose_name_plural = _("causal maps")

    def __str__(self) -> str:
        return str(self.ecosystem)


class Factor(models.Model):
    """Something that can rise or fall; tied to a facet of the instrument, to an evidence indicator, or free.

    `x` and `y` are where its editors put its middle, in units of the drawing; none until it has been laid out. Off the
    map its votes are kept, so that it can come back.
    """

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="factors")
    name = models.CharField(_("name"), max_length=80)
    facet = models.CharField(_("facet"), max_length=60, blank=True)
    """Code of a facet or dimension of the instrument."""
    indicator = models.CharField(_("evidence indicator"), max_length=60, blank=True)
    x = models.FloatField(null=True, editable=False)
    y = models.FloatField(null=True, editable=False)
    on_map = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("ecosystem", Lower("name"), name="factor_name_once_per_ecosystem"),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__isnull=False, y__isnull=False), name="factor_placed_in_both_ways"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DrawnLink(models.Model):
    """A link as an editor drew it: more of the source raises (+1) or lowers (−1) the target, how strongly, how late.

    A second one of the opposite sign may stand beside it: both are opinions, and the link is ambiguous (rule L1).
    """

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="drawn_links")
    source = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="links_in")
    sign = models.SmallIntegerField(_("direction"))
    strength = models.PositiveSmallIntegerField(_("strength"), default=2)
    delay = models.PositiveSmallIntegerField(_("delay"), default=0)

    class Meta:
        verbose_name = _("drawn link")
        verbose_name_plural = _("drawn links")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "sign"], name="drawn_link_once_per_sign"),
            models.CheckConstraint(condition=Q(sign__in=[-1, 1]), name="drawn_link_raises_or_lowers"),
            models.CheckConstraint(condition=Q(strength__range=(1, 3)), name="drawn_link_strength_in_range"),
            models.CheckConstraint(condition=Q(delay__range=(0, 2)), name="drawn_link_delay_in_range"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="drawn_link_not_on_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.sign * self.strength:+d}"


class LoopName(models.Model):
    """What people call a loop. `members` are the keys of its factors in the order of influence, `3>7>9`."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="loop_names")
    members = models.CharField(max_length=400, editable=False)
    name = models.CharField(_("name"), max_length=80)
    note = models.CharField(_("what it does"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("name of a loop")
        verbose_name_plural = _("names of loops")
        constraints = [models.UniqueConstraint(fields=["ecosystem", "members"], name="loop_named_once")]

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
