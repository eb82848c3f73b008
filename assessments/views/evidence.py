"""The page on which figures from registers are written down beside a wave's ratings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import About
from assessments.forms.evidence import EvidenceForm
from assessments.services.evidence import keep_values
from assessments.views.waves import WaveFormView


class EvidenceView(WaveFormView):
    """A 360° is about one leader, so it has no such page. Saving comes back to it: each figure then has its score."""

    template_name = "assessments/waves/evidence.html"
    page_name = gettext_lazy("Figures beside the ratings")
    form_class = EvidenceForm

    def act(self, form: forms.Form) -> None:
        assert isinstance(form, EvidenceForm)
        keep_values(wave=self.wave, values=form.values, by=self.viewer.user)

    def done(self, form: forms.Form) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        return redirect("assessments:wave-evidence", self.organization.slug, self.wave.pk)

    def get_form(self, form_class: type[Any] | None = None) -> Any:
        if self.wave.assessment.about != About.SYSTEM:
            raise Http404
        return super().get_form(form_class)
