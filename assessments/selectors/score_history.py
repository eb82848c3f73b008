"""One score over the waves of an assessment, from the stored rows."""

from collections.abc import Mapping, Sequence

from assessments.models import Score, Wave
from assessments.scoring.results import Cell


def score_history(waves: Sequence[Wave], *, level: str, code: str) -> Mapping[int, Cell]:
    """The number over all groups by wave, in one query; the caller has checked who asks."""
    rows = Score.objects.filter(wave__in=[wave.pk for wave in waves], level=level, code=code, group_key="")
    return {
        row.wave_id: Cell(value=row.value, n=row.n, low=row.low, high=row.high, withheld=row.withheld) for row in rows
    }
