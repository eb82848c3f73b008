"""Who did what, for the organization's own admins."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystems.models.organizations import Organization


class AuditEvent(models.Model):
    """One recorded act of an account. Never holds answers, and nothing about anonymous respondents."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="audit_events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organization", "-at"], name="audit_by_organization")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
