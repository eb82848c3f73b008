"""The causal map of an ecosystem: the page with its drawing, the drawing as JSON, and what the editor sends."""

import json
from functools import cached_property
from hashlib import blake2s
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from assessments import permissions
from assessments.dashboards.maps.drawing import MapDrawing, as_json, map_drawing
from assessments.dashboards.maps.editor_words import editor_words
from assessments.forms import map_edits as sent
from assessments.forms.maps import FactorForm
from assessments.live.events import map_topic, stream_token
from assessments.selectors.definitions import MARKS
from assessments.selectors.map_edits import drawn_links, edits_of
from assessments.selectors.map_facets import MapFacets, Tie, map_facets
from assessments.services.maps import edits, undo
from assessments.services.scores import OpenedAgain, mark_results_shown
from ecosystems.models import DrawnLink, MapEdit
from ecosystems.selectors.causal_maps import EcosystemMap, map_of
from ecosystems.services.map_problems import FactorGone, LinkGone, MapProblem, NotRedone, NotUndone
from ecosystems.views.ecosystems import EcosystemMixin

PART = "part"
TOLD_EDITS = 10
"""Edits of others that a page which was away for a moment is told of."""
READINGS = 3


class MapMixin(EcosystemMixin):
    """A page about the map. Scores of a closed wave stand beside factors, so showing them is written down before."""

    section = "loops"

    @property
    def may_edit(self) -> bool:
        return permissions.may_run(self.viewer)

    @cached_property
    def facets(self) -> MapFacets:
        return map_facets(self.ecosystem)

    def drawing(self) -> MapDrawing:
        """The map now. Raises OpenedAgain where its scores may not be shown any more."""
        found, drawn, told = self.read()
        shown = {factor.facet for factor in found.factors} & set(self.facets.scores)
        if self.facets.wave is not None and shown:
            mark_results_shown(wave=self.facets.wave)
        return map_drawing(found, facets=self.facets, drawn=drawn, edits=told)

    def read(self) -> tuple[EcosystemMap, list[DrawnLink], list[MapEdit]]:
        """The map, its opinions and its newest edits as of one moment, where edits leave one within a few readings."""
        for _reading in range(READINGS):
            found = map_of(self.ecosystem)
            drawn = list(drawn_links(self.ecosystem))
            told = list(edits_of(self.ecosystem)[:TOLD_EDITS])
            if not told or told[0].revision <= found.revision:  # no edit came in between
                break
        return found, drawn, told

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except OpenedAgain:
            return HttpResponseRedirect(request.get_full_path())
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def map_url(self, name: str, *args: Any) -> str:
        return reverse(f"assessments:{name}", args=[self.organization.slug, self.ecosystem.slug, *args])

    @property
    def stream(self) -> str:
        return f"/stream/{stream_token(map_topic(self.ecosystem.pk), reader=self.viewer.user.pk)}"

    def way(self, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
        """The breadcrumb down to the map, and further."""
        return [
            (self.ecosystem.name, self.ecosystem.get_absolute_url()),
            (_("Causal map"), self.map_url("map") if more else None),
            *more,
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"may_edit": self.may_edit, "crumbs": self.way(), **kwargs})


class MapView(MapMixin, TemplateView):
    """The map. `?part=json`: what the script draws, with an ETag. Who may not edit sees the same, and follows it."""

    template_name = "assessments/maps/map.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get(PART) != "json":
            return super().get(request, *args, **kwargs)
        body = json.dumps(as_json(self.drawing()), cls=DjangoJSONEncoder, ensure_ascii=False)
        tag = f'"{blake2s(body.encode(errors="replace"), digest_size=12).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            unchanged = HttpResponseNotModified()
            unchanged["ETag"] = tag
            return unchanged
        response = HttpResponse(body, content_type="application/json")
        response["ETag"] = tag
        response["X-Stream"] = self.stream
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawing = self.drawing()
        return super().get_context_data(
            drawing=drawing,
            wave=self.facets.wave,
            drawing_json=as_json(drawing),
            ties_json={tie.code: {"name": tie.name, "mark": mark} for tie, mark in self.marks()},
            factor_form=FactorForm(facets=self.facets, auto_id="panel-%s"),
            words=editor_words(),
            stream=self.stream,
            viewer_key=self.viewer.user.pk,
            **kwargs,
        )

    def marks(self) -> list[tuple[Tie, str]]:
        ties = [*self.facets.measured.values(), *self.facets.indicators.values()]
        return [(tie, MARKS.get(tie.dimension, "")) for tie in ties]


class MapEditsView(MapMixin, View):
    """One edit: as JSON from the script, answered with the whole map; or an undo, redo or layout from a plain form."""

    allowed = permissions.may_run

    def post(self, request: HttpRequest, ecosystem: str) -> HttpResponse:
        if request.content_type != "application/json":
            return self.from_form(request)
        body = sent.read_edit(request.body)
        if body is None or str(body.get("kind")) not in _KINDS:
            return self.refused(_("The server could not read this edit. Reload the page."), status=400)
        form_class, act = _KINDS[body["kind"]]
        form = form_class(body)
        if not form.is_valid():
            return self.refused(sent.first_problem(form))
        try:
            act(ecosystem=self.ecosystem, by=self.viewer.user, **form.cleaned_data)
        except FactorGone as gone:
            return self.refused(str(gone), status=409, gone=True, name=gone.name, map=as_json(self.drawing()))
        except LinkGone as gone:
            return self.refused(str(gone), status=409, gone=True, map=as_json(self.drawing()))
        except NotUndone as stuck:
            return self.refused(str(stuck), past=str(stuck.edit) if stuck.older else None)
        except NotRedone as stuck:
            if "beyond" not in body:  # a script from before it could pass one by
                return self.refused(stuck.plainly)
            return self.refused(str(stuck), beyond=str(stuck.edit) if stuck.newer else None)
        except MapProblem as problem:
            return self.refused(str(problem))
        drawing = self.drawing()
        return JsonResponse({"revision": drawing.revision, "map": as_json(drawing)})

    def refused(self, message: str, *, status: int = 422, **more: Any) -> JsonResponse:
        return JsonResponse({"message": message, **more}, status=status)

    def from_form(self, request: HttpRequest) -> HttpResponse:
        kind = request.POST.get("kind", "")
        if kind not in _PLAIN:
            return redirect(self.map_url("map-list"))
        form_class, act = _KINDS[kind]
        form = form_class({**request.POST.dict(), "key": uuid4()})
        if not form.is_valid():
            return redirect(self.map_url("map-list"))
        passed = {name: form.cleaned_data.get(name) for name in ("past", "beyond")}
        try:
            edit: MapEdit = act(ecosystem=self.ecosystem, by=self.viewer.user, **form.cleaned_data)
        except NotUndone as stuck:
            passed = {"past": stuck.edit if stuck.older else None}
            messages.warning(request, str(stuck))
        except NotRedone as stuck:
            passed = {"beyond": stuck.edit if stuck.newer else None}
            messages.warning(request, str(stuck))
        except MapProblem as problem:
            passed = {}
            messages.warning(request, str(problem))
        else:
            messages.success(request, _PLAIN[kind](edit))
        query = urlencode({name: edit for name, edit in passed.items() if edit})
        return redirect(self.map_url("map-list") + (f"?{query}" if query else ""))


_KINDS: dict[str, tuple[type[sent.SentEdit], Any]] = {
    "add-factor": (sent.SentNewFactor, edits.add_factor),
    "change-factor": (sent.SentChangedFactor, edits.change_factor),
    "remove-factor": (sent.SentGoneFactor, edits.remove_factor),
    "move": (sent.SentMove, edits.move),
    "draw-link": (sent.SentNewLink, edits.draw_link),
    "change-link": (sent.SentChangedLink, edits.change_link),
    "remove-link": (sent.SentGoneLink, edits.remove_link),
    "lay-out": (sent.SentEdit, edits.lay_out),
    "undo": (sent.SentUndo, undo.undo_last),
    "redo": (sent.SentRedo, undo.redo_last),
}
_PLAIN = {
    "lay-out": lambda edit: _("The map is laid out anew."),
    "undo": lambda edit: _("Your last edit is undone."),
    "redo": lambda edit: _("Your edit is done again."),
}
