"""Questionnaires and their versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystems.models import Organization


class Instrument(models.Model):
    """A questionnaire: an organization's own, or one that comes with the product (no organization)."""

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="instruments"
    )
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], nulls_distinct=False, name="instrument_code_once_per_organization"
            )
        ]

    def __str__(self) -> str:
        return self.name


class InstrumentVersion(models.Model):
    """One state of an instrument. Published means frozen: waves keep the version they asked.

    `definition` is the whole instrument document (the structure of `assessments/data/instrument.yaml`), validated
    before it is saved; `item_codes` fixes the order in which `Response.values` are stored.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    label = models.CharField(_("label"), max_length=40, blank=True)
    definition = models.JSONField(_("definition"))
    item_codes = models.JSONField(_("item codes in order"), default=list)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=0)
    """Counts saved changes of a draft, so that two editors cannot overwrite each other unseen."""

    class Meta:
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        ordering = ["instrument", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="instrument_version_number_once"),
            models.UniqueConstraint(
                fields=["instrument"], condition=Q(published_at=None), name="instrument_one_draft_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, number=None) | Q(published_at__isnull=False, number__isnull=False),
                name="instrument_version_published_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.label or self.number or _('draft')}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None
