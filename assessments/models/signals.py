"""What asked for an answer, and how far the organization has come with it (rule L5)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import SignalKind
from assessments.models.assessments import Wave
from assessments.models.responses import Comment
from ecosystems.models import Ecosystem

THEME_MARK = "/"
"""Between the score and the name, in the code of a theme."""


class Signal(models.Model):
    """A finding, a theme or a weakening loop that a wave raised. Its commitments say when it was answered and done."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="signals")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=7, choices=SignalKind)
    code = models.CharField(max_length=400)
    """Code of the score, with its topic and group where it has one, or the members of the loop; of a theme the score
    whose comments it was read from, '' where a room said it, and its name in any case."""
    title = models.CharField(max_length=200)
    dimension = models.CharField(max_length=60, blank=True)
    raised_on = models.DateField()
    discussed_on = models.DateField(null=True)
    declined_on = models.DateField(null=True)
    comments = models.ManyToManyField(Comment, blank=True, related_name="themes")
    """Of a theme: the comments that say it, read only where comments are. One that is deleted leaves its themes."""
    declined_why = models.CharField(_("why nothing will be done"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["raised_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "kind", "code"], name="signal_once_per_wave"),
            models.CheckConstraint(condition=Q(kind__in=SignalKind.values), name="signal_kind_known"),
            models.CheckConstraint(
                condition=Q(declined_on=None) | ~Q(declined_why=""), name="signal_declined_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """Code of the score that it is about; the members of a loop."""
        return self.code.partition(THEME_MARK)[0] if self.kind == SignalKind.THEME else self.code
