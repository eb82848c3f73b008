"""The minutes of a workshop: for members, for whoever was sent the link, and as files."""

from abc import ABC, abstractmethod
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from assessments import permissions
from assessments.dashboards.minutes.page import MinutesPage, minutes_page
from assessments.dashboards.minutes.standing import as_they_stand
from assessments.exports.workshop_csv import results_csv
from assessments.exports.workshop_json import workshop_document
from assessments.links import MistypedLink, minutes_url, read_minutes_token
from assessments.models import Workshop
from assessments.selectors.minutes import MinutesMaterial, has_minutes, minutes_material, minutes_workshops
from assessments.services.scores import OpenedAgain, mark_results_shown
from assessments.views.fill_in_links import keep_to_holder
from ecosystems.permissions import is_leader
from ecosystems.views.base import OrganizationView

STYLES: Final = ("tokens", "base", "components", "charts", "utilities", "results", "minutes")
FORMATS: Final = ("html", "csv", "json")


class _Minutes(View, ABC):
    """The minutes of `workshop`, as a page or as a file (`?format=`)."""

    by_name = False
    """Whether it is said who voted what, where everybody spoke by name."""

    @property
    @abstractmethod
    def workshop(self) -> Workshop:
        """Whose minutes they are. May raise Http404."""

    @cached_property
    def material(self) -> MinutesMaterial:
        return minutes_material(self.workshop)

    @cached_property
    def page(self) -> MinutesPage:
        return minutes_page(self.material)

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """The file that was asked for; None for the page."""
        wanted = request.GET.get("format", "")
        if not wanted:
            return None
        if wanted not in FORMATS:
            raise Http404
        if wanted == "csv":
            response = HttpResponse(results_csv(self.material), content_type="text/csv; charset=utf-8")
        elif wanted == "json":
            response = JsonResponse(workshop_document(self.material), json_dumps_params={"ensure_ascii": False})
        else:
            context = {"page": self.page, "workshop": self.workshop, "styles": styles(), "by_name": self.by_name}
            response = HttpResponse(render_to_string("files/minutes.html", context, request))
        name = slugify(f"{self.workshop.title} {_('minutes')}") or "minutes"
        response["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
        return response

    def note_shown(self) -> None:
        """A wave whose scores stand here cannot be opened again unnoticed. Raises OpenedAgain."""
        wave = self.material.wave.wave if self.material.wave and self.page.compares else None
        if wave is not None and not wave.results_shown:
            mark_results_shown(wave=wave)


class MinutesView(OrganizationView, _Minutes, TemplateView):
    """For every member once the workshop has ended; before, a draft for those who run it."""

    section = "workshops"
    template_name = "assessments/minutes/minutes.html"
    by_name = True

    @cached_property
    def workshop(self) -> Workshop:
        return get_object_or_404(minutes_workshops(self.organization), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_minutes(self.workshop) and not permissions.may_run_workshop(self.viewer, self.workshop):
            raise PermissionDenied
        try:
            self.note_shown()
        except OpenedAgain:
            return HttpResponseRedirect(request.get_full_path())
        response = self.answer(request) or super().get(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = permissions.may_run_workshop(self.viewer, self.workshop)
        return super().get_context_data(
            page=self.page,
            promises=as_they_stand(self.workshop, self.page.promises) if has_minutes(self.workshop) else (),
            workshop=self.workshop,
            crumbs=[
                (_("Workshops"), reverse("assessments:workshops", args=[self.organization.slug])),
                (self.workshop.title, self.workshop.get_absolute_url() if runs else None),
                (_("Minutes"), None),
            ],
            link=minutes_url(self.workshop) if runs and has_minutes(self.workshop) else "",
            commitment_url=self.commitment_url,
            theme_commitment_url=self.new_commitment_url if permissions.may_commit(self.viewer) else "",
            results_url=self.wave_url,
            shows_scenarios=has_minutes(self.workshop),
            map_url=self.map_url,
            promises_url=self.promises_url,
            may_try=is_leader(self.viewer) and has_minutes(self.workshop),
            by_name=self.by_name,
            **kwargs,
        )

    @property
    def commitment_url(self) -> str:
        """Where a facilitator writes down what grew out of the workshop afterwards; '' for others and rehearsals."""
        made = self.new_commitment_url if permissions.may_run(self.viewer) else ""
        return f"{made}?workshop={self.workshop.pk}" if made else ""

    @property
    def new_commitment_url(self) -> str:
        """'' before the workshop has ended, and for rehearsals."""
        workshop = self.workshop
        if not has_minutes(workshop):
            return ""
        return reverse("assessments:commitment-new", args=[self.organization.slug, workshop.ecosystem.slug])

    @property
    def promises_url(self) -> str:
        """'' before the workshop has ended."""
        if not has_minutes(self.workshop):
            return ""
        return reverse("assessments:commitments", args=[self.organization.slug, self.workshop.ecosystem.slug])

    @property
    def map_url(self) -> str:
        """Where votes on links have gone once the workshop has ended; '' before, and for rehearsals."""
        workshop = self.workshop
        if not has_minutes(workshop):
            return ""
        return reverse("assessments:map-list", args=[self.organization.slug, workshop.ecosystem.slug])

    @property
    def wave_url(self) -> str:
        """Where the wave's own numbers are, for whoever may see them: all members, as only system waves stand here."""
        wave = self.material.wave
        return reverse("assessments:results", args=[self.organization.slug, wave.wave.pk]) if wave else ""


class MinutesByLinkView(_Minutes):
    """For whoever ticked to get them: the link is the authority, and only minutes of ended workshops have one."""

    @cached_property
    def workshop(self) -> Workshop:
        try:
            pk = read_minutes_token(self.kwargs["token"])
        except MistypedLink:
            raise Http404 from None
        workshop = minutes_workshops().filter(pk=pk).first()
        if workshop is None or not has_minutes(workshop):
            raise Http404
        return workshop

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.note_shown()
        except OpenedAgain:
            return HttpResponseRedirect(request.get_full_path())
        context = {"page": self.page, "workshop": self.workshop, "organization": self.workshop.organization}
        return keep_to_holder(
            self.answer(request) or HttpResponse(render_to_string("assessments/minutes/by_link.html", context, request))
        )


@lru_cache(maxsize=1)
def styles() -> SafeString:
    """Our own style sheets, for a file that is read without us."""
    sheets = (finders.find(f"css/{name}.css") for name in STYLES)
    # they are ours and hold no markup
    return mark_safe("\n".join(Path(sheet).read_text(encoding="utf-8") for sheet in sheets if sheet))  # noqa: S308
