"""The answer to an invitation's link: each way it can be, said honestly."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from ecosystems.forms.joining import JoinForm
from ecosystems.links import MistypedLink, read_join_token
from ecosystems.models import MemberInvitation, User
from ecosystems.services.invitations import InvitationRefused, accept_invitation, join_as_new

BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(never_cache, name="dispatch")
class JoinView(TemplateView):
    """`state` says which of the answers this is: the template has one for each."""

    template_name = "ecosystems/joining/join.html"
    invitation: MemberInvitation | None = None
    STATUS = {"mistyped": 404, "used": 410, "withdrawn": 410, "expired": 410, "other-address": 403}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    def find_state(self) -> str:
        try:
            key = read_join_token(self.kwargs["token"])
        except MistypedLink:
            return "mistyped"
        self.invitation = MemberInvitation.objects.select_related("organization", "invited_by").filter(key=key).first()
        invitation, user = self.invitation, self.request.user
        if invitation is None:
            return "mistyped"
        if user.is_authenticated and invitation.organization.memberships.filter(user=user).exists():
            return "member"
        if invitation.accepted_at:
            return "used"
        if invitation.withdrawn_at:
            return "withdrawn"
        if invitation.expires_at <= timezone.now():
            return "expired"
        if user.is_authenticated:
            return "ready" if user.email.lower() == invitation.email.lower() else "other-address"
        return "log-in" if User.objects.filter(email__iexact=invitation.email).exists() else "new"

    def answer(self, state: str, form: JoinForm | None = None) -> HttpResponse:
        organization = self.invitation.organization if self.invitation else None
        context = {"state": state, "invitation": self.invitation, "organization": organization, "form": form}
        return self.render_to_response(self.get_context_data(**context), status=self.STATUS.get(state, 200))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state = self.find_state()
        return self.answer(state, JoinForm(invitation=self.invitation) if state == "new" and self.invitation else None)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        state = self.find_state()
        if self.invitation is None or state not in ("ready", "new"):
            return self.answer(state)
        try:
            if state == "ready":
                accept_invitation(invitation=self.invitation, user=cast(User, request.user))
            else:
                form = JoinForm(request.POST, invitation=self.invitation)
                if not form.is_valid():
                    return self.answer(state, form)
                user = join_as_new(
                    invitation=self.invitation,
                    name=form.cleaned_data["name"],
                    password=form.cleaned_data["password"],
                )
                login(request, user, backend=BACKEND)
        except InvitationRefused:  # somebody else was a moment faster
            return self.answer(self.find_state())
        messages.success(request, _("Welcome to %(name)s.") % {"name": self.invitation.organization})
        return redirect(self.invitation.organization)
