"""The pages that numbers open to: how the index is made, one dimension or facet, two waves beside each other."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from assessments.permissions import may_see_results
from assessments.selectors.waves import waves_of
from ecosystems.views.base import OrganizationView


class DetailView(OrganizationView):
    section = "assessments"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wave = waves_of(self.organization).filter(pk=kwargs["pk"]).first()
        if wave is None:
            raise Http404
        if not may_see_results(self.viewer, wave.assessment):
            raise PermissionDenied
        raise Http404


class IndexView(DetailView):
    """How the index is made."""


class CodeView(DetailView):
    """What the score of one dimension, facet, block or construct is made of."""


class CompareView(DetailView):
    """Two waves of one assessment beside each other."""


class ResultsJson(DetailView):
    """Every number that the viewer may see."""
