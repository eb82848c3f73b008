"""Versions of a causal map: keep one, read how it differs from another, go back to it."""

from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from assessments.dashboards.maps.differences import difference_words
from assessments.forms.maps import VersionForm
from assessments.services.maps import versions
from assessments.views.maps import MapMixin
from ecosystems.models import MapVersion
from ecosystems.selectors.map_versions import content_of, difference, versions_of
from ecosystems.services.map_problems import MapProblem

A_PAGE = 30
NOW = "now"


class MapVersionsView(MapMixin, FormView[VersionForm]):
    """The versions that people kept; who may edit keeps the map as it is now."""

    template_name = "assessments/maps/versions.html"
    form_class = VersionForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_edit:
            raise PermissionDenied
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: VersionForm) -> HttpResponse:
        try:
            kept = versions.keep_version(ecosystem=self.ecosystem, by=self.viewer.user, **form.cleaned_data)
        except MapProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("“%(name)s” is kept as version %(n)s.") % {"name": kept, "n": kept.number})
        return redirect(self.map_url("map-versions"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(versions_of(self.ecosystem), A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(crumbs=self.way((_("Versions"), None)), page=page, **kwargs)


class MapVersionView(MapMixin, TemplateView):
    """One version, and how it differs from the map now, or from the version of `?with=`. POST goes back to it."""

    template_name = "assessments/maps/version.html"

    @cached_property
    def version(self) -> MapVersion:
        found = MapVersion.objects.filter(map__ecosystem=self.ecosystem).select_related("by", "map__ecosystem")
        return get_object_or_404(found, number=self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = versions_of(self.ecosystem).exclude(pk=self.version.pk)
        wanted = self.request.GET.get("with", NOW)
        other = others.filter(number=int(wanted)).defer(None).first() if _is_number(wanted) else None
        content = other.content if other else content_of(self.ecosystem)
        before, after = (
            (content, self.version.content)
            if other and other.number < self.version.number
            else (self.version.content, content)
        )
        return super().get_context_data(
            crumbs=self.way((_("Versions"), self.map_url("map-versions")), (str(self.version), None)),
            version=self.version,
            others=list(others[:A_PAGE]),
            other=other,
            sentences=difference_words(difference(before, after), self.facets.names),
            factors=len(self.version.content["factors"]),
            links=len(self.version.content["links"]),
            key=uuid4(),
            **kwargs,
        )

    def post(self, request: HttpRequest, ecosystem: str, number: int) -> HttpResponse:
        if not self.may_edit:
            raise PermissionDenied
        try:
            key = UUID(request.POST.get("key", ""))
        except ValueError:
            key = uuid4()
        try:
            versions.restore_version(version=self.version, by=self.viewer.user, key=key)
        except MapProblem as problem:
            messages.warning(request, str(problem))
        else:
            messages.success(
                request, _("The map is what “%(name)s” held. Undo takes that back.") % {"name": self.version}
            )
        return redirect(self.map_url("map-versions"))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
