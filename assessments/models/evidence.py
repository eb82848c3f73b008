"""Figures from registers that stand beside a wave's ratings (rule S8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Wave

CODE_LENGTH = 60
NOTE_LENGTH = 300


class EvidenceValue(models.Model):
    """What an indicator of the instrument stood at, in its own unit; scores are made of it whenever they are read."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="evidence_values")
    indicator = models.CharField(_("indicator"), max_length=CODE_LENGTH)
    value = models.FloatField(_("figure"))
    note = models.CharField(_("where it is from"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = _("figure beside the ratings")
        verbose_name_plural = _("figures beside the ratings")
        ordering = ["wave", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "indicator"], name="evidence_indicator_once_per_wave"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value:g}"
