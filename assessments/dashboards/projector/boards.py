"""Texts on the projector: laid into columns and pages, large enough to be read from the back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.commitments.open_words import seen_words
from assessments.dashboards.commitments.returning import ReturningList, ReturningRow
from assessments.models.looked_back import LookedBack
from assessments.selectors.shown_rooms import ShownCluster, ShownCommitment, ShownReason

COLUMNS: Final = 3
LINES: Final = 14
"""Lines of text that a column holds beside its title."""
LINE: Final = 34
"""Letters of a line, rather few: words are not cut."""
ROOMY: Final = 9
"""Lines up to which a column may be set in larger letters."""
GAP: Final = 0.6
"""Of a line, between two texts."""


@dataclass(frozen=True, slots=True)
class Note:
    """A text with what is said below it: who wrote it, or who will do it and until when."""

    text: str
    under: str = ""
    also: tuple[str, ...] = ()

    @property
    def lines(self) -> float:
        texts = [self.text, *self.also, *([self.under] if self.under else [])]
        return GAP + sum(max(1, -(-len(text) // LINE)) for text in texts)


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    notes: tuple[Note, ...]
    goes_on: bool = False
    """The title stood on an earlier column already."""


@dataclass(frozen=True, slots=True)
class Board:
    columns: tuple[Column, ...]

    @property
    def is_roomy(self) -> bool:
        """Whether larger letters fit."""
        return all(sum(note.lines for note in column.notes) <= ROOMY for column in self.columns)


def idea_boards(clusters: Iterable[ShownCluster]) -> tuple[Board, ...]:
    """Clusters side by side, in the facilitators' order; what belongs to none comes last."""
    columns: list[Column] = []
    for cluster in clusters:
        notes = [Note(one.text, one.name, one.also) for one in cluster.ideas]
        columns += _columns(cluster.title, notes)
    return _boards(columns)


def reason_boards(reasons: Iterable[ShownReason]) -> tuple[Board, ...]:
    """Why people voted so; by name only where the room may see names."""
    return _boards(_columns("", [Note(_("“%(text)s”") % {"text": one.text}, one.name) for one in reasons]))


def commitment_boards(commitments: Iterable[ShownCommitment]) -> tuple[Board, ...]:
    """What will be done, by whom, until when, and for which score."""
    return _boards(_columns("", [Note(one.text, _promise(one)) for one in commitments]))


def _promise(one: ShownCommitment) -> str:
    until = _("until %(day)s") % {"day": date_format(one.due_on, "j F")} if one.due_on else ""
    proposed = _("proposed") if one.is_proposed else ""
    return " · ".join(part for part in (one.owner, until, one.score, proposed) if part)


def returning_boards(returning: ReturningList, *, named: bool) -> tuple[Board, ...]:
    """What was promised before and is still open; by name only where the room speaks by name, and members alone."""
    notes = [Note(row.commitment.text, _standing(row, named)) for row in returning.rows]
    if returning.more:
        notes.append(Note(ngettext("and %(n)s more", "and %(n)s more", returning.more) % {"n": returning.more}))
    return _boards(_columns("", notes))


def looked_boards(back: LookedBack) -> tuple[Board, ...]:
    """The same as the room saw it when it came here, as on the phones."""
    notes = [Note(one.text, seen_words(one, back.on)) for one in back.seen]
    if back.more:
        notes.append(Note(ngettext("and %(n)s more", "and %(n)s more", back.more) % {"n": back.more}))
    return _boards(_columns("", notes))


def _standing(row: ReturningRow, named: bool) -> str:
    member = row.commitment.owner_id is not None and not row.is_ownerless
    who = row.commitment.owner_name if named and member else ""
    return " · ".join(part for part in (row.state, row.when, who) if part)


def _columns(title: str, notes: Sequence[Note]) -> list[Column]:
    """The notes in columns; those without a title are spread over a whole page rather than fill its first column."""
    if title:
        return _filled(title, notes, LINES)
    room = 1
    while room < LINES and len(_filled(title, notes, room)) > COLUMNS:
        room += 1
    return _filled(title, notes, room)


def _filled(title: str, notes: Sequence[Note], room: float) -> list[Column]:
    """Columns of at most `room` lines, one after the other; a longer text stands alone."""
    columns: list[Column] = []
    held: list[Note] = []
    used = 0.0
    for note in notes:
        if held and used + note.lines > room + GAP:
            columns.append(Column(title, tuple(held), goes_on=bool(columns)))
            held, used = [], 0.0
        held.append(note)
        used += note.lines
    if held:
        columns.append(Column(title, tuple(held), goes_on=bool(columns)))
    return columns


def _boards(columns: Sequence[Column]) -> tuple[Board, ...]:
    return tuple(Board(tuple(columns[begin : begin + COLUMNS])) for begin in range(0, len(columns), COLUMNS))
