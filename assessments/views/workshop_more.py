"""What else can be done with a workshop: helpers, a copy, its agenda kept, a poster, deleting it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView, TemplateView

from assessments import permissions
from assessments.dashboards.console.doors import doors_of
from assessments.dashboards.rooms.welcome import welcome_to
from assessments.enums import WorkshopState
from assessments.forms.workshops import DeleteWorkshopForm, DuplicateForm, HelpersForm, KeptAgendaForm
from assessments.models import AgendaTemplate, Workshop
from assessments.selectors.workshops import agenda_steps
from assessments.services.agenda_templates import delete_template, rename_template, save_as_template
from assessments.services.workshops import WorkshopProblem, delete_workshop, duplicate_workshop, set_helpers
from assessments.views.workshops import WorkshopFormView, WorkshopMixin
from ecosystems.views.base import OrganizationView


class HelpersView(WorkshopFormView):
    """Who runs this workshop beside the facilitators and admins."""

    allowed = permissions.may_run
    template_name = "assessments/workshops/helpers.html"
    page_name = gettext_lazy("Who runs it")
    form_class = HelpersForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "workshop": self.workshop}

    def act(self, form: HelpersForm) -> str:
        set_helpers(workshop=self.workshop, people=form.cleaned_data["people"], by=self.viewer.user)
        return ""


class DuplicateView(WorkshopFormView):
    """The same agenda and rules for another day."""

    allowed = permissions.may_run
    template_name = "assessments/workshops/duplicate.html"
    page_name = gettext_lazy("Duplicate")
    form_class = DuplicateForm
    copy: Workshop

    def get_initial(self) -> dict[str, Any]:
        return {"title": (_("%(title)s (copy)") % {"title": self.workshop.title})[:120]}

    def act(self, form: DuplicateForm) -> str:
        self.copy = duplicate_workshop(
            workshop=self.workshop,
            title=form.cleaned_data["title"],
            starts_at=form.cleaned_data["starts_at"],
            by=self.viewer.user,
        )
        return _("This is the copy.")

    def done(self) -> HttpResponse:
        return redirect(self.copy)


class KeepAgendaView(WorkshopFormView):
    """Keep the agenda for the organization."""

    allowed = permissions.may_run
    template_name = "assessments/workshops/keep_agenda.html"
    page_name = gettext_lazy("Save the agenda")
    form_class = KeptAgendaForm

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.workshop.title}

    def act(self, form: KeptAgendaForm) -> str:
        save_as_template(workshop=self.workshop, by=self.viewer.user, **form.cleaned_data)
        return _("The agenda is saved. New workshops can start from it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=agenda_steps(self.workshop), **kwargs)


class WorkshopDeleteView(WorkshopFormView):
    """Says what is lost before it is."""

    allowed = permissions.may_run
    template_name = "assessments/workshops/delete.html"
    page_name = gettext_lazy("Delete")
    form_class = DeleteWorkshopForm

    @property
    def was_held(self) -> bool:
        return self.workshop.state != WorkshopState.DRAFT or self.workshop.seats.exists()

    def act(self, form: DeleteWorkshopForm) -> str:
        title = self.workshop.title
        if self.was_held and form.cleaned_data["typed"].strip() != title:
            raise WorkshopProblem(_("Type the title exactly as it is: %(title)s") % {"title": title})
        delete_workshop(workshop=self.workshop, by=self.viewer.user)
        return _("“%(title)s” is deleted.") % {"title": title}

    def done(self) -> HttpResponse:
        return redirect("assessments:workshops", self.organization.slug)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            was_held=self.was_held,
            commitments=self.workshop.commitments.count(),
            **kwargs,
        )


class WorkshopPosterView(WorkshopMixin, TemplateView):
    """Code, link and QR to print and hang up."""

    template_name = "assessments/workshops/poster.html"
    page_name = gettext_lazy("To print")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(doors=doors_of(self.workshop), welcome=welcome_to(self.workshop), **kwargs)


class KeptAgendasView(OrganizationView, ListView[AgendaTemplate]):
    """The agendas that the organization keeps."""

    allowed = permissions.may_run
    section = "workshops"
    template_name = "assessments/workshops/agendas.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        return AgendaTemplate.objects.filter(organization=self.organization)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Workshops"), _workshops_url(self)), (_("Saved agendas"), None)]
        return super().get_context_data(crumbs=crumbs, **kwargs)


class _KeptAgendaMixin(OrganizationView, FormView[Any]):
    allowed = permissions.may_run
    section = "workshops"

    @property
    def kept(self) -> AgendaTemplate:
        return get_object_or_404(AgendaTemplate, organization=self.organization, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.kept
        crumbs = [
            (_("Workshops"), _workshops_url(self)),
            (_("Saved agendas"), reverse("assessments:kept-agendas", args=[self.organization.slug])),
            (kept.title, None),
        ]
        return super().get_context_data(kept=kept, crumbs=crumbs, **kwargs)

    def done(self) -> HttpResponse:
        return redirect("assessments:kept-agendas", self.organization.slug)


class KeptAgendaView(_KeptAgendaMixin):
    """One kept agenda: its steps; title and description to change."""

    template_name = "assessments/workshops/agenda.html"
    form_class = KeptAgendaForm

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.kept.title, "description": self.kept.description}

    def form_valid(self, form: KeptAgendaForm) -> HttpResponse:
        try:
            rename_template(template=self.kept, by=self.viewer.user, **form.cleaned_data)
        except WorkshopProblem as problem:
            form.add_error("title", str(problem))
            return self.form_invalid(form)
        return self.done()


class KeptAgendaDeleteView(_KeptAgendaMixin):
    """Asks before a kept agenda is forgotten."""

    template_name = "assessments/workshops/delete_agenda.html"
    form_class = DeleteWorkshopForm

    def form_valid(self, form: DeleteWorkshopForm) -> HttpResponse:
        delete_template(template=self.kept, by=self.viewer.user)
        return self.done()


def _workshops_url(view: OrganizationView) -> str:
    return reverse("assessments:workshops", args=[view.organization.slug])
