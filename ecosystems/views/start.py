"""The start page: where to go for people who are logged in, what this is for those who are not."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from ecosystems.models import User
from ecosystems.selectors.organizations import organizations_of


class StartView(TemplateView):
    """Members go to their organization; strangers learn what this is."""

    template_name = "ecosystems/start/landing.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            first = organizations_of(cast(User, request.user)).first()
            if first:
                return redirect(first)
        return super().get(request, *args, **kwargs)
