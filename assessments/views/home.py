"""The home page: what needs the viewer now, and what happened lately."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from assessments.selectors.home import home_of
from ecosystems.views.base import OrganizationView


class HomeView(OrganizationView, TemplateView):
    section = "home"
    template_name = "assessments/home/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(home=home_of(self.viewer), hour=timezone.localtime().hour, card=None, **kwargs)
