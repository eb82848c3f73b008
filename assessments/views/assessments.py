"""Pages of assessments: the list, one with its waves, starting one, sharing a 360°."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView, TemplateView, View

from assessments import permissions
from assessments.enums import About, Rhythm
from assessments.forms.assessments import AssessmentChangeForm, AssessmentForm, SharingForm
from assessments.models import Assessment
from assessments.selectors.assessments import rows_of, usable_instruments, visible_assessments
from assessments.selectors.waves import progress_of_waves
from assessments.services.assessments import AssessmentProblem, change_assessment, share_results
from assessments.services.wave_setup import create_wave, start_assessment
from assessments.services.waves import NotReady
from ecosystems.views.base import OrganizationView


class AssessmentListView(OrganizationView, ListView[Assessment]):
    """Every assessment that the viewer may know of."""

    section = "assessments"
    template_name = "assessments/assessments/list.html"
    paginate_by = 30

    def get_queryset(self) -> Any:
        return visible_assessments(self.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "rows": rows_of(list(context["object_list"]))}


class AssessmentCreateView(OrganizationView, FormView[AssessmentForm]):
    """Start an assessment; its first wave is made with it, ready to be changed."""

    allowed = permissions.may_run
    section = "assessments"
    template_name = "assessments/assessments/new.html"
    form_class = AssessmentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organization": self.organization}

    def get_initial(self) -> dict[str, Any]:
        return {
            "ecosystem": self.organization.ecosystems.first(),
            "instrument": usable_instruments(self.organization).first(),
        }

    def form_valid(self, form: AssessmentForm) -> HttpResponse:
        cleaned = form.cleaned_data
        try:
            wave = start_assessment(
                ecosystem=cleaned["ecosystem"],
                instrument=cleaned["instrument"],
                name=cleaned["name"],
                about=About(cleaned["about"]),
                leader=cleaned["leader"],
                rhythm=Rhythm(cleaned["rhythm"]),
                by=self.viewer.user,
            )
        except (AssessmentProblem, NotReady) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return redirect("assessments:wave-questions", self.organization.slug, wave.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "has_ecosystem": self.organization.ecosystems.exists()}


class AssessmentMixin(OrganizationView):
    """A page of one assessment that the viewer may know of."""

    section = "assessments"

    @cached_property
    def assessment(self) -> Assessment:
        return get_object_or_404(visible_assessments(self.viewer), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"assessment": self.assessment, **kwargs})


class AssessmentView(AssessmentMixin, TemplateView):
    """One assessment and its waves, newest first."""

    template_name = "assessments/assessments/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waves = list(self.assessment.waves.select_related("version", "result").order_by("-number")[:100])
        progress = progress_of_waves(waves)
        may_see = permissions.may_see_results(self.viewer, self.assessment)
        return super().get_context_data(
            waves=[(wave, progress[wave.pk]) for wave in waves],
            may_see_results=may_see,
            is_about_viewer=permissions.is_about(self.viewer, self.assessment),
            **kwargs,
        )


class AssessmentChangeView(AssessmentMixin, FormView[AssessmentChangeForm]):
    allowed = permissions.may_run
    template_name = "assessments/assessments/change.html"
    form_class = AssessmentChangeForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.assessment.name, "rhythm": self.assessment.rhythm}

    def form_valid(self, form: AssessmentChangeForm) -> HttpResponse:
        cleaned = form.cleaned_data
        change_assessment(
            assessment=self.assessment, name=cleaned["name"], rhythm=Rhythm(cleaned["rhythm"]), by=self.viewer.user
        )
        messages.success(self.request, _("Saved."))
        return redirect(self.assessment)


class SharingView(AssessmentMixin, FormView[SharingForm]):
    """The leader of a 360° chooses who else sees the results; nobody else can."""

    template_name = "assessments/assessments/sharing.html"
    form_class = SharingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        if not permissions.is_about(self.viewer, self.assessment):
            raise PermissionDenied
        return {**super().get_form_kwargs(), "assessment": self.assessment}

    def form_valid(self, form: SharingForm) -> HttpResponse:
        share_results(assessment=self.assessment, people=form.cleaned_data["people"], by=self.viewer.user)
        messages.success(self.request, _("Saved."))
        return redirect(self.assessment)


class NextWaveView(AssessmentMixin, View):
    """Make the next wave, with the last one's set-up and people."""

    allowed = permissions.may_run
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            wave = create_wave(assessment=self.assessment, by=self.viewer.user)
        except NotReady as problem:
            messages.error(request, str(problem))
            return redirect(self.assessment)
        return redirect(wave)
