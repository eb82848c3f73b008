"""Open commitments where they come back: beside a workshop that is prepared or held, and beside a wave."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.commitments.rows import column_of, state_of, when_of
from assessments.models import Commitment
from assessments.selectors.open_commitments import Returning


@dataclass(frozen=True, slots=True)
class ReturningRow:
    commitment: Commitment
    state: str
    badge: str
    when: str
    is_ownerless: bool


@dataclass(frozen=True, slots=True)
class ReturningList:
    """`more` are not listed."""

    words: str
    rows: tuple[ReturningRow, ...]
    more: int

    @property
    def etag_key(self) -> tuple[object, ...]:
        """Everything that a page depends on for showing it."""
        rows = [(str(row.commitment.key), row.commitment.edition, row.state, row.is_ownerless) for row in self.rows]
        return (self.words, tuple(rows))


def returning_list(found: Returning) -> ReturningList | None:
    """None where nothing comes back."""
    if not found.count:
        return None
    today = timezone.localdate()
    words = ngettext("%(count)s commitment", "%(count)s commitments", found.count) % {"count": found.count}
    if found.late:
        words = _("%(commitments)s, %(late)s overdue") % {"commitments": words, "late": found.late}
    rows = tuple(
        ReturningRow(
            one,
            *state_of(one, column_of(one, today), today),
            when_of(one, today),
            is_ownerless=one.state == "open" and one.has_left,
        )
        for one in found.commitments
    )
    return ReturningList(words, rows, found.count - len(rows))
