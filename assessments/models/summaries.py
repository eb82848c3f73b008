"""Feedback-loop summaries: what may be shown of an ecosystem's loops and learning cycle at a wave."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Wave
from ecosystems.models import Ecosystem


class SummaryMark(models.Model):
    """The stale mark of an ecosystem's summaries: raised with every change that concerns them, answered by a worker."""

    ecosystem = models.OneToOneField(Ecosystem, on_delete=models.CASCADE, related_name="summary_mark")
    version = models.PositiveBigIntegerField(default=0)
    done_version = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mark of stale summaries")
        verbose_name_plural = _("marks of stale summaries")
        constraints = [
            models.CheckConstraint(condition=Q(done_version__lte=F("version")), name="summary_not_ahead_of_changes")
        ]

    def __str__(self) -> str:
        return f"{self.ecosystem_id}: {self.done_version} of {self.version}"


class FeedbackSummary(models.Model):
    """Loops, learning cycle and effects of commitments as they stood with one closed wave; disclosed numbers only."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="feedback_summary")
    results = models.JSONField()
    method = models.CharField(_("version of the method"), max_length=20)
    mark_version = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("feedback-loop summary")
        verbose_name_plural = _("feedback-loop summaries")

    def __str__(self) -> str:
        return str(self.wave)
