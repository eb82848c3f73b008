"""Tenancy for pages: `/o/<organization>/…` is resolved here once, and outsiders see 404."""

from typing import Any, ClassVar, cast

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic import View
from django.views.generic.base import ContextMixin

from ecosystems import permissions
from ecosystems.models import Organization
from ecosystems.permissions import Predicate, Viewer
from ecosystems.services.people import note_seen

LAST_ORGANIZATION = "organization"
"""The cookie by which the start page knows where the person was last; membership is checked all the same."""
A_YEAR = 365 * 24 * 3600


class OrganizationView(AccessMixin, ContextMixin, View):
    """A page of one organization.

    Nobody logged in: the log-in page. An outsider: 404, as for an address that does not exist. A member whom
    `allowed` or `check` refuses: 403. Views read `self.viewer` and `self.organization`.
    """

    allowed: ClassVar[Predicate] = permissions.is_member
    section: ClassVar[str] = ""
    """Which entry of the main navigation is current: home, ecosystem, assessments, instruments, people."""

    viewer: Viewer
    organization: Organization

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        viewer = permissions.viewer_for(user=request.user, slug=kwargs.pop("organization"))
        if viewer is None:
            raise Http404
        self.viewer, self.organization = viewer, viewer.organization
        if not type(self).allowed(viewer):
            raise PermissionDenied
        note_seen(user=viewer.user)
        try:
            self.check()
            response = super().dispatch(request, *args, **kwargs)
        except ObjectDoesNotExist:  # somebody else has deleted it since the request came in
            raise Http404 from None
        if request.COOKIES.get(LAST_ORGANIZATION) != self.organization.slug:
            cast(HttpResponse, response).set_cookie(
                LAST_ORGANIZATION,
                self.organization.slug,
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response

    def check(self) -> None:
        """What the role does not tell: raises Http404 for what is not there, PermissionDenied for whose it is not."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "viewer": self.viewer,
            "organization": self.organization,
            "section": self.section,
            "may_facilitate": permissions.is_facilitator(self.viewer),
            "may_administer": permissions.is_admin(self.viewer),
            **super().get_context_data(**kwargs),
        }
