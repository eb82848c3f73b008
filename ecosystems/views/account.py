"""A person's own account."""

from typing import ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView


class AccountView(LoginRequiredMixin, TemplateView):
    """Name, e-mail, password and second step, organizations."""

    template_name = "ecosystems/account/account.html"
    extra_context: ClassVar = {"section": "account"}
