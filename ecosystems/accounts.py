"""What differs from django-allauth's own ways: who may sign up, and mail that cannot be sent."""

import logging
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecosystems.models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open sign-up is a setting; people with an invitation get their account on the invitation's own page."""
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        return cast(User, super().save_user(request, user, form, commit))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down is said on the page, alike for known and unknown addresses."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # includes smtplib's errors
            logger.exception("mail for %s could not be sent", template_prefix)
            if self.request is not None:
                messages.error(self.request, _("The e-mail could not be sent just now. Try again in a few minutes."))
