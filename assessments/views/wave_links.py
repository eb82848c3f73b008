"""The page on which a wave's links of the causal map are chosen, and read once it has opened."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy

from assessments.enums import About, WaveState
from assessments.forms.wave_links import WaveLinksForm
from assessments.services.wave_link_votes import are_waiting
from assessments.services.wave_links import MOST_LINKS, choose_links
from assessments.services.waves import links_off_map
from assessments.views.waves import WaveFormView


class WaveLinksView(WaveFormView):
    """A 360° asks about one leader, so it has no such page."""

    template_name = "assessments/waves/map_links.html"
    page_name = gettext_lazy("Links of the causal map")
    form_class = WaveLinksForm

    def act(self, form: forms.Form) -> None:
        assert isinstance(form, WaveLinksForm)
        choose_links(wave=self.wave, pairs=form.pairs, by=self.viewer.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.wave.assessment.about != About.SYSTEM:
            raise Http404
        return super().get_context_data(
            may_choose=self.wave.state == WaveState.DRAFT,
            off_map=links_off_map(self.wave),
            counting=are_waiting(self.wave),
            most=MOST_LINKS,
            ecosystem=self.wave.assessment.ecosystem,
            **kwargs,
        )
