"""Figures beside the ratings: written down with a wave, read beside its scores, never part of them (rule S8)."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import About
from assessments.models import EvidenceValue, Wave
from assessments.models.evidence import NOTE_LENGTH
from assessments.selectors.evidence import is_typed
from assessments.selectors.instrument_texts import instrument_text
from assessments.services.waves import WaveProblem, locked
from ecosystems.models import User
from ecosystems.services import audit

LARGEST: Final = 1e12


class NotAFigure(WaveProblem):
    def __init__(self) -> None:
        super().__init__(_("Write a figure as a number, such as 12 or 0.4."))


class UnknownIndicator(WaveProblem):
    def __init__(self) -> None:
        super().__init__(
            _("A figure that you wrote is not asked for by the questions of this wave. Open the page again.")
        )


@transaction.atomic
def keep_values(*, wave: Wave, values: Mapping[str, tuple[float | None, str]], by: User | None) -> int:
    """Write down figures with their notes; None takes one away, others stay. Returns how many changed.

    In a draft, an open and a closed wave: registers are often later than people. Neither stored scores nor summaries
    hold figures, so nothing is computed anew. Raises NotAFigure, UnknownIndicator, WaveProblem.
    """
    wave = locked(wave)
    if wave.assessment.about != About.SYSTEM:
        raise WaveProblem(_("A 360° is about one leader, so no figures of the network stand beside it."))
    indicators = instrument_text(wave.version).evidence.values()
    known = {one.code for some in indicators for one in some if is_typed(one)}
    if not values.keys() <= known:
        raise UnknownIndicator
    if any(value is not None and not abs(value) <= LARGEST for value, _note in values.values()):  # nan is no figure
        raise NotAFigure
    kept = {one.indicator: one for one in EvidenceValue.objects.filter(wave=wave)}
    changed = 0
    for code, (value, note) in values.items():
        before = kept.get(code)
        if value is None:
            if before is not None:
                before.delete()
                changed += 1
            continue
        said = note.strip()[:NOTE_LENGTH]
        if before is None or (before.value, before.note) != (value, said):
            EvidenceValue.objects.update_or_create(wave=wave, indicator=code, defaults={"value": value, "note": said})
            changed += 1
    if changed:
        audit.record(
            organization=wave.assessment.organization,
            actor=by,
            action="wave.figures-kept",
            subject=wave,
            details={"figures": str(changed)},
        )
    return changed
