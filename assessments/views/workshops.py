"""The list of workshops, a new one, and the page on which one is prepared."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView, TemplateView, View

from assessments import permissions
from assessments.dashboards.agendas import Agenda, agenda_of
from assessments.dashboards.commitments.returning import returning_list
from assessments.dashboards.console.doors import doors_of
from assessments.dashboards.rooms.welcome import welcome_to
from assessments.enums import ActivityKind, WorkshopState
from assessments.forms.workshops import NewWorkshopForm, PrivacyForm, WorkshopForm
from assessments.models import Workshop
from assessments.selectors.open_commitments import still_open
from assessments.selectors.workshops import agenda_steps, coming, opened_steps, past, rows_of
from assessments.services.acts import StageProblem
from assessments.services.agenda_templates import start_workshop
from assessments.services.rehearsals import rehearse
from assessments.services.stage import open_doors
from assessments.services.workshops import WorkshopProblem, change_workshop
from assessments.views.workshop_runners import RunWorkshopView
from ecosystems.views.base import OrganizationView

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class WorkshopListView(OrganizationView, ListView[Workshop]):
    """What is live or coming; `?show=past`: what is over. Members see it, those who run workshops prepare."""

    section = "workshops"
    template_name = "assessments/workshops/list.html"
    paginate_by = 30

    @property
    def shows_past(self) -> bool:
        return self.request.GET.get("show") == "past"

    def get_queryset(self) -> Any:
        return rows_of(past(self.viewer) if self.shows_past else coming(self.viewer), self.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(shows_past=self.shows_past, **kwargs)
        runs_all = permissions.may_run(self.viewer)
        rows = [(one, runs_all or one.helped) for one in context["object_list"]]
        return {
            **context,
            "live": [row for row in rows if row[0].is_open],
            "rows": [row for row in rows if not row[0].is_open],
            "may_create": runs_all,
            "has_ecosystem": self.organization.ecosystems.exists() if runs_all and not rows else True,
        }


class WorkshopCreateView(OrganizationView, FormView[NewWorkshopForm]):
    """A new workshop, from an agenda that exists or an empty one."""

    allowed = permissions.may_run
    section = "workshops"
    template_name = "assessments/workshops/new.html"
    form_class = NewWorkshopForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organization": self.organization}

    def get_initial(self) -> dict[str, Any]:
        return {"ecosystem": self.organization.ecosystems.first(), "agenda": self.request.GET.get("agenda")}

    def form_valid(self, form: NewWorkshopForm) -> HttpResponse:
        setup = dict(form.cleaned_data)
        del setup["zone"]
        try:
            workshop = start_workshop(by=self.viewer.user, **setup)
        except WorkshopProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return redirect(workshop)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "has_ecosystem": self.organization.ecosystems.exists()}


class WorkshopMixin(RunWorkshopView):
    """A page about preparing one workshop, for those who run it."""

    page_name: "ClassVar[StrOrPromise]" = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"workshop": self.workshop, "crumbs": self.crumbs(), **kwargs})

    def crumbs(self) -> list[tuple[str, str | None]]:
        here = self.here()
        return [
            (_("Workshops"), reverse("assessments:workshops", args=[self.organization.slug])),
            (self.workshop.title, self.workshop.get_absolute_url() if here else None),
            *([(here, None)] if here else []),
        ]

    def here(self) -> str:
        """What this page is called; '' for the workshop's own."""
        return str(self.page_name)

    def back(self) -> HttpResponse:
        return redirect(self.workshop)


class WorkshopFormView(WorkshopMixin, FormView[Any], ABC):
    """A form about a workshop; what a service refuses is said on the form, and everything typed stays."""

    form_class: Any = forms.Form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            said = self.act(form)
        except (WorkshopProblem, StageProblem) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, said or _("Saved."))
        return self.done()

    @abstractmethod
    def act(self, form: Any) -> str:
        """Do it and say what was done, if that is more than having saved. May raise WorkshopProblem."""

    def done(self) -> HttpResponse:
        return self.back()


class WorkshopView(WorkshopMixin, TemplateView):
    """The agenda, the ways in, the rules, and what can be done with the workshop."""

    template_name = "assessments/workshops/workshop.html"
    of_rehearsals = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        original = self.workshop.rehearsal_of
        return redirect(original) if original else super().get(request, *args, **kwargs)

    @cached_property
    def agenda(self) -> Agenda:
        return agenda_of(self.workshop, agenda_steps(self.workshop), opened_steps(self.workshop))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        workshop = self.workshop
        is_over = workshop.state == WorkshopState.ENDED
        return super().get_context_data(
            agenda=self.agenda,
            returning=None if is_over else returning_list(still_open(workshop.ecosystem)),
            doors=doors_of(workshop),
            welcome=welcome_to(workshop),
            seats=workshop.seats.count(),
            helpers=list(workshop.co_facilitators.order_by("name", "pk")),
            may_create=permissions.may_run(self.viewer),
            kinds=ActivityKind.choices,
            **kwargs,
        )


class OpenDoorsView(WorkshopMixin, View):
    """Let people join, and go to the console."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            open_doors(workshop=self.workshop, by=self.viewer.user)
        except StageProblem as problem:
            messages.error(request, str(problem))
            return self.back()
        return redirect("assessments:console", self.organization.slug, pk)


class RehearseView(WorkshopMixin, View):
    """Make a copy with invented people, and go to its console."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            copy = rehearse(workshop=self.workshop, by=self.viewer.user)
        except (StageProblem, WorkshopProblem) as problem:
            messages.error(request, str(problem))
            return self.back()
        return redirect("assessments:console", self.organization.slug, copy.pk)


class WorkshopChangeView(WorkshopFormView):
    """Title, purpose, start, wave."""

    template_name = "assessments/workshops/change.html"
    page_name = gettext_lazy("Title, time, wave")
    form_class = WorkshopForm
    NAMES = ("title", "purpose", "starts_at", "wave")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "organization": self.organization,
            "ecosystem": self.workshop.ecosystem,
        }

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.workshop, name) for name in self.NAMES}

    def act(self, form: WorkshopForm) -> str:
        changes = {name: form.cleaned_data[name] for name in self.NAMES}
        change_workshop(workshop=self.workshop, by=self.viewer.user, **changes)
        return ""


class WorkshopPrivacyView(WorkshopFormView):
    """What everybody is told before they join; fixed once somebody has."""

    template_name = "assessments/workshops/privacy.html"
    page_name = gettext_lazy("Privacy rules")
    form_class = PrivacyForm

    @cached_property
    def fixed(self) -> bool:
        return self.workshop.state == WorkshopState.ENDED or self.workshop.seats.exists()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "workshop": self.workshop, "fixed": self.fixed}

    def act(self, form: PrivacyForm) -> str:
        change_workshop(workshop=self.workshop, by=self.viewer.user, **form.cleaned_data)
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(fixed=self.fixed, welcome=welcome_to(self.workshop), **kwargs)
