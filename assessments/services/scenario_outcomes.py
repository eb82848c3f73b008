"""What really came: the scores of the next wave beside what a scenario foresaw (rule L4)."""

from django.db import transaction

from assessments.enums import ScenarioState
from assessments.models import Scenario
from assessments.selectors.scenario_records import Came, stored
from assessments.selectors.scenarios import dimension_scores, next_waves, withheld_dimensions
from assessments.services.summary_marks import hold_closed_waves


@transaction.atomic
def note_outcomes(*, ecosystem_id: int) -> int:
    """Put the next closed wave beside every scenario; returns how many are new or changed. Done twice, it does nothing.

    Called after a closed wave is scored. A wave that is opened again takes its outcome with it.
    """
    hold_closed_waves(ecosystem_id=ecosystem_id)
    rows = list(
        Scenario.objects.select_for_update(of=("self",))
        .filter(ecosystem_id=ecosystem_id, state=ScenarioState.DONE)
        .select_related("wave")
        .order_by("pk")
    )
    later = next_waves(rows)
    came = {
        wave.pk: Came(wave.title, dimension_scores(wave), tuple(sorted(withheld_dimensions(wave))))
        for wave in set(later.values())
    }
    changed = 0
    for row in rows:
        wave = later.get(row.pk)
        outcome = None if wave is None else stored(came[wave.pk])
        if (row.outcome_wave_id, row.outcome) != (wave.pk if wave else None, outcome):
            row.outcome_wave, row.outcome = wave, outcome
            row.save(update_fields=["outcome_wave", "outcome"])
            changed += 1
    return changed
