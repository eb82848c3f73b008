"""What the screen in the room shows: for the last row of seats, the same for all, never more than the room may see."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.dashboards.commitments.returning import ReturningList
from assessments.dashboards.projector.boards import (
    Board,
    commitment_boards,
    idea_boards,
    looked_boards,
    reason_boards,
    returning_boards,
)
from assessments.dashboards.projector.figures import Figure, figures
from assessments.dashboards.rooms.phases import Phase, phase_of
from assessments.dashboards.rooms.revealed import texts_withheld
from assessments.dashboards.rooms.rules import rules_in, told_on_the_wall
from assessments.dashboards.round_charts import round_name
from assessments.enums import VOTED, WRITTEN, ActivityKind, WorkshopState
from assessments.models.activity_plans import BetPlan, DotsPlan, LinksPlan, RankingPlan, RatePlan, TalkPlan
from assessments.scoring.room.results import decode
from assessments.selectors.shown_rooms import Room, Step

MOST_QUESTIONS = 6
"""Questions listed while they are answered; more would be too small to read."""
MANY_LINES = 4
"""Lines below the count from which on everything is set smaller, so that the screen holds it."""
LINE = 60
"""Letters of such a line."""
LONGEST_HEADING = 120


@dataclass(frozen=True, slots=True)
class Page:
    """What is seen at once below the heading: a chart, or texts. Several take turns."""

    heading: str = ""
    figure: Figure | None = None
    board: Board | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A breakout group and how many sit in it."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Screen:
    """`line` stands above the heading, `hint` says what happens next, `note` why something is not shown."""

    room: Room
    phase: Phase
    heading: str
    line: str = ""
    prompt: str = ""
    kind: str = ""
    round: int = 0
    answered: str = ""
    hint: str = ""
    note: str = ""
    questions: tuple[str, ...] = ()
    more: int = 0
    """Questions that are not listed."""
    groups: tuple[Group, ...] = ()
    rules: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()

    @property
    def state(self) -> str:
        """The round's, as pulses tell it; '' without one."""
        return self.room.round.state.value if self.room.round else ""

    @property
    def is_counting(self) -> bool:
        return self.phase in (Phase.OPEN, Phase.CLOSED)

    @property
    def lists_many(self) -> bool:
        """Whether what is listed below the count leaves little height for it."""
        lines = sum(max(1, -(-len(text) // LINE)) for text in self.questions) + bool(self.more) + bool(self.groups)
        return self.is_counting and lines >= MANY_LINES

    @property
    def shows_way_in(self) -> bool:
        """Whether there is room for the QR code; the code itself is always there."""
        return self.phase not in (Phase.REVEALED, Phase.ENDED) and not self.pages


def shows_promises(room: Room) -> bool:
    """Whether the step is about what was promised before."""
    plan = room.step.plan if room.step and room.state == WorkshopState.LIVE else None
    return isinstance(plan, TalkPlan) and plan.promises


def screen(room: Room, returning: ReturningList | None = None) -> Screen:
    """The room on the wall. `returning`: open commitments, where the step shows them."""
    if room.state == WorkshopState.ENDED:
        hint = _("The minutes come by e-mail to everybody who asks for them on the phone.")
        return Screen(room, Phase.ENDED, _("Thank you for being here"), line=room.title, hint=hint)
    if room.state != WorkshopState.LIVE:
        return Screen(room, Phase.LOBBY, room.title, prompt=room.purpose, rules=told_on_the_wall(rules_in(room)))
    if room.step is None:
        return Screen(room, Phase.SOON, room.title, prompt=_("The next step comes soon."))
    return _at(room, room.step, returning)


def _at(room: Room, step: Step, returning: ReturningList | None) -> Screen:
    phase = phase_of(room, step)
    questions = _questions(step)
    pages = _pages(room, step) if phase == Phase.REVEALED else _promised(room, step, returning)
    alone = questions[0] if len(questions) == 1 and step.kind == ActivityKind.RATE else ""
    listed = () if alone or phase == Phase.REVEALED else questions
    return Screen(
        room=room,
        phase=phase,
        heading=alone or step.title,
        line=_line(room, step),
        prompt="" if step.prompt.strip() == alone or phase == Phase.REVEALED else step.prompt,
        kind=step.kind.value,
        round=room.round.pk if room.round else 0,
        answered=_answered(step.kind),
        hint=_hint(phase, step, room.round.number if room.round else 1),
        note=_note(room, step) if phase == Phase.REVEALED and not pages else "",
        questions=listed[:MOST_QUESTIONS],
        more=max(0, len(listed) - MOST_QUESTIONS),
        groups=_groups(room) if step.by_breakout and phase != Phase.REVEALED else (),
        pages=pages,
    )


def _line(room: Room, step: Step) -> str:
    parts = [_("Step %(number)s of %(all)s") % {"number": step.number, "all": room.steps}] if step.number else []
    if room.round and room.round.number > 1:
        parts.append(round_name(room.round.number))
    return " · ".join(parts)


def _questions(step: Step) -> tuple[str, ...]:
    """What is asked about: questions, links, or what can be chosen from."""
    if isinstance(step.plan, RatePlan | BetPlan):
        return tuple(item.text for item in step.plan.items)
    if isinstance(step.plan, LinksPlan):
        return tuple(f"{pair.source} → {pair.target}" for pair in step.plan.pairs)
    if isinstance(step.plan, DotsPlan | RankingPlan):
        return tuple(option.text for option in step.plan.options)
    return ()


def _answered(kind: ActivityKind) -> str:
    """Goes on from "21 of 38"."""
    if kind in WRITTEN:
        return _("have written something")
    if kind == ActivityKind.COMMIT:
        return _("have proposed something")
    if kind == ActivityKind.BET:
        return _("have made their guess")
    return _("have voted")


def _hint(phase: Phase, step: Step, number: int) -> str:
    is_vote = step.kind in VOTED
    match phase:
        case Phase.PENDING:
            return _("It opens in a moment, on your phone.")
        case Phase.OPEN if is_vote and number > 1:
            return _("Vote again on your phone. If you do not, your earlier vote stands.")
        case Phase.OPEN:
            return _("Votes stay hidden until they are revealed.") if is_vote else _("Texts stay hidden for now.")
        case Phase.CLOSED:
            return _("The vote is closed. The results are still hidden.") if is_vote else _("Writing is closed.")
        case _other:
            return ""


def _pages(room: Room, step: Step) -> tuple[Page, ...]:
    """What the latest reveal shows."""
    if step.kind in WRITTEN:
        return tuple(Page(board=board) for board in idea_boards(room.clusters))
    if step.kind == ActivityKind.COMMIT:
        return tuple(Page(board=board) for board in commitment_boards(room.commitments))
    latest, *earlier = reversed(room.revealed)
    now = decode(step.kind.value, latest.results)
    before = decode(step.kind.value, earlier[0].results) if earlier else None
    return (*(Page(one.heading, figure=one) for one in figures(step.plan, now, before)), *_reasons(room, step))


def _promised(room: Room, step: Step, returning: ReturningList | None) -> tuple[Page, ...]:
    """What was promised before, below the prompt where that is short enough for a heading."""
    boards: tuple[Board, ...] = ()
    if step.looked_back is not None:
        boards = looked_boards(step.looked_back)
    elif returning is not None and shows_promises(room):
        boards = returning_boards(returning, named=not room.is_anonymous)
    heading = step.prompt if len(step.prompt) <= LONGEST_HEADING else ""
    return tuple(Page(heading, board=board) for board in boards)


def _reasons(room: Room, step: Step) -> tuple[Page, ...]:
    """Why people voted so, question by question."""
    pages = []
    texts = {item.key: item.text for item in step.plan.items} if isinstance(step.plan, RatePlan) else {}
    for key, text in texts.items():
        found = [one for one in room.reasons if one.item == key]
        heading = _("Why: %(question)s") % {"question": text} if len(texts) > 1 else text
        pages += [Page(heading, board=board) for board in reason_boards(found)]
    return tuple(pages)


def _note(room: Room, step: Step) -> str:
    """Why there is nothing to see after a reveal."""
    withheld = texts_withheld(room.revealed[-1].results) if room.revealed else ""
    if withheld:
        return withheld
    if room.parked:
        return _("All ideas are parked.")
    return _("Nobody has proposed anything.") if step.kind == ActivityKind.COMMIT else _("Nobody has written anything.")


def _groups(room: Room) -> tuple[Group, ...]:
    return tuple(Group(name, len(room.seated.get(name, ()))) for name in room.breakouts)
