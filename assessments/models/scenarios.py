"""What-ifs on the causal map, kept until the next wave says what happened (rule L4)."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import ScenarioRule, ScenarioState, WaveState
from assessments.models.activities import Activity
from assessments.models.assessments import Wave
from ecosystems.models import Ecosystem, Organization


class Scenario(models.Model):
    """Levers moved on the map, and how far the dimensions follow.

    `basis` holds what it was run on: factors with their scores, links with their votes, as they were; so a run can be
    repeated to the same numbers. `result` holds what may be shown of the run, `problem` why there is nothing.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="scenarios")
    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(_("name"), max_length=120)
    wave = models.ForeignKey(Wave, null=True, on_delete=models.SET_NULL, related_name="scenarios")
    """The wave whose scores it starts from."""
    levers = models.JSONField(default=list)
    """`[{"factor": key, "name": …, "target": 0–100}, …]`"""
    basis = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=1)
    draws = models.PositiveIntegerField(default=1000)
    rule = models.CharField(_("rule"), max_length=10, choices=ScenarioRule, default=ScenarioRule.RESCALED)
    room_step = models.ForeignKey(Activity, null=True, on_delete=models.SET_NULL, related_name="scenarios")
    """The step of a workshop in which a room guessed what this scenario runs."""
    state = models.CharField(max_length=9, choices=ScenarioState, default=ScenarioState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    """Of 100."""
    problem = models.CharField(max_length=40, blank=True)
    result = models.JSONField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    outcome_wave = models.ForeignKey(Wave, null=True, on_delete=models.SET_NULL, related_name="+")
    """The next wave of the same assessment, once it has closed: what really happened."""
    outcome = models.JSONField(null=True)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ScenarioState.values), name="scenario_state_known"),
            models.CheckConstraint(condition=Q(rule__in=ScenarioRule.values), name="scenario_rule_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="scenario_progress_of_100"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False), name="scenario_done_has_result"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def told_outcome(self) -> Any:
        """The outcome, while its wave stays closed: of one that was opened again nothing may be shown (rule D2)."""
        wave = self.outcome_wave
        return self.outcome if wave is not None and wave.state == WaveState.CLOSED else None


class ScenarioBet(models.Model):
    """What somebody guessed before the run: how far one dimension moves by the next wave, in points."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="bets")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    dimension = models.CharField(max_length=60)
    points = models.SmallIntegerField(_("points"), validators=[MinValueValidator(-100), MaxValueValidator(100)])
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("bet on a scenario")
        verbose_name_plural = _("bets on scenarios")
        constraints = [
            models.UniqueConstraint(fields=["scenario", "by", "dimension"], name="scenario_bet_once"),
            models.CheckConstraint(condition=Q(points__range=(-100, 100)), name="scenario_bet_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.points:+d}"
