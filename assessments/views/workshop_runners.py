"""Pages about one workshop for those who run it: to prepare it, and to lead it."""

from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import View

from assessments import permissions
from assessments.models import Workshop
from assessments.selectors.consoles import workshops_of
from ecosystems.models import Organization
from ecosystems.permissions import Viewer
from ecosystems.views.base import OrganizationView


class _Runners(View):
    """Behind tenancy, before the method: who may run this workshop; others of the organization get 403."""

    viewer: Viewer
    organization: Organization
    of_rehearsals: ClassVar[bool] = False
    """Whether there is such a page of a rehearsal, too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        runs_all = permissions.may_run(self.viewer)  # who does is told of a wrong method before a wrong workshop
        if not runs_all and not permissions.may_run_workshop(self.viewer, self.workshop):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def workshop(self) -> Workshop:
        found = workshops_of(self.organization)
        if not self.of_rehearsals:
            found = found.filter(rehearsal_of=None)
        return get_object_or_404(found, pk=self.kwargs["pk"])


class RunWorkshopView(OrganizationView, _Runners):
    section = "workshops"
