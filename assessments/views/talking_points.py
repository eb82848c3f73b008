"""From "What to talk about next" on the results of a wave into a workshop."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from assessments import permissions
from assessments.forms.workshops import TalkingPointForm
from assessments.models import Wave, Workshop
from assessments.selectors.asked_items import Named
from assessments.selectors.themes import themes_of
from assessments.selectors.workshops import in_preparation_for, waves_to_talk_about
from assessments.services.talking_points import add_talking_point, talked_about
from assessments.services.workshops import WorkshopProblem
from ecosystems.views.base import OrganizationView


class TalkingPointView(OrganizationView, FormView[TalkingPointForm]):
    """Choose the workshop, and whether the room rates before it talks."""

    section = "assessments"
    template_name = "assessments/workshops/talking_point.html"
    form_class = TalkingPointForm

    @cached_property
    def wave(self) -> Wave:
        waves = waves_to_talk_about(self.organization).select_related("assessment__ecosystem", "version")
        return get_object_or_404(waves.defer("version__definition"), pk=self.kwargs["pk"])

    @cached_property
    def about(self) -> Named:
        found = talked_about(self.wave, self.kwargs["code"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def theme(self) -> str:
        """The name of the theme of comments on it that is taken along; '' without one. Raises Http404."""
        asked = self.request.GET.get("theme", "")
        named = {str(one.row.pk): one.row.title for one in themes_of(self.wave, self.about.code)} if asked else {"": ""}
        if asked not in named:
            raise Http404
        return named[asked]

    @cached_property
    def workshops(self) -> list[Workshop]:
        return list(in_preparation_for(self.wave, self.viewer)[:50])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "workshops": self.workshops,
            "may_create": permissions.may_run(self.viewer),
        }

    def check(self) -> None:
        """404 for what is not there, then 403 for who runs no workshop about it."""
        if not (self.about and (permissions.may_run(self.viewer) or self.workshops)):
            raise PermissionDenied

    def form_valid(self, form: TalkingPointForm) -> HttpResponse:
        chosen = form.cleaned_data["workshop"]
        try:
            workshop = add_talking_point(
                wave=self.wave,
                code=self.about.code,
                rate=form.cleaned_data["as_kind"] == form.RATE,
                workshop=next((one for one in self.workshops if str(one.pk) == chosen), None),
                title=form.cleaned_data["title"],
                theme=self.theme,
                by=self.viewer.user,
            )
        except WorkshopProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("“%(name)s” is on the agenda.") % {"name": self.theme or self.about.name})
        return redirect(workshop)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assessment = self.wave.assessment
        results = reverse("assessments:results", args=[self.organization.slug, self.wave.pk])
        return super().get_context_data(
            wave=self.wave,
            about=self.about,
            name=self.theme or self.about.name,
            results_url=results,
            crumbs=[
                (assessment.name, assessment.get_absolute_url()),
                (self.wave.title, results),
                (self.about.name, None),
            ],
            **kwargs,
        )
