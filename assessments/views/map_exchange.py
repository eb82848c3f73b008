"""A causal map in and out: from a file, from the template, and as a file for other programs."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from assessments import permissions
from assessments.dashboards.map_links import way
from assessments.exports.map_files import MAP_FILES
from assessments.forms.map_imports import MERGE, REPLACE, MapImportForm
from assessments.imports.maps.carried import carried
from assessments.imports.maps.document import Reading, ReadLink
from assessments.services.maps.imports import import_map, preview_import
from assessments.services.maps.templates import preview_template, start_from_template, template_links
from ecosystems.selectors.causal_maps import map_of
from ecosystems.services.map_problems import MapProblem
from ecosystems.views.ecosystems import EcosystemMixin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

SHOWN_PROBLEMS = 50
SHOWN_LINKS = 60


class MapPageMixin(EcosystemMixin):
    """A page beside the map: its way down, and addresses by name."""

    section = "loops"
    here: "ClassVar[StrPromise | str]" = ""

    def map_url(self, name: str) -> str:
        return reverse(f"assessments:{name}", args=[self.organization.slug, self.ecosystem.slug])

    def crumbs(self) -> list[tuple[str, str | None]]:
        return [
            (self.ecosystem.name, self.ecosystem.get_absolute_url()),
            (_("Causal map"), self.map_url("map")),
            (str(self.here), None),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"crumbs": self.crumbs(), "may_edit": permissions.may_run(self.viewer), **kwargs}
        )


class MapExportView(EcosystemMixin, View):
    """The map as one of the files that other programs read. What may not be shown is not in any of them."""

    def get(self, request: HttpRequest, ecosystem: str, kind: str) -> HttpResponse:
        file = MAP_FILES.get(kind)
        if file is None:
            raise Http404
        response = HttpResponse(file.write(map_of(self.ecosystem)), content_type=file.content_type)
        name = f"{self.ecosystem.slug}-{kind}" if "." in kind else f"{self.ecosystem.slug}-map.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-cache"
        return response


class MapImportView(MapPageMixin, FormView[MapImportForm]):
    """Look first, then import. What was read travels with the form, so that nothing has to be chosen twice."""

    allowed = permissions.may_run
    template_name = "assessments/map_exchange/import.html"
    form_class = MapImportForm

    here = gettext_lazy("Import")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(files=list(MAP_FILES.values()), **kwargs)

    def form_valid(self, form: MapImportForm) -> HttpResponse:
        reading = form.reading or Reading()
        if "save" in self.request.POST and not reading.problems:
            try:
                import_map(
                    ecosystem=self.ecosystem,
                    by=self.viewer.user,
                    key=form.cleaned_data["key"] or uuid4(),
                    reading=reading,
                    replace=form.replaces,
                )
            except MapProblem as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(self.request, _("The map is imported. You can undo it as one step."))
                return redirect(self.map_url("map"))
        return self.look(form, reading)

    def look(self, form: MapImportForm, reading: Reading) -> HttpResponse:
        preview = preview_import(ecosystem=self.ecosystem, reading=reading, replace=form.replaces)
        again = MapImportForm(
            initial={"text": form.cleaned_data["text"] if preview.problems else "", "how": form.cleaned_data["how"]}
        )
        links = (*preview.new_links, *preview.changed_links)
        return self.render_to_response(
            self.get_context_data(
                form=again,
                refused=form if form.errors else None,
                preview=preview,
                problems=preview.problems[:SHOWN_PROBLEMS],
                more_problems=max(len(preview.problems) - SHOWN_PROBLEMS, 0),
                notes=preview.notes[:SHOWN_PROBLEMS],
                more_notes=max(len(preview.notes) - SHOWN_PROBLEMS, 0),
                links=[(link, way(link.sign, link.strength, link.delay)) for link in links[:SHOWN_LINKS]],
                more_links=max(len(links) - SHOWN_LINKS, 0),
                carried=carried(reading),
                key=form.cleaned_data["key"] or uuid4(),
                how=REPLACE if form.replaces else MERGE,
                replaces=form.replaces,
            )
        )


class MapTemplateView(MapPageMixin, TemplateView):
    """Start from the map of the leadership principles: see it with its reasons, then add it."""

    allowed = permissions.may_run
    template_name = "assessments/map_exchange/template.html"

    here = gettext_lazy("Start from the template")

    def post(self, request: HttpRequest, ecosystem: str) -> HttpResponse:
        try:
            key = UUID(request.POST.get("key", ""))
        except ValueError:
            key = uuid4()
        if "sure" not in request.POST and map_of(self.ecosystem).factors:
            return self.get(request, ecosystem=ecosystem)
        try:
            start_from_template(ecosystem=self.ecosystem, by=self.viewer.user, key=key)
        except MapProblem as problem:
            messages.info(request, str(problem))
        else:
            messages.success(request, _("The template is on the map. Change what is different here."))
        return redirect(self.map_url("map"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = [(one.link, _way(one.link), one.reason) for one in template_links()]
        return super().get_context_data(
            preview=preview_template(ecosystem=self.ecosystem), links=links, key=uuid4(), **kwargs
        )


def _way(link: ReadLink) -> str:
    return way(link.sign, link.strength, link.delay)
