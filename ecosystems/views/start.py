"""The start page: where to go for people who are logged in, what this is for those who are not."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from ecosystems.enums import Role
from ecosystems.forms.organizations import NewOrganizationForm
from ecosystems.links import join_token
from ecosystems.selectors.organizations import organizations_of
from ecosystems.selectors.people import demo_account, invitations_for
from ecosystems.views.base import LAST_ORGANIZATION

DIMENSIONS = (
    ("INN", _("Innovation impact")),
    ("ECO", _("Ecosystem health")),
    ("ADA", _("Adaptability")),
    ("STA", _("Stakeholder satisfaction")),
    ("SUS", _("Sustainability")),
)
DEMO_ROLES = (Role.ADMIN, Role.FACILITATOR, Role.LEADER)


class StartView(TemplateView):
    """Members go to the organization they were in last, people without one start one, strangers learn what this is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            self.template_name = "ecosystems/start/landing.html"
            context = self.get_context_data(demo=settings.DEMO, signup_open=settings.SIGNUP_OPEN, dimensions=DIMENSIONS)
            return self.render_to_response(context)
        mine = list(organizations_of(request.user))
        last = request.COOKIES.get(LAST_ORGANIZATION)
        if mine:
            return redirect(next((one for one in mine if one.slug == last), mine[0]))
        self.template_name = "ecosystems/start/first_run.html"
        waiting = [(one, join_token(one.key)) for one in invitations_for(request.user)]
        return self.render_to_response(self.get_context_data(form=NewOrganizationForm(), waiting=waiting))


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """One click into the demo; in demo mode only, otherwise there is no such address."""
    if not settings.DEMO:
        raise Http404
    role = request.POST.get("role", "")
    user = demo_account(role) if role in DEMO_ROLES else None
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("ecosystems:start")
