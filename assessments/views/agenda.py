"""Adding, changing, moving and removing the steps of an agenda; agendas that are added as a whole."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from assessments.enums import ActivityKind, WorkshopState
from assessments.forms.agenda import WORDS, StepForm
from assessments.forms.agenda_kinds import FORMS, KIND_HINTS
from assessments.forms.workshops import AgendaChoiceForm
from assessments.models import Activity
from assessments.services.agenda import (
    StaysOnTheAgenda,
    add_activity,
    change_activity,
    has_been_opened,
    move_activity,
    remove_activity,
)
from assessments.services.agenda_templates import apply_agenda
from assessments.services.workshops import WorkshopProblem
from assessments.views.workshops import WorkshopFormView, WorkshopMixin

CONSOLE = "console"


class _AgendaMixin(WorkshopMixin):
    """A page about the agenda; it leads back to the console where it was called from there."""

    of_rehearsals = True

    @property
    def from_console(self) -> bool:
        request: HttpRequest = self.request
        return self.workshop.is_rehearsal or CONSOLE in (request.GET.get("from"), request.POST.get("from"))

    @property
    def back_url(self) -> str:
        if self.from_console:
            return reverse("assessments:console", args=[self.organization.slug, self.workshop.pk])
        return f"{self.workshop.get_absolute_url()}#agenda"

    def back(self) -> HttpResponse:
        return redirect(self.back_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"back_url": self.back_url, "from_console": self.from_console, **kwargs})


class _StepView(_AgendaMixin, WorkshopFormView, ABC):
    """The form of one step."""

    template_name = "assessments/workshops/step.html"

    @cached_property
    def activity(self) -> Activity | None:
        return None

    @property
    @abstractmethod
    def kind(self) -> ActivityKind:
        """What the step does."""

    @cached_property
    def fixed(self) -> bool:
        return False

    def get_form_class(self) -> type[StepForm]:
        return FORMS[self.kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "workshop": self.workshop,
            "steps": self.workshop.activities.count(),
            "activity": self.activity,
            "fixed": self.fixed,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            kind=self.kind,
            kind_hint=KIND_HINTS[self.kind],
            fixed=self.fixed,
            activity=self.activity,
            ended=self.workshop.state == WorkshopState.ENDED,
            **kwargs,
        )


class StepAddView(_StepView):
    """A new step. Without a kind: the kinds to choose from."""

    page_name = gettext_lazy("Add a step")

    @cached_property
    def kind(self) -> ActivityKind:
        try:
            return ActivityKind(self.request.GET.get("kind", ""))
        except ValueError as problem:
            raise Http404 from problem

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "kind" not in request.GET:
            kinds = [(kind, kind.label, KIND_HINTS[kind]) for kind in FORMS]
            context = super(_StepView, self).get_context_data(form=None, kinds=kinds)
            return self.response_class(request, ["assessments/workshops/kinds.html"], context)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "kind" not in request.GET:
            return redirect("assessments:activity-new", self.organization.slug, self.workshop.pk)
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        after = self.request.GET.get("after", "")
        if not (after.isdecimal() and after.isascii() and len(after) < 19):
            return {}
        step = self.workshop.activities.filter(pk=int(after)).first()
        return {"place": step.position + 2} if step else {}

    def act(self, form: StepForm) -> str:
        assert form.plan is not None
        words = form.words
        step = add_activity(
            workshop=self.workshop,
            kind=self.kind,
            plan=form.plan,
            to=form.cleaned_data["place"] - 1,
            by=self.viewer.user,
            **words,
        )
        return _("“%(step)s” is on the agenda.") % {"step": step.title}


class StepView(_StepView):
    """A step to change; once the room has seen it open, its words only."""

    def here(self) -> str:
        return self.activity.title

    @cached_property
    def activity(self) -> Activity:
        return get_object_or_404(self.workshop.activities.all(), pk=self.kwargs["activity"])

    @cached_property
    def kind(self) -> ActivityKind:
        return ActivityKind(self.activity.kind)

    @cached_property
    def fixed(self) -> bool:
        """Where somebody opened it in the room while this was typed, what was typed stays and the service refuses."""
        asked = set(FORMS[self.kind].base_fields) - set(WORDS)
        return has_been_opened(self.activity) and not asked & set(self.request.POST)

    def act(self, form: StepForm) -> str:
        change_activity(
            activity=self.activity,
            plan=form.plan,
            to=form.cleaned_data["place"] - 1,
            by=self.viewer.user,
            **form.words,
        )
        return ""


class StepMoveView(_AgendaMixin, View):
    """One place up or down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, activity: int) -> HttpResponse:
        step = get_object_or_404(self.workshop.activities.all(), pk=activity)
        by = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
        if by:
            try:
                move_activity(activity=step, to=max(0, step.position + by), by=self.viewer.user)
            except WorkshopProblem as problem:
                messages.error(request, str(problem))
        return self.back() if self.from_console else redirect(f"{self.workshop.get_absolute_url()}#step-{step.pk}")


class StepRemoveView(_AgendaMixin, WorkshopFormView):
    """Asks before a step is taken out."""

    template_name = "assessments/workshops/remove_step.html"
    page_name = gettext_lazy("Remove a step")

    @cached_property
    def activity(self) -> Activity:
        return get_object_or_404(self.workshop.activities.all(), pk=self.kwargs["activity"])

    def act(self, form: Any) -> str:
        title = self.activity.title
        remove_activity(activity=self.activity, by=self.viewer.user)
        return _("“%(step)s” is off the agenda.") % {"step": title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stays = has_been_opened(self.activity) or self.workshop.step_id == self.activity.pk
        return super().get_context_data(
            activity=self.activity,
            why_not=str(StaysOnTheAgenda()) if stays else "",
            followers=list(self.activity.followers.order_by("position")),
            **kwargs,
        )


class AgendaAddView(_AgendaMixin, WorkshopFormView):
    """All steps of an agenda, added to those that are there."""

    template_name = "assessments/workshops/add_agenda.html"
    page_name = gettext_lazy("Add an agenda")
    form_class = AgendaChoiceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organization": self.organization}

    def act(self, form: AgendaChoiceForm) -> str:
        apply_agenda(workshop=self.workshop, agenda=form.cleaned_data["agenda"], by=self.viewer.user)
        return _("The steps are on the agenda. Change them as you like.")
