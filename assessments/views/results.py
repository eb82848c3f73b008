"""Results of a wave: the page, its fragment while the wave is open, and its files."""

from functools import cached_property
from hashlib import blake2s
from threading import Lock
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from assessments import permissions
from assessments.dashboards.after_wave import AfterWave, after_wave
from assessments.dashboards.groups import UnitRow
from assessments.dashboards.loading import Loaded, load
from assessments.dashboards.result_tables import result_tables
from assessments.dashboards.results import ResultsPage, results_page
from assessments.enums import About, WaveState
from assessments.exports.results_csv import table_csv
from assessments.live.events import stream_token, wave_topic
from assessments.models import Wave
from assessments.selectors.evidence import Figure, figures_of
from assessments.selectors.results import is_scored
from assessments.selectors.waves import progress_of
from assessments.services.scores import OpenedAgain, mark_results_shown
from ecosystems.views.base import OrganizationView

FRAGMENT = "part"
UNITS_ON_A_PAGE = 20


class ResultsMixin(OrganizationView):
    """A page about a wave's numbers, for those who may see them. Nothing of it is kept by a cache on the way."""

    section = "assessments"

    @cached_property
    def loaded(self) -> Loaded:
        return load(self.viewer, self.kwargs["pk"])

    @property
    def wave(self) -> Wave:
        return self.loaded.wave

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.note_shown()
        except OpenedAgain:
            return HttpResponseRedirect(request.get_full_path())
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def note_shown(self) -> None:
        """Numbers of closed waves that somebody is about to see cannot be changed any more by opening these again."""
        material = self.loaded.material if self.loaded.unsealed else None
        for wave in material.final_waves if material else ():
            mark_results_shown(wave=wave)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        common = {
            "wave": self.wave,
            "assessment": self.wave.assessment,
            "crumbs": self.crumbs(),
            "results_url": self.results_url,
            "is_about_viewer": permissions.is_about(self.viewer, self.wave.assessment),
        }
        return super().get_context_data(**{**common, **kwargs})

    @property
    def results_url(self) -> str:
        return reverse("assessments:results", args=[self.organization.slug, self.wave.pk])

    def crumbs(self) -> list[tuple[str, str | None]]:
        assessment, here = self.wave.assessment, self.page_name()
        return [
            (_("Assessments"), reverse("assessments:assessments", args=[self.organization.slug])),
            (assessment.name, assessment.get_absolute_url()),
            (self.wave.title, self.results_url if here else None),
            *([(here, None)] if here else []),
        ]

    def page_name(self) -> str:
        return ""


class ResultsView(ResultsMixin, TemplateView):
    """The dashboard. `?part=live`: the part that changes, with an ETag; `?items=` and `?sort=` choose inside it."""

    template_name = "assessments/results/results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.is_fragment = request.GET.get(FRAGMENT) == "live"
        if self.is_fragment:
            query = request.GET.copy()
            del query[FRAGMENT]  # links inside lead to the page, not to its fragment
            request.GET = query  # type: ignore[assignment]
            tag = self.etag()
            if request.headers.get("If-None-Match") == tag:
                unchanged = HttpResponseNotModified()
                unchanged["ETag"] = tag
                return unchanged
            response = super().get(request, *args, **kwargs)
            response["ETag"] = tag
            return response
        return super().get(request, *args, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.request.GET.get("format") == "csv":
            return self.file()
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response

    def file(self) -> HttpResponse:
        """One table of the page, the dimensions' unless `?table=` names another."""
        tables = result_tables(self.page, self.loaded.material)
        name = self.request.GET.get("table") or "dimensions"
        if name not in tables:
            raise Http404
        response = HttpResponse(table_csv(tables[name]), content_type="text/csv; charset=utf-8")
        title = slugify(f"{self.wave.title} {name}") or name
        response["Content-Disposition"] = f'attachment; filename="{title}.csv"'
        return response

    def etag(self) -> str:
        """Changes with everything that the page's numbers, and what is told below them, depend on."""
        wave = self.wave
        query = sorted((key, value) for key, value in self.request.GET.items())
        now = (wave.scores_done_version, wave.is_stale, sorted(self.figures.items()))
        seen = (wave.pk, wave.state, wave.title, now, self.after.etag_key, query, get_language())
        return f'"{blake2s(repr(seen).encode(), digest_size=12).hexdigest()}"'

    def get_template_names(self) -> list[str]:
        return ["assessments/results/_drawn.html" if self.is_fragment else self.template_name]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """What registers say beside the ratings; nothing of it is about one leader."""
        return figures_of(self.wave) if self.wave.assessment.about == About.SYSTEM else {}

    @cached_property
    def page(self) -> ResultsPage:
        get = self.request.GET
        return results_page(self.loaded, figures=self.figures, items=get.get("items", ""), sort=get.get("sort", ""))

    def unit_page(self) -> "Page[UnitRow] | None":
        """One page of a list of groups that is too long for a heat map."""
        groups = self.page.report and self.page.report.groups
        if not groups or groups.table is None:
            return None
        return Paginator(groups.table.rows, UNITS_ON_A_PAGE).get_page(self.request.GET.get("units"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wave = self.wave
        waiting = wave.state == WaveState.OPEN or wave.is_stale or not is_scored(wave) or self.after.done.is_behind
        stream = f"/stream/{stream_token(wave_topic(wave.pk), reader=self.viewer.user.pk)}" if waiting else ""
        told = {"live": self.drawn, "after": self.after, "loops": self.after.loops, "returning": self.after.returning}
        return super().get_context_data(stream=stream, **told, **kwargs)

    @cached_property
    def after(self) -> AfterWave:
        return after_wave(self.loaded)

    def note_shown(self) -> None:
        super().note_shown()
        for wave in self.after.waves:
            mark_results_shown(wave=wave)

    @cached_property
    def drawn(self) -> str:
        """The part with the numbers, drawn once a process for all who see the same."""
        key = self.drawing_key()
        with _lock:
            found = _drawn.get(key)
        if found is None:
            found = self.draw()
            with _lock:
                if len(_drawn) >= DRAWN_KEPT:
                    del _drawn[next(iter(_drawn))]
                _drawn[key] = found
        return found

    def drawing_key(self) -> tuple[object, ...]:
        """All that the drawn part depends on; counts of people only while they can change."""
        wave, get = self.wave, self.request.GET
        open_now = wave.state != WaveState.CLOSED or not is_scored(wave)
        counts = tuple((one.group.pk, one.submitted, one.asked) for one in progress_of(wave).groups) if open_now else ()
        readers = tuple(wave.assessment.shared_with.values_list("pk", "name")) if wave.assessment.leader_id else ()
        return (
            *self.loaded.fingerprint,
            (*sorted(get.items()), get_language()),
            (permissions.may_run(self.viewer), permissions.may_commit(self.viewer)),
            (permissions.is_about(self.viewer, wave.assessment), readers),
            counts,
            tuple(sorted(self.figures.items())),
        )

    def draw(self) -> str:
        page, material = self.page, self.loaded.material
        return render_to_string(
            "assessments/results/_live.html",
            super().get_context_data(
                page=page,
                report=page.report,
                who=page.who,
                unit_page=self.unit_page(),
                tables=[(name, spec.title) for name, spec in result_tables(page, material).items()],
                compare_with=material and material.before,
                may_run=permissions.may_run(self.viewer),
                may_commit=permissions.may_commit(self.viewer),
                request=self.request,
            ),
        )


DRAWN_KEPT = 64
_drawn: dict[tuple[object, ...], str] = {}
_lock = Lock()
