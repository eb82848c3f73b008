"""Instruments: the list, one of them as a readable questionnaire, its versions, changes, copies and files."""

import math
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from assessments.exports.instrument_yaml import instrument_yaml
from assessments.forms.instruments import DuplicateForm
from assessments.models import Instrument, InstrumentVersion
from assessments.selectors.instrument_changes import changes_between
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.instruments import instrument_rows, instruments_of, uses_of, versions_of
from assessments.selectors.questionnaires import FormChoice, Questionnaire, choices_of, questionnaire
from assessments.services.instruments import CodeTaken, duplicate_instrument
from ecosystems import permissions
from ecosystems.views.base import OrganizationView

DRAFT = "draft"
PAGE = 50


class InstrumentListView(OrganizationView, TemplateView):
    template_name = "assessments/instruments/list.html"
    allowed = permissions.is_facilitator
    section = "instruments"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(instrument_rows(self.organization), PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(rows=page.object_list, page_obj=page, **kwargs)


class InstrumentMixin(OrganizationView):
    """One instrument that the organization may use, and the version that `?version=` names: a number or “draft”."""

    allowed = permissions.is_facilitator
    section = "instruments"

    @cached_property
    def instrument(self) -> Instrument:
        return get_object_or_404(instruments_of(self.organization), pk=self.kwargs["pk"])

    @cached_property
    def versions(self) -> list[InstrumentVersion]:
        return versions_of(self.instrument)

    @cached_property
    def version(self) -> InstrumentVersion:
        """The version asked for; without one the newest published, else the draft. Unknown: 404."""
        version = self.version_named(self.request.GET.get("version", ""))
        if version is None:
            raise Http404
        return version

    def version_named(self, name: str) -> InstrumentVersion | None:
        if not name:
            published = [version for version in self.versions if not version.is_draft]
            return next(iter(published or self.versions), None)
        return next((one for one in self.versions if name == (DRAFT if one.is_draft else str(one.number))), None)

    @property
    def is_own(self) -> bool:
        return self.instrument.organization_id is not None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"instrument": self.instrument, "is_own": self.is_own, **kwargs})


class InstrumentView(InstrumentMixin, TemplateView):
    """The questionnaire of one form and audience, as text to read."""

    template_name = "assessments/instruments/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choices = choices_of(self.version)
        return super().get_context_data(
            version=self.version,
            versions=self.versions,
            draft=next((version for version in self.versions if version.is_draft), None),
            text=instrument_text(self.version),
            choices=choices,
            shown=self.shown(choices),
            uses=uses_of(instrument=self.instrument, organization=self.organization),
            **kwargs,
        )

    def shown(self, choices: tuple[FormChoice, ...]) -> Questionnaire | None:
        """What `?form=` and `?audience=` name; the first there is for what is missing or unknown."""
        wanted, audience = self.request.GET.get("form"), self.request.GET.get("audience")
        form = next((choice for choice in choices if choice.code == wanted), next(iter(choices), None))
        if form is None:
            return None
        codes = [choice.code for choice in form.audiences]
        return questionnaire(
            version=self.version,
            form=form.code,
            audience=audience if audience in codes else codes[0],
            ecosystem_name=_("your ecosystem"),
        )


class InstrumentChangesView(InstrumentMixin, TemplateView):
    """What differs between two versions: `?from=` (by default the one before) and `?version=`."""

    template_name = "assessments/instruments/changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = self.version
        before = new.number or math.inf
        older = [one for one in self.versions if one.number and one.number < before]
        named = self.version_named(self.request.GET["from"]) if self.request.GET.get("from") else None
        old = named or (older[0] if older else None)
        return super().get_context_data(
            old=old,
            new=new,
            versions=self.versions,
            changes=changes_between(old.definition, new.definition) if old else (),
            **kwargs,
        )


class InstrumentDownloadView(InstrumentMixin, View):
    """The version as a YAML file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        label = DRAFT if self.version.is_draft else self.version.number
        return HttpResponse(
            instrument_yaml(self.version.definition),
            content_type="application/yaml; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{self.instrument.code}-{label}.yaml"'},
        )


class InstrumentDuplicateView(InstrumentMixin, FormView[DuplicateForm]):
    template_name = "assessments/instruments/duplicate.html"
    form_class = DuplicateForm
    allowed = permissions.is_admin

    def get_initial(self) -> dict[str, Any]:
        return {
            "name": _("%(name)s (copy)") % {"name": self.instrument.name[:150]},
            "code": f"{self.instrument.code[:55]}-copy",
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(version=self.version, **kwargs)

    def form_valid(self, form: DuplicateForm) -> HttpResponse:
        try:
            draft = duplicate_instrument(
                version=self.version, organization=self.organization, by=self.viewer.user, **form.cleaned_data
            )
        except CodeTaken as problem:
            form.add_error("code", str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The copy is a draft. Change what you like, then publish it."))
        return redirect(reverse("assessments:instrument-draft", args=[self.organization.slug, draft.instrument_id]))
