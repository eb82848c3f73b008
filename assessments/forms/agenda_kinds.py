"""Which form prepares a step of which kind, and what the kinds are good for, in a sentence."""

from typing import Any, Final

from django.utils.translation import gettext_lazy

from assessments.enums import ActivityKind
from assessments.forms.agenda import CheckForm, CommitForm, IdeasForm, StepForm, TalkForm
from assessments.forms.agenda_votes import BetForm, DotsForm, LinksForm, RankingForm, RateForm

FORMS: Final[dict[ActivityKind, type[StepForm]]] = {
    form.kind: form
    for form in (RateForm, TalkForm, IdeasForm, DotsForm, RankingForm, LinksForm, BetForm, CommitForm, CheckForm)
}

KIND_HINTS: Final[dict[ActivityKind, Any]] = {
    ActivityKind.RATE: gettext_lazy(
        "One or several questions on a scale. Hidden until you reveal; ask again after the talk."
    ),
    ActivityKind.TALK: gettext_lazy("Nothing to press. The phones show the prompt, and the room talks."),
    ActivityKind.IDEAS: gettext_lazy("Everybody writes by themselves; you group and merge what was revealed."),
    ActivityKind.DOTS: gettext_lazy("A few dots each, on options of yours or on the room’s ideas."),
    ActivityKind.RANKING: gettext_lazy("Everybody puts the options in order."),
    ActivityKind.LINKS: gettext_lazy(
        "Does one thing raise or lower another, how strongly, how late? Feeds the causal map."
    ),
    ActivityKind.BET: gettext_lazy("A guess before a scenario is run, so that there is something to learn."),
    ActivityKind.COMMIT: gettext_lazy("An action, an owner, a date, and the score it should move."),
    ActivityKind.CHECK: gettext_lazy("One sentence from everybody, to arrive or to leave."),
}
