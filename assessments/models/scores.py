"""Numbers that may be shown. A withheld number is never stored here (rule D2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Wave
from assessments.models.instruments import InstrumentVersion


class WaveResult(models.Model):
    """Everything a wave's dashboard shows: `WaveResults` of the scoring core as JSON, disclosed numbers only."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="result")
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(_("version of the method"), max_length=20)
    results = models.JSONField()
    computed_at = models.DateTimeField()
    scores_version = models.PositiveBigIntegerField()
    """The stale mark that these numbers answer."""

    class Meta:
        verbose_name = _("result of a wave")
        verbose_name_plural = _("results of waves")

    def __str__(self) -> str:
        return str(self.wave)


class Score(models.Model):
    """One number of a wave with its n, interval, agreement and coverage; one row a code and group ('' = all groups)."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="scores")
    level = models.CharField(max_length=10)
    """index, dimension, facet or item."""
    code = models.CharField(max_length=60)
    group_key = models.CharField(max_length=60, blank=True)
    value = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    agreement = models.FloatField(null=True)
    coverage = models.FloatField(null=True)
    withheld = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["wave", "level", "code", "group_key"], name="score_once"),
            models.CheckConstraint(
                condition=Q(withheld=False)
                | Q(value=None, n=None, low=None, high=None, sd=None, agreement=None, coverage=None),
                name="score_withheld_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.group_key or 'all'}: {self.value}"
