"""A person's own account."""

from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView

from ecosystems.forms.accounts import NameForm
from ecosystems.models import User
from ecosystems.services.people import rename


class AccountView(LoginRequiredMixin, FormView[NameForm]):
    """Name, e-mail, password and second step, organizations."""

    template_name = "ecosystems/account/account.html"
    form_class = NameForm
    success_url = reverse_lazy("ecosystems:account")

    def get_initial(self) -> dict[str, Any]:
        return {"name": cast(User, self.request.user).name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        return super().get_context_data(
            section="account",
            memberships=user.memberships.select_related("organization").order_by("organization__name"),
            has_second_step=is_mfa_enabled(user),
            **kwargs,
        )

    def form_valid(self, form: NameForm) -> HttpResponse:
        rename(user=cast(User, self.request.user), name=form.cleaned_data["name"])
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)
