"""Revealed results of the current step, drawn; and the preview of an open round, where the workshop has one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.round_charts import Drawn, draw
from assessments.enums import WRITTEN
from assessments.models import Round
from assessments.models.activity_plans import Plan
from assessments.scoring.room.results import RoundResults, VoteKind, decode
from assessments.selectors.consoles import Material


@dataclass(frozen=True, slots=True)
class Revealed:
    """A round's results. `sub` says whose and how current they are; `note` why something is not shown."""

    number: int
    heading: str
    sub: str
    drawn: tuple[Drawn, ...]
    note: str = ""

    @property
    def only(self) -> Drawn | None:
        return self.drawn[0] if len(self.drawn) == 1 else None


def revealed_of(material: Material, plan: Plan | None) -> Revealed | None:
    """The latest revealed round of the step, against the one revealed before it; None while there is none."""
    step = material.step
    shown = [one for one in material.rounds if one.is_revealed and one.results is not None]
    if step is None or plan is None or not shown:
        return None
    now = shown[-1]
    heading = _("Round %(number)s, as the room sees it") % {"number": now.number}
    if step.kind in WRITTEN:
        return Revealed(now.number, heading, "", (), texts_note(now))
    if step.kind not in VOTES:
        return None
    before = shown[-2] if len(shown) > 1 else None
    drawn = draw(plan, results_of(now, step.kind), results_of(before, step.kind) if before else None)
    return Revealed(now.number, heading, "", drawn)


def preview_of(material: Material, plan: Plan | None) -> Revealed | None:
    """What the facilitator alone sees of a hidden round, where everybody was told so; None while there is none.

    It lags (rule 7 of rooms): it is shown only once as many votes came after it as a result needs.
    """
    step, round = material.step, material.round
    if step is None or round is None or plan is None or not round.preview_shown or not material.workshop.preview:
        return None
    shown = [one for one in material.rounds if one.is_revealed and one.results is not None]
    before = results_of(shown[-1], step.kind) if shown else None
    drawn = draw(plan, decode(step.kind, round.preview_shown), before, salt="preview")
    return Revealed(
        round.number,
        _("Only you see this: round %(number)s so far") % {"number": round.number},
        _("The room sees it when you reveal."),
        drawn,
        ngettext(
            "It comes late on purpose: it is shown once at least %(k)s more person has voted after it.",
            "It comes late on purpose: it is shown once at least %(k)s more people have voted after it, so that no "
            "few votes can be told from what is revealed.",
            material.workshop.shown_from,
        )
        % {"k": material.workshop.shown_from},
    )


VOTES = frozenset(kind.value for kind in VoteKind)


def results_of(round: Round, kind: str) -> RoundResults:
    return decode(kind, round.results or {})


def texts_note(round: Round) -> str:
    """Why texts are not shown, or how many are; by breakout also which groups' texts are withheld."""
    results = round.results or {}
    held = [group["group"] for group in results.get("groups", ()) if group.get("withheld")]
    if held and not results.get("withheld"):
        return _("%(said)s Withheld, since too few people wrote something: %(groups)s.") % {
            "said": _shown_words(results),
            "groups": ", ".join(held),
        }
    if results.get("withheld"):
        return _("Withheld: texts are shown from %(k)s people on who wrote something.") % {"k": results.get("needs", 0)}
    return _shown_words(results)


def _shown_words(results: Mapping[str, Any]) -> str:
    shown = results.get("shown", 0)
    return ngettext("%(n)s text was shown to the room.", "%(n)s texts were shown to the room.", shown) % {"n": shown}
