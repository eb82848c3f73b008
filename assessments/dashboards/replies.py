"""The page "You said, we did" as its readers see it: what was said, what follows, how far it is, what came of it."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import CommitmentState
from assessments.models import Commitment, ReplyPage, Wave
from assessments.scoring.commitment_effect import Effect, Reading
from assessments.selectors.commitments import effects_of
from assessments.selectors.replies import shown_commitments
from ecosystems.models import Ecosystem
from ecosystems.numerals import interval, signed


@dataclass(frozen=True, slots=True)
class Answer:
    """One commitment in public words; no person's name stands here. `mark` is the badge's class."""

    text: str
    organization: str
    heard: str
    came_of_it: str
    effect: str
    state: str
    mark: str
    until: date | None
    closed_on: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class SaidAndDone:
    """`parts` holds those with an answer. `waves` are those whose numbers stand on the page."""

    title: str
    intro: str
    ecosystem: Ecosystem
    parts: tuple[Part, ...]
    waves: tuple[Wave, ...]


def said_and_done(page: ReplyPage) -> SaidAndDone:
    today = timezone.localdate()
    told = effects_of(page.ecosystem)
    shown = shown_commitments(page.ecosystem)
    answers = [(one.state, _answer(one, told.by_commitment.get(str(one.key)), today)) for one in shown]
    titles = (
        (CommitmentState.DONE, _("What we have done")),
        (CommitmentState.OPEN, _("What we are doing")),
        (CommitmentState.DROPPED, _("What we decided not to do")),
    )
    found = ((title, tuple(answer for state, answer in answers if state == kind)) for kind, title in titles)
    return SaidAndDone(
        title=page.title or _("You said, we did"),
        intro=page.intro,
        ecosystem=page.ecosystem,
        parts=tuple(Part(title, some) for title, some in found if some),
        waves=told.waves if any(answer.effect for _state, answer in answers) else (),
    )


def _answer(one: Commitment, effect: Effect | None, today: date) -> Answer:
    done, dropped = one.state == CommitmentState.DONE, one.state == CommitmentState.DROPPED
    late = not done and not dropped and one.due_on is not None and one.due_on < today
    state, mark = (
        (_("done"), "good")
        if done
        else (_("not done"), "")
        if dropped
        else (_("later than planned"), "warn")
        if late
        else (_("under way"), "")
    )
    return Answer(
        text=one.text,
        organization=one.organization.name,
        heard=one.heard,
        came_of_it=one.came_of_it,
        effect=effect_words(effect) if done and effect else "",
        state=state,
        mark=mark,
        until=one.due_on if not done and not dropped else None,
        closed_on=one.closed_on,
        why=one.closing_note if dropped else "",
    )


def effect_words(effect: Effect) -> str:
    """What the next wave says of it: only released numbers, and never that one thing came from the other."""
    reading, found = effect.reading, effect.difference
    if reading is Reading.TOO_EARLY:
        return _("It is too early to see it in the answers.")
    if reading is None:
        return ""
    said = (
        _("The answers since then are consistent with an effect.")
        if reading is Reading.CONSISTENT
        else _("The answers show no sign of an effect yet: the change could be chance.")
    )
    if found.value is not None and found.low is not None and found.high is not None and not found.withheld:
        said += " " + _("The score it aimed at moved by %(value)s points against the others (%(interval)s).") % {
            "value": signed(found.value, 1),
            "interval": interval(found.low, found.high, 1, sign=True),
        }
        if effect.n_before and effect.n_after:
            said += " " + _("It was rated by %(before)s people before and %(after)s after.") % {
                "before": f"{effect.n_before:,}",
                "after": f"{effect.n_after:,}",
            }
    if effect.inseparable:
        said += " " + _("Other things were done for the same score; they cannot be told apart.")
    return said
