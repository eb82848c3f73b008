"""Organizations: a new one, settings, what was done."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from ecosystems import permissions
from ecosystems.forms.organizations import NewOrganizationForm, OrganizationForm
from ecosystems.models import Organization, User
from ecosystems.selectors.audit import audit_entries
from ecosystems.services.organizations import TooManyOrganizations, create_organization, update_organization
from ecosystems.views.base import OrganizationView

A_PAGE = 50


class NewOrganizationView(LoginRequiredMixin, FormView[NewOrganizationForm]):
    """Anybody with an account may start an organization, and is its admin."""

    template_name = "ecosystems/organizations/new.html"
    form_class = NewOrganizationForm

    def form_valid(self, form: NewOrganizationForm) -> HttpResponse:
        try:
            organization = create_organization(name=form.cleaned_data["name"], by=cast(User, self.request.user))
        except TooManyOrganizations as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return redirect(organization)


class SettingsView(OrganizationView, FormView[OrganizationForm]):
    """Name and privacy minimums."""

    allowed = permissions.is_admin
    section = "settings"
    template_name = "ecosystems/organizations/settings.html"
    form_class = OrganizationForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # a copy: what is typed but refused must not show in the page's frame
        return {**super().get_form_kwargs(), "instance": Organization.objects.get(pk=self.organization.pk)}

    def get_success_url(self) -> str:
        return reverse("ecosystems:settings", args=[self.organization.slug])

    def form_valid(self, form: OrganizationForm) -> HttpResponse:
        update_organization(organization=self.organization, by=self.viewer.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)


class AuditView(OrganizationView, TemplateView):
    """Who did what, newest first."""

    allowed = permissions.is_admin
    section = "settings"
    template_name = "ecosystems/organizations/audit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        find = self.request.GET.get("find", "").replace("\0", "").strip()[:100]
        pages = Paginator(audit_entries(self.organization, find=find), A_PAGE)
        return super().get_context_data(page=pages.get_page(self.request.GET.get("page")), find=find, **kwargs)
