"""The pages that numbers open to: how the index is made, one dimension or facet, two waves beside each other."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from assessments import permissions
from assessments.charts.spec import ChartSpec
from assessments.dashboards.comparison import Comparison, comparison
from assessments.dashboards.index_page import IndexPage, index_page
from assessments.dashboards.loading import Loaded, load
from assessments.dashboards.made_of import MadeOf, made_of
from assessments.dashboards.material import Material
from assessments.dashboards.minutes.beside import also_asked
from assessments.enums import About, CommitmentSource
from assessments.exports.results_csv import table_csv
from assessments.exports.results_json import FigureEntry, wave_document
from assessments.forms.themes import ThemeForm
from assessments.models import Wave
from assessments.selectors.evidence import figures_of, is_typed, score_of
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.results import is_scored
from assessments.services.signals import SignalProblem
from assessments.services.themes import name_theme
from assessments.views.results import ResultsMixin


class DetailView(ResultsMixin, TemplateView):
    """A page behind the results. A wave without numbers sends back to its results, which say why."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.loaded.material is None:
            return HttpResponseRedirect(self.results_url)
        return super().get(request, *args, **kwargs)

    @property
    def material(self) -> Material:
        if self.loaded.material is None:
            raise Http404
        return self.loaded.material

    def tables(self) -> Mapping[str, ChartSpec]:
        """The page's tables by name, as files."""
        return {}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.request.GET.get("format") == "csv":
            return self.file()
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response

    def file(self) -> HttpResponse:
        tables = self.tables()
        name = self.request.GET.get("table") or next(iter(tables), "")
        if name not in tables:
            raise Http404
        response = HttpResponse(table_csv(tables[name]), content_type="text/csv; charset=utf-8")
        title = slugify(f"{self.wave.title} {self.page_name()} {name}") or name
        response["Content-Disposition"] = f'attachment; filename="{title}.csv"'
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"material": self.material, "choices": self.loaded.choices, **kwargs})


class IndexView(DetailView):
    """How the index is made."""

    template_name = "assessments/result_details/index.html"

    @cached_property
    def page(self) -> IndexPage:
        page = index_page(self.material)
        if page is None:
            raise Http404
        return page

    def page_name(self) -> str:
        return _("How the index is made")

    def tables(self) -> Mapping[str, ChartSpec]:
        return self.page.tables

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page, **kwargs)


class CodeView(DetailView):
    """What the score of one dimension, facet, block or construct is made of."""

    template_name = "assessments/result_details/code.html"

    @cached_property
    def page(self) -> MadeOf:
        get = self.request.GET
        try:
            return made_of(
                self.material,
                self.kwargs["code"],
                groups_page=get.get("groups", ""),
                comments_page=get.get("comments", ""),
                theme=get.get("theme", ""),
            )
        except KeyError:
            raise Http404 from None

    def page_name(self) -> str:
        return self.page.name

    def tables(self) -> Mapping[str, ChartSpec]:
        return self.page.tables

    def crumbs(self) -> list[tuple[str, str | None]]:
        *before, here = super().crumbs()
        return [*before, self.page.parent, here] if self.page.parent else [*before, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rooms = () if self.page.live else also_asked(self.wave, self.page.code)
        may_name = self.may_name_themes
        told = {
            "page": self.page,
            "rooms": rooms,
            "commitment_url": self.commitment_url,
            "theme_commitment_url": self.new_commitment_url if may_name else "",
            "may_name_themes": may_name,
            "may_run": permissions.may_run(self.viewer),
            "naming": self.theme_form if may_name and self.request.GET.get("naming") else None,
        }
        return super().get_context_data(**{**told, **kwargs})

    @property
    def may_name_themes(self) -> bool:
        """Whoever may make commitments, where comments on the system are shown."""
        is_system = self.wave.assessment.about == About.SYSTEM
        return is_system and self.page.comments.state == "shown" and permissions.may_commit(self.viewer)

    @cached_property
    def theme_form(self) -> ThemeForm:
        said = self.page.comments.page
        data = self.request.POST if self.request.method == "POST" else None
        return ThemeForm(data, offered=[str(one.remark.key) for one in said] if said else [])

    @property
    def new_commitment_url(self) -> str:
        args = [self.organization.slug, self.wave.assessment.ecosystem.slug]
        return reverse("assessments:commitment-new", args=args)

    @property
    def commitment_url(self) -> str:
        """Where a commitment is made from this score; '' for whoever may not, and for what no commitment aims at."""
        aimed_at = self.page.level in ("dimension", "facet") and self.wave.assessment.about == About.SYSTEM
        if not aimed_at or self.page.live or not permissions.may_commit(self.viewer):
            return ""
        query = urlencode({"source": CommitmentSource.SCORE.value, "code": self.page.code, "wave": self.wave.pk})
        return f"{self.new_commitment_url}?{query}"


class ThemeView(CodeView):
    """Name what the ticked comments say. What cannot be done is said on the page, and what was typed stays."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.here if self.loaded.material else self.results_url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        has_numbers = self.loaded.material is not None
        if not permissions.may_commit(self.viewer):
            raise PermissionDenied
        if not has_numbers:
            return HttpResponseRedirect(self.results_url)
        if not self.may_name_themes:
            raise Http404
        form = self.theme_form
        if form.is_valid():
            try:
                theme = name_theme(
                    wave=self.wave,
                    code=self.page.code,
                    items=self.page.items,
                    name=form.cleaned_data["name"],
                    comments=form.ticked,
                    by=self.viewer.user,
                )
            except SignalProblem as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, _("“%(theme)s” now waits for an answer.") % {"theme": theme.title})
                return HttpResponseRedirect(self.here)
        return super().get(request, *args, naming=form, **kwargs)

    @property
    def here(self) -> str:
        """The page of the score, with the same comments."""
        here = reverse("assessments:results-code", args=[self.organization.slug, self.wave.pk, self.kwargs["code"]])
        return f"{here}?{self.request.GET.urlencode()}#comments"


class CompareView(DetailView):
    """Two waves of one assessment beside each other: `?with=` the other one; the earlier is always the first."""

    template_name = "assessments/result_details/compare.html"

    @cached_property
    def loaded(self) -> Loaded:
        other = self.request.GET.get("with", "")
        if not other:
            return load(self.viewer, self.kwargs["pk"])
        if not (other.isascii() and other.isdecimal() and len(other) < 16):
            raise Http404
        return load(self.viewer, self.kwargs["pk"], against=int(other))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        material = self.loaded.material
        if material and material.before and material.before.wave.number > self.wave.number:
            query = request.GET.copy()
            query["with"] = str(self.wave.pk)
            return HttpResponseRedirect(f"{self.address(material.before.wave)}?{query.urlencode()}")
        return super().get(request, *args, **kwargs)

    def address(self, wave: Wave) -> str:
        return reverse("assessments:results-compare", args=[self.organization.slug, wave.pk])

    @cached_property
    def page(self) -> Comparison | None:
        groups = self.request.GET.get("groups", "")
        return comparison(self.material, groups_page=groups) if self.material.before else None

    def page_name(self) -> str:
        return _("Compare two waves")

    def tables(self) -> Mapping[str, ChartSpec]:
        return self.page.tables if self.page else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [wave for wave in reversed(self.loaded.waves) if is_scored(wave) and wave.pk != self.wave.pk]
        query = f"with={self.page.earlier.pk}" if self.page else ""
        return super().get_context_data(page=self.page, others=others, compare_query=query, **kwargs)


class ResultsJson(ResultsMixin, TemplateView):
    """Every number of the wave that the viewer may see, for other programs."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        material = self.loaded.material
        results, names = (material.results, material.names) if material else (None, {})
        document = wave_document(self.wave, results, names, self.figures() if material else {})
        response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
        response["Content-Disposition"] = f'inline; filename="{slugify(self.wave.title) or "results"}.json"'
        return response

    def figures(self) -> dict[str, FigureEntry]:
        kept = figures_of(self.wave)
        indicators = [one for some in instrument_text(self.wave.version).evidence.values() for one in some]
        return {
            one.code: FigureEntry(one.name, one.unit, found.value, score_of(one, found.value), found.note)
            for one in indicators
            if (found := kept.get(one.code)) is not None and is_typed(one)
        }
