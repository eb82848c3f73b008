"""Choices of the assessments app, and the one code that stands for "can't say"."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CANT_SAY = -32768
"""In `Response.values` and `DraftAnswer.value`: the person chose "can't say". NULL is blank or not asked (rule S1)."""


class About(TextChoices):
    """Whom an assessment is about."""

    SYSTEM = "system", _("The whole system")
    LEADER = "leader", _("One leader (360°)")


class Rhythm(TextChoices):
    """How often waves are planned."""

    ONCE = "once", _("Once")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    HALF_YEARLY = "half-yearly", _("Twice a year")
    YEARLY = "yearly", _("Every year")


class Anonymity(TextChoices):
    """What may be known of who said what; told before the first answer, fixed by it (rule D1)."""

    ANONYMOUS = "anonymous", _("Anonymous")
    NAMED = "named", _("Named")


class WaveState(TextChoices):
    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class GroupKind(TextChoices):
    """How a group of a wave enters the scores (rules S4, S9)."""

    STAKEHOLDER = "stakeholder", _("Stakeholder group")
    LEADERS = "leaders", _("Leaders")
    SELF = "self", _("The leader's own view")
    OTHERS = "others", _("People who work with the leader")
    UNIT = "unit", _("Team or unit")


class InvitationStatus(TextChoices):
    """How far an invited person is; holds nothing of what they said, and no time."""

    INVITED = "invited", _("Invited")
    STARTED = "started", _("Started")
    SUBMITTED = "submitted", _("Submitted")


class UploadState(TextChoices):
    """How far a file of answers is on its way in."""

    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class WorkshopState(TextChoices):
    """How far a workshop is: doors open with LOBBY, the first activity begins with LIVE."""

    DRAFT = "draft", _("In preparation")
    LOBBY = "lobby", _("Doors open")
    LIVE = "live", _("Live")
    ENDED = "ended", _("Ended")


class ActivityKind(TextChoices):
    """What the room does in a step of the agenda."""

    TALK = "talk", _("Listen and talk")
    RATE = "rate", _("Rate")
    IDEAS = "ideas", _("Collect ideas")
    DOTS = "dots", _("Vote with dots")
    RANKING = "ranking", _("Rank")
    LINKS = "links", _("Map links")
    BET = "bet", _("Bet on a scenario")
    COMMIT = "commit", _("Commit")
    CHECK = "check", _("Check in or out")


VOTED: Final = (ActivityKind.RATE, ActivityKind.DOTS, ActivityKind.RANKING, ActivityKind.LINKS, ActivityKind.BET)
"""Kinds in which the room votes, and a round has a result."""
WRITTEN: Final = (ActivityKind.IDEAS, ActivityKind.CHECK)
"""Kinds in which the room writes what all may read."""
GIVEN_WHOLE: Final = (ActivityKind.DOTS, ActivityKind.RANKING)
"""Kinds in which one vote is about all options at once."""


class RoundState(TextChoices):
    """How far one vote is; results exist from REVEALED on, and nothing but counts before."""

    PENDING = "pending", _("Not open yet")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed, results hidden")
    REVEALED = "revealed", _("Revealed")
    DISCUSSED = "discussed", _("Discussed")


HIDDEN: Final = (RoundState.OPEN, RoundState.CLOSED)
"""The room has been asked, and nothing but counts is shown."""
REVEALED: Final = (RoundState.REVEALED, RoundState.DISCUSSED)
"""Results are shown, and stay as they are."""


class NoteKind(TextChoices):
    """What a facilitator writes down for the minutes."""

    NOTE = "note", _("Said in the room")
    DECISION = "decision", _("Decided")


class CommitmentSource(TextChoices):
    """What a commitment came from; `Commitment.source_code` says which one."""

    FREE = "free", _("Freely")
    SCORE = "score", _("A score")
    THEME = "theme", _("A theme of the comments")
    LOOP = "loop", _("A feedback loop")
    WORKSHOP = "workshop", _("A workshop")


class Progress(TextChoices):
    """What the owner of a commitment says at a check-in."""

    ON_TRACK = "on-track", _("On track")
    AT_RISK = "at-risk", _("At risk")
    STUCK = "stuck", _("Stuck")


class ReminderKind(TextChoices):
    """When an owner is reminded of a commitment."""

    SOON = "soon", _("A week before its day")
    DUE = "due", _("On its day")
    LATE = "late", _("A week after its day")


class SignalKind(TextChoices):
    """What asked for an answer (rule L5)."""

    FINDING = "finding", _("A finding of a wave")
    LOOP = "loop", _("A weakening loop")
    THEME = "theme", _("A theme of the comments")


class ScenarioState(TextChoices):
    """How far the run of a scenario is."""

    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class ScenarioRule(TextChoices):
    """What a factor takes from one step to the next, and what keeps it within bounds (rule L4)."""

    RESCALED = "rescaled", _("Rescaled (what works on a factor and its own last value, counted from 50)")
    KOSKO = "kosko", _("Kosko (what works on a factor, nothing else)")
    MODIFIED = "modified", _("Modified Kosko (what works on a factor and its own last value)")
    KOSKO_TANH = "kosko-tanh", _("Kosko with tanh (what works on a factor, counted from 50)")


UNDER_WAY: Final = (ScenarioState.WAITING, ScenarioState.RUNNING)
"""A scenario that may still be cancelled, and that a worker must take up."""


class CommitmentState(TextChoices):
    """How far a commitment is."""

    PROPOSED = "proposed", _("Proposed")
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
