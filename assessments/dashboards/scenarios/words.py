"""What a scenario's reasons are called."""

from django.utils.translation import gettext as _

from assessments.selectors.scenarios import NO_DIMENSIONS
from ecosystems.causal.scenario import NotRun


def problem_words(code: str) -> str:
    """Why a scenario says nothing, and what to do."""
    words = {
        NotRun.EMPTY_MAP.value: _("The causal map is empty. Draw its factors and links first."),
        NotRun.NO_LINKS.value: _("The causal map has no links, so nothing works on anything. Draw links first."),
        NotRun.NO_MEASURED_FACTORS.value: _(
            "No factor of the map has a score yet. Tie factors to facets of the questionnaire and close a wave."
        ),
        NotRun.NO_LEVERS.value: _("Choose at least one lever: a factor, and how far to move it."),
        NotRun.NOTHING_SETTLED.value: _(
            "No draw of this map came to rest or repeated itself, so no number can be given. "
            "Look for strong links that pull against each other, move the levers less, or try another rule."
        ),
        NO_DIMENSIONS: _(
            "No factor of the map is tied to a dimension, so nothing can be watched. Tie factors to facets first."
        ),
    }
    return words.get(code) or _(
        "Something went wrong on our side. Run it again, and tell your administrator if it happens twice."
    )
