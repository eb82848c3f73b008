"""Feedback loops: the page of an ecosystem, one loop, and what is said about a signal."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from assessments import permissions
from assessments.dashboards.commitments.rows import commitment_row
from assessments.dashboards.loops.one import LoopPage, loop_page
from assessments.dashboards.loops.page import loops_page
from assessments.dashboards.scenarios.page import scenario_page
from assessments.enums import WaveState
from assessments.forms.loops import LoopNameForm
from assessments.models import Scenario, Signal, Wave
from assessments.selectors.commitments import effects_of, foremost, on_loop
from assessments.selectors.scenarios import latest_scenario
from assessments.selectors.summaries import SummedUp, is_behind, newest_summary
from assessments.services.maps.loop_names import canonical, name_loop
from assessments.services.scores import mark_results_shown
from assessments.services.signals import SignalProblem, decline_signal, reopen_signal
from assessments.services.themes import remove_theme
from assessments.views.maps import MapMixin
from ecosystems.models import Ecosystem
from ecosystems.permissions import is_leader, is_member
from ecosystems.selectors.causal_maps import EcosystemMap, map_of
from ecosystems.services.map_problems import MapProblem
from ecosystems.views.base import OrganizationView

MOST_COMMITMENTS = 6
MOST_ON_LOOP = 30


class LoopsHomeView(OrganizationView, TemplateView):
    """The loops of the only ecosystem, else a list of ecosystems."""

    allowed = is_member
    section = "loops"
    template_name = "assessments/loops/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = list(Ecosystem.objects.filter(organization=self.organization).order_by("name"))
        if len(found) == 1:
            return redirect("assessments:loops", self.organization.slug, found[0].slug)
        return self.render_to_response(self.get_context_data(ecosystems=found))


class LoopsMixin(MapMixin):
    """Numbers of closed waves stand here, so showing them is written down before (rule D2)."""

    @cached_property
    def drawn(self) -> EcosystemMap:
        return map_of(self.ecosystem)

    @cached_property
    def summed(self) -> SummedUp | None:
        return newest_summary(self.ecosystem)

    def shown(self, *more: Wave) -> None:
        """Raises OpenedAgain where a wave's numbers may not be shown any more."""
        told = {wave.pk: wave for wave in (*(self.summed.waves if self.summed else ()), *more)}
        if self.facets.wave is not None:
            told[self.facets.wave.pk] = self.facets.wave
        for wave in told.values():
            if wave.state == WaveState.CLOSED:
                mark_results_shown(wave=wave)

    def loops_way(self, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
        here = (_("Feedback loops"), self.map_url("loops") if more else None)
        return [(self.ecosystem.name, self.ecosystem.get_absolute_url()), here, *more]


class LoopsView(LoopsMixin, TemplateView):
    """`?loop=`: the key of the loop to highlight on the map."""

    template_name = "assessments/loops/loops.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = canonical(self.request.GET.get("loop", ""))
        page = loops_page(self.ecosystem, self.drawn, self.facets, self.summed, chosen=chosen)
        scenario = latest_scenario(self.ecosystem)
        effects = effects_of(self.ecosystem)
        self.shown(*page.learning.waves, *waves_told(scenario), *effects.waves)
        commitments, more_commitments = foremost(self.ecosystem, MOST_COMMITMENTS)
        names = {str(one.pk): one.text for one in commitments}
        today = timezone.localdate()
        return super().get_context_data(
            **{
                "crumbs": self.loops_way(),
                "page": page,
                "behind": is_behind(self.ecosystem),
                "may_commit": is_leader(self.viewer),
                "scenario": scenario_page(scenario) if scenario else None,
                "commitments": [
                    commitment_row(one, self.facets, effects.by_commitment, names, today=today) for one in commitments
                ],
                "more_commitments": more_commitments,
                **kwargs,
            }
        )


def waves_told(scenario: Scenario | None) -> list[Wave]:
    """Those whose numbers stand in a scenario: where it starts, and what came."""
    found = (scenario.wave, scenario.outcome_wave if scenario.outcome else None) if scenario else ()
    return [wave for wave in found if wave is not None]


class LoopView(LoopsMixin, FormView[LoopNameForm]):
    """One loop: its members with scores, health wave by wave, its links, its name."""

    template_name = "assessments/loops/loop.html"
    form_class = LoopNameForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.may_run(self.viewer):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    @cached_property
    def page(self) -> LoopPage:
        found = loop_page(self.drawn, self.facets, self.summed, key=canonical(self.kwargs["members"]))
        if found is None:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        row = self.page.row
        return {"name": row.name if row.is_named else "", "note": row.note}

    def form_valid(self, form: LoopNameForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            name_loop(
                ecosystem=self.ecosystem,
                members=self.page.row.key,
                by=self.viewer.user,
                name=said["name"],
                note=said["note"],
            )
        except MapProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(self.page.row.url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effects = effects_of(self.ecosystem)
        self.shown(*effects.waves)
        promised = list(on_loop(self.ecosystem, self.page.row.key, self.page.facets)[:MOST_ON_LOOP])
        names, today = {str(one.pk): one.text for one in promised}, timezone.localdate()
        return super().get_context_data(
            **{
                "crumbs": self.loops_way((self.page.row.name, None)),
                "page": self.page,
                "commitments": [
                    commitment_row(one, self.facets, effects.by_commitment, names, today=today) for one in promised
                ],
                "may_commit": is_leader(self.viewer),
                **kwargs,
            }
        )


class SignalActView(LoopsMixin, View):
    """Say why nothing will be done about a signal (`decline`), take that back (`reopen`), or take a theme away."""

    allowed = permissions.may_run

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        signal = get_object_or_404(Signal, ecosystem=self.ecosystem, pk=kwargs["pk"])
        if kwargs["act"] == "decline":
            try:
                decline_signal(signal=signal, why=request.POST.get("why", ""), by=self.viewer.user)
            except SignalProblem as problem:
                messages.error(request, str(problem))
        elif kwargs["act"] == "reopen":
            reopen_signal(signal=signal, by=self.viewer.user)
        elif kwargs["act"] == "remove":
            try:
                remove_theme(theme=signal, by=self.viewer.user)
            except SignalProblem as problem:
                messages.error(request, str(problem))
        else:
            raise Http404
        return redirect(self.map_url("loops") + "?signals=all#signals")
