"""Ecosystems: the list, one with its stakeholders, new and changed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView, TemplateView

from ecosystems import permissions
from ecosystems.enums import StakeholderGroup
from ecosystems.forms.ecosystems import EcosystemForm
from ecosystems.models import Ecosystem
from ecosystems.selectors import ecosystems as selectors
from ecosystems.services.ecosystems import create_ecosystem, update_ecosystem
from ecosystems.views.base import OrganizationView

A_PAGE = 50


class EcosystemsView(OrganizationView, ListView[Ecosystem]):
    section = "ecosystem"
    template_name = "ecosystems/ecosystems/list.html"
    context_object_name = "ecosystems"
    paginate_by = A_PAGE

    def get_queryset(self) -> Any:
        return selectors.ecosystems_of(self.organization)


class EcosystemMixin(OrganizationView):
    """A page below one ecosystem: `self.ecosystem`."""

    section = "ecosystem"

    @property
    def ecosystem(self) -> Ecosystem:
        if not hasattr(self, "_ecosystem"):
            self._ecosystem = get_object_or_404(
                Ecosystem.objects.select_related("organization"),
                organization=self.organization,
                slug=self.kwargs["ecosystem"],
            )
        return self._ecosystem

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "ecosystem": self.ecosystem})


class EcosystemView(EcosystemMixin, TemplateView):
    """The stakeholders in their four groups."""

    template_name = "ecosystems/ecosystems/ecosystem.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        find, group = (
            self.request.GET.get("find", "").replace("\0", "").strip()[:100],
            self.request.GET.get("group", ""),
        )
        counts = selectors.group_counts(self.ecosystem)
        found = selectors.stakeholders(
            self.ecosystem, find=find, group=group, with_contacts=permissions.is_facilitator(self.viewer)
        )
        return super().get_context_data(
            counts=[(key.value, key.label, count) for key, count in counts.items()],
            total=sum(counts.values()),
            find=find,
            group=group if group in StakeholderGroup.values else "",
            page=Paginator(found, A_PAGE).get_page(self.request.GET.get("page")),
            **kwargs,
        )


class NewEcosystemView(OrganizationView, FormView[EcosystemForm]):
    allowed = permissions.is_facilitator
    section = "ecosystem"
    template_name = "ecosystems/ecosystems/form.html"
    form_class = EcosystemForm

    def form_valid(self, form: EcosystemForm) -> HttpResponse:
        return redirect(create_ecosystem(organization=self.organization, by=self.viewer.user, **form.cleaned_data))


class EditEcosystemView(EcosystemMixin, FormView[EcosystemForm]):
    allowed = permissions.is_facilitator
    template_name = "ecosystems/ecosystems/form.html"
    form_class = EcosystemForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.ecosystem.name, "description": self.ecosystem.description}

    def form_valid(self, form: EcosystemForm) -> HttpResponse:
        update_ecosystem(ecosystem=self.ecosystem, by=self.viewer.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect(self.ecosystem)
