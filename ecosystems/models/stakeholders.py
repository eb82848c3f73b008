"""The ecosystem and its parties."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecosystems.enums import StakeholderGroup
from ecosystems.models.organizations import Organization


class Ecosystem(models.Model):
    """A meta-system: the stakeholders and organizations whose joint outcome is assessed."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="ecosystems")
    slug = models.SlugField(_("address"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("what it is for"), blank=True, max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ecosystem")
        verbose_name_plural = _("ecosystems")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="ecosystem_slug_once_per_organization")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ecosystems:ecosystem", args=[self.organization.slug, self.slug])


class Stakeholder(models.Model):
    """A party of the ecosystem: a person or an organization, in one of the four groups."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="stakeholders")
    group = models.CharField(_("group"), max_length=12, choices=StakeholderGroup)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering = ["group", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "ecosystem", Lower("email"), condition=~Q(email=""), name="stakeholder_email_once_per_ecosystem"
            ),
            models.CheckConstraint(condition=Q(group__in=StakeholderGroup.values), name="stakeholder_group_known"),
        ]

    def __str__(self) -> str:
        return self.name
