"""The figures of a wave: one field and one note for each indicator that can be written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments.dashboards.evidence import goalposts_words, plain_figure, typed_figure
from assessments.models import Wave
from assessments.models.evidence import NOTE_LENGTH
from assessments.selectors.evidence import figures_before, figures_of, is_typed, score_of
from assessments.selectors.instrument_texts import BlockText, IndicatorText, instrument_text
from assessments.services.evidence import LARGEST
from ecosystems.forms.fields import WholeText

FIGURE, NOTE = "figure-%s", "note-%s"


@dataclass(frozen=True)
class AskedFigure:
    """`score`: that of the figure as it was last kept. `seen`: hidden fields with what the page showed."""

    indicator: IndicatorText
    figure: forms.BoundField
    note: forms.BoundField
    goalposts: str
    score: float | None
    seen: tuple[str, str]


@dataclass(frozen=True)
class AskedDimension:
    """`computed`: names of the indicators that are made of the ratings themselves."""

    block: BlockText
    asked: tuple[AskedFigure, ...]
    computed: tuple[str, ...]


class EvidenceForm(forms.Form):
    """What was kept with the wave before is said beside each field, never filled in: it may be out of date."""

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = instrument_text(wave.version)
        self.kept = figures_of(wave)
        before, earlier = figures_before(wave)
        for indicator in self._typed():
            code, kept = indicator.code, self.kept.get(indicator.code)
            was = earlier.get(code)
            wrong = _("Write a number, such as 12 or 0.4, or leave it empty.")
            self.fields[FIGURE % code] = forms.FloatField(
                label=indicator.name,
                required=False,
                show_hidden_initial=True,
                min_value=-LARGEST,
                max_value=LARGEST,
                initial=typed_figure(kept.value) if kept else None,
                help_text=_("%(wave)s: %(figure)s") % {"wave": before, "figure": plain_figure(was.value)}
                if was
                else "",
                error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
                widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields[NOTE % code] = WholeText(
                label=_("%(name)s, note") % {"name": indicator.name},
                required=False,
                show_hidden_initial=True,
                max_length=NOTE_LENGTH,
                initial=kept.note if kept else "",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def _typed(self) -> Iterator[IndicatorText]:
        return (one for some in self.text.evidence.values() for one in some if is_typed(one))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for indicator in self._typed():
            figure, note = FIGURE % indicator.code, NOTE % indicator.code
            if cleaned.get(note) and figure in cleaned and cleaned[figure] is None:
                self.add_error(figure, _("There is a note but no figure. Write the figure, or empty the note."))
        return cleaned

    @property
    def values(self) -> Mapping[str, tuple[float | None, str]]:
        """Those that were changed on this page; what somebody else wrote meanwhile stays."""
        return {
            one.code: (self.cleaned_data[FIGURE % one.code], self.cleaned_data[NOTE % one.code])
            for one in self._typed()
            if self.add_prefix(FIGURE % one.code) in self.data
            and (self._is_changed(FIGURE % one.code) or self._is_changed(NOTE % one.code))
        }

    def _is_changed(self, name: str) -> bool:
        return self.add_initial_prefix(name) not in self.data or name in self.changed_data

    @property
    def dimensions(self) -> tuple[AskedDimension, ...]:
        return tuple(
            AskedDimension(
                self.text.blocks[code],
                tuple(self._asked(one) for one in indicators if is_typed(one)),
                tuple(one.name for one in indicators if not is_typed(one)),
            )
            for code, indicators in self.text.evidence.items()
        )

    def _asked(self, indicator: IndicatorText) -> AskedFigure:
        kept = self.kept.get(indicator.code)
        figure, note = self[FIGURE % indicator.code], self[NOTE % indicator.code]
        return AskedFigure(
            indicator,
            figure,
            note,
            goalposts_words(indicator),
            score_of(indicator, kept.value if kept else None),
            (figure.as_hidden(only_initial=True), note.as_hidden(only_initial=True)),
        )
