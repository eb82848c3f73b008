"""People and roles: who belongs to the organization, and who is invited."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, ListView, TemplateView, View

from ecosystems import permissions
from ecosystems.enums import Role
from ecosystems.forms.people import InviteForm, RoleForm
from ecosystems.models import MemberInvitation, Membership
from ecosystems.selectors import people as selectors
from ecosystems.services import invitations, people
from ecosystems.views.base import OrganizationView

A_PAGE = 50


class PeopleView(OrganizationView, ListView[Membership]):
    """Members with role and last visit; below, the offers nobody has taken yet."""

    allowed = permissions.is_facilitator
    section = "people"
    template_name = "ecosystems/people/people.html"
    paginate_by = A_PAGE

    def get_queryset(self) -> Any:
        self.find, self.role = (
            self.request.GET.get("find", "").replace("\0", "").strip()[:100],
            self.request.GET.get("role", ""),
        )
        return selectors.members(self.organization, find=self.find, role=self.role)

    def get_paginate_by(self, queryset: Any) -> int:
        return A_PAGE

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        # a page that is gone after a removal is the last page, not an error
        page = Paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Paginator(selectors.open_invitations(self.organization), A_PAGE)
        return super().get_context_data(
            find=self.find,
            role=self.role,
            roles=Role.choices,
            waiting=waiting.get_page(self.request.GET.get("waiting")),
            now=timezone.now(),
            **kwargs,
        )


class AdminsFormView(OrganizationView, FormView[Any]):
    """A form about people; only admins."""

    allowed = permissions.is_admin
    section = "people"

    def get_success_url(self) -> str:
        return reverse("ecosystems:people", args=[self.organization.slug])


class InviteView(AdminsFormView):
    template_name = "ecosystems/people/invite.html"
    form_class = InviteForm
    initial = {"role": Role.LEADER}

    def form_valid(self, form: InviteForm) -> HttpResponse:
        try:
            result = invitations.invite_people(
                organization=self.organization,
                addresses=form.cleaned_data["addresses"],
                role=form.cleaned_data["role"],
                by=self.viewer.user,
            )
        except invitations.InvitationRefused as problem:
            form.add_error("addresses", str(problem))
            return self.form_invalid(form)
        if result.invited:
            text = ngettext("%(count)d person is invited.", "%(count)d people are invited.", len(result.invited))
            messages.success(self.request, text % {"count": len(result.invited)})
        for text, left in (
            (_("Already here, left as they are: %(list)s"), result.members),
            (_("Already invited; send those again from the list below: %(list)s"), result.waiting),
        ):
            if left:
                some = ", ".join(left[:5]) + (f" +{len(left) - 5}" if len(left) > 5 else "")
                messages.info(self.request, text % {"list": some})
        return super().form_valid(form)


class MemberView(AdminsFormView):
    """One member: change the role."""

    template_name = "ecosystems/people/member.html"
    form_class = RoleForm

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.membership.role}

    @property
    def membership(self) -> Membership:
        if not hasattr(self, "_membership"):
            found = self.organization.memberships.select_related("user", "organization")
            self._membership = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._membership

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(membership=self.membership, **kwargs)

    def form_valid(self, form: RoleForm) -> HttpResponse:
        try:
            people.change_role(membership=self.membership, role=form.cleaned_data["role"], by=self.viewer.user)
        except people.LastAdmin as problem:
            form.add_error("role", str(problem))
            return self.form_invalid(form)
        text = _("%(name)s is now: %(role)s.")
        role = form.cleaned_data["role"].label
        messages.success(self.request, text % {"name": self.membership.user, "role": role})
        if self.membership.user_id == self.viewer.user.pk and form.cleaned_data["role"] is not Role.ADMIN:
            return redirect(self.organization)  # who has demoted themselves may no longer see the list
        return super().form_valid(form)


class RemoveMemberView(OrganizationView, TemplateView):
    allowed = permissions.is_admin
    section = "people"
    template_name = "ecosystems/people/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.organization.memberships.select_related("user", "organization")
        return super().get_context_data(membership=get_object_or_404(found, pk=self.kwargs["pk"]), **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = get_object_or_404(self.organization.memberships.select_related("user"), pk=pk)
        try:
            people.remove_member(membership=membership, by=self.viewer.user)
        except people.LastAdmin as problem:
            return self.render_to_response(self.get_context_data(problem=str(problem)), status=409)
        if membership.user_id == self.viewer.user.pk:
            messages.success(request, _("You have left %(name)s.") % {"name": self.organization})
            return redirect("ecosystems:start")
        messages.success(request, _("%(name)s has been removed.") % {"name": membership.user})
        return redirect("ecosystems:people", self.organization.slug)


class InvitationView(OrganizationView, View):
    """What can be done to an open offer: POST only."""

    allowed = permissions.is_admin
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        invitation = get_object_or_404(MemberInvitation, organization=self.organization, pk=pk)
        try:
            if act == "resend":
                invitations.resend_invitation(invitation=invitation, by=self.viewer.user)
                text = _("The link is on its way to %(email)s again, good for another 14 days.")
            else:
                invitations.withdraw_invitation(invitation=invitation, by=self.viewer.user)
                text = _("The invitation of %(email)s is withdrawn.")
            messages.success(request, text % {"email": invitation.email})
        except invitations.InvitationRefused as problem:
            messages.error(request, str(problem))
        return redirect("ecosystems:people", self.organization.slug)
