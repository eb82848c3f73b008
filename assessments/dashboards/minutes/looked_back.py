"""The commitments that a room looked back at, in its minutes: how each stood then, and what was decided about it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.commitments.open_words import day_words, open_state, seen_words
from assessments.enums import CommitmentState, Progress
from assessments.models.looked_back import Became, LookedBack, Seen


@dataclass(frozen=True, slots=True)
class LookedRow:
    """`then`: as the room saw it; `decided` is '' before the workshop has ended, `key` where it was deleted."""

    key: str
    text: str
    then: str
    decided: str


@dataclass(frozen=True, slots=True)
class LookedList:
    """`more`: that there were others, which the room did not see listed; '' where there were none."""

    rows: tuple[LookedRow, ...]
    more: str = ""


def looked_list(back: LookedBack | None) -> LookedList | None:
    """None where the step was not about promises; without rows where nothing was open."""
    if back is None:
        return None
    rows = tuple(_row(one, back.on) for one in back.seen)
    more = ngettext("and %(n)s more", "and %(n)s more", back.more) % {"n": back.more} if back.more else ""
    return LookedList(rows, more)


def _row(seen: Seen, on: date) -> LookedRow:
    is_gone = seen.became is not None and not seen.became.state
    return LookedRow("" if is_gone else seen.key, seen.text, seen_words(seen, on), _decided(seen, on))


def _decided(seen: Seen, on: date) -> str:
    """What changed of it until the workshop ended."""
    now = seen.became
    if now is None:
        return ""
    match now.state:
        case CommitmentState.DONE:
            return _("Done.")
        case CommitmentState.DROPPED:
            return _("Dropped: %(why)s") % {"why": now.why}
        case "":
            return _("Taken off the list.")
    return " ".join(_changes(seen, now, on)) or _("No change was written down.")


def _changes(seen: Seen, now: Became, on: date) -> list[str]:
    said = []
    if now.due != seen.due:
        due_on = date.fromisoformat(now.due) if now.due else None
        said.append(_("Now due %(day)s.") % {"day": day_words(due_on, on)} if due_on else _("Now without a day."))
    if now.progress != seen.progress and now.progress in Progress.values:
        said.append(_("Now %(state)s.") % {"state": open_state(None, now.progress, on)[0]})
    if now.owner and now.owner != seen.owner:
        said.append(_("Now with %(name)s.") % {"name": now.owner})
    if now.text != seen.text:
        said.append(_("Now: “%(text)s”") % {"text": now.text})
    return said
