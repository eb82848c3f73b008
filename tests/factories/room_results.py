"""Results of rounds, made by the scoring itself, for rooms that have revealed something."""

from typing import Any

from assessments.enums import RoundState
from assessments.models import Activity, Round
from assessments.services.reveals import reveal
from tests.factories.workshops import make_round


def reveal_votes(round: Round) -> Round:
    """The round as it is after its reveal."""
    results: dict[str, Any] = reveal(round, by=None)
    round.state, round.results = RoundState.REVEALED, results
    round.save(update_fields=["state", "results"])
    return round


def make_next_round(activity: Activity, **changes: Any) -> Round:
    """The next round of an activity, the one before discussed."""
    activity.rounds.filter(state=RoundState.REVEALED).update(state=RoundState.DISCUSSED)
    return make_round(activity, **changes)
