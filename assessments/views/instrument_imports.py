"""Bringing an instrument in: look at it first, then import it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from assessments.forms.instruments import TABLE, InstrumentImportForm
from assessments.imports.instrument_documents import Reading
from assessments.models import Instrument, InstrumentVersion
from assessments.selectors.questionnaires import choices_of, questionnaire
from assessments.services.instruments import DraftExists, import_definition
from ecosystems import permissions
from ecosystems.views.base import OrganizationView

PUBLISH, AS_DRAFT = "publish", "draft"


class InstrumentImportView(OrganizationView, FormView[InstrumentImportForm]):
    """One page: the form, then the same form with what was found below it. Only a button there imports."""

    template_name = "assessments/instruments/import.html"
    form_class = InstrumentImportForm
    allowed = permissions.is_admin
    section = "instruments"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid() or form.reading is None:
            return self.form_invalid(form)
        action = request.POST.get("action")
        if form.reading.definition is None or action not in (PUBLISH, AS_DRAFT):
            return self.render_to_response(self.get_context_data(form=form))
        try:
            version = import_definition(
                organization=self.organization,
                definition=form.reading.definition,
                by=self.viewer.user,
                publish=action == PUBLISH,
            )
        except DraftExists as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return self._imported(version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        reading: Reading | None = context["form"].reading
        if reading is not None:
            context |= {"reading": reading, "is_table": context["form"].cleaned_data.get("kind") == TABLE}
            if reading.definition is not None:
                context |= self._preview(reading.definition)
        return context

    def _preview(self, definition: dict[str, Any]) -> dict[str, Any]:
        version = InstrumentVersion(instrument=Instrument(name=definition["name"]), definition=definition)
        choices = choices_of(version)
        existing = Instrument.objects.filter(organization=self.organization, code=definition["code"]).first()
        first = choices[0] if choices else None
        return {
            "found": definition,
            "choices": choices,
            "existing": existing,
            "shown": questionnaire(
                version=version,
                form=first.code,
                audience=first.audiences[0].code,
                ecosystem_name=_("your ecosystem"),
            )
            if first
            else None,
        }

    def _imported(self, version: InstrumentVersion) -> HttpResponse:
        if version.is_draft:
            messages.success(self.request, _("Imported as a draft. Check it, then publish it."))
            return redirect(
                reverse("assessments:instrument-draft", args=[self.organization.slug, version.instrument_id])
            )
        messages.success(self.request, _("Imported. Waves can ask version %(label)s now.") % {"label": version.label})
        return redirect(reverse("assessments:instrument", args=[self.organization.slug, version.instrument_id]))
