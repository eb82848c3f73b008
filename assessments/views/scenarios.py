"""Scenarios of an ecosystem: what might happen if, and what then happened."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from assessments import permissions
from assessments.dashboards.scenarios.comparison import MOST, card_of, comparison_of
from assessments.dashboards.scenarios.page import bets_of, scenario_page
from assessments.dashboards.scenarios.room import room_of
from assessments.dashboards.scenarios.words import problem_words
from assessments.enums import ScenarioState, WaveState
from assessments.forms.scenarios import BetsForm, RenameForm, RoomForm, ScenarioForm
from assessments.models import Scenario
from assessments.selectors.minutes import has_minutes
from assessments.selectors.scenario_records import basis_of
from assessments.selectors.scenario_rooms import offered_steps, room_guesses
from assessments.selectors.scenarios import Ground, foresight_of, ground_of, scenarios_of
from assessments.services.scenarios import (
    ScenarioProblem,
    cancel_scenario,
    choose_room,
    create_scenario,
    delete_scenario,
    place_bets,
    rename_scenario,
    run_again,
)
from assessments.services.scores import OpenedAgain, mark_results_shown
from ecosystems.permissions import is_leader
from ecosystems.views.ecosystems import EcosystemMixin

A_PAGE = 20


class ScenariosMixin(EcosystemMixin):
    """Scores of closed waves stand here, so showing them is written down before (rule D2)."""

    section = "loops"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except OpenedAgain:
            return HttpResponseRedirect(request.get_full_path())

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"assessments:{name}", args=[self.organization.slug, self.ecosystem.slug, *args])

    def way(self, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
        return [
            (self.ecosystem.name, self.ecosystem.get_absolute_url()),
            (_("Scenarios"), self.url("scenarios") if more else None),
            *more,
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"may_make": is_leader(self.viewer), "crumbs": self.way(), **kwargs})


class ScenarioListView(ScenariosMixin, TemplateView):
    """All of them, newest first, and how well the organization has foreseen so far."""

    template_name = "assessments/scenarios/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(scenarios_of(self.ecosystem), A_PAGE).get_page(self.request.GET.get("page"))
        ground = ground_of(self.ecosystem) if not page.object_list else None
        foresight = foresight_of(self.organization)
        for wave in foresight.waves:
            mark_results_shown(wave=wave)
        return super().get_context_data(
            page=page,
            cards=[card_of(scenario) for scenario in page],
            problem=problem_words(ground.problem) if ground is not None and ground.problem else "",
            foresight=foresight,
            **kwargs,
        )


class NewScenarioView(ScenariosMixin, FormView[ScenarioForm]):
    """Levers, and one's own guess before anything is shown.

    `?from=`: begin with the levers of another; `?room=`: with the step of a workshop that guessed about it.
    """

    allowed = is_leader
    template_name = "assessments/scenarios/new.html"
    form_class = ScenarioForm

    @cached_property
    def ground(self) -> Ground:
        return ground_of(self.ecosystem)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "ground": self.ground,
            "steps": offered_steps(self.viewer, self.ecosystem, self.other),
        }

    def get_initial(self) -> dict[str, Any]:
        room = self.asked_for("room")
        step = offered_steps(self.viewer, self.ecosystem).filter(pk=room).first() if room else None
        if step is not None:
            return {"name": step.title, "room_step": step.pk}
        other = self.other
        if other is None:
            return {}
        found: dict[str, Any] = {name: getattr(other, name) for name in ("name", "rule", "draws", "room_step")}
        kept = [lever for lever in other.levers if lever["factor"] in self.ground.map.by_key]
        for row, lever in enumerate(kept, 1):
            found |= {f"lever_{row}": lever["factor"], f"target_{row}": f"{lever['target']:g}"}
        return found

    @cached_property
    def other(self) -> Scenario | None:
        """The scenario with whose levers this one begins."""
        asked = self.asked_for("from")
        return scenarios_of(self.ecosystem).filter(pk=asked).first() if asked else None

    @property
    def left_out(self) -> list[str]:
        """Its levers that are no longer on the map."""
        levers = self.other.levers if self.other else []
        return [lever["name"] for lever in levers if lever["factor"] not in self.ground.map.by_key]

    def asked_for(self, name: str) -> int | None:
        number = self.request.GET.get(name, "")
        return int(number) if number.isdecimal() and len(number) < 19 else None

    def form_valid(self, form: ScenarioForm) -> HttpResponse:
        try:
            scenario = create_scenario(
                ecosystem=self.ecosystem,
                name=form.cleaned_data["name"],
                levers=form.levers(),
                bets=form.bets(),
                by=self.viewer.user,
                rule=form.cleaned_data["rule"],
                draws=form.cleaned_data["draws"],
                room_step=form.cleaned_data["room_step"],
            )
        except ScenarioProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        except OpenedAgain:
            form.add_error(None, _("The wave was opened again while you wrote. Look at the scores and try once more."))
            return self.form_invalid(form)
        return redirect(self.url("scenario", scenario.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ground = self.ground
        if ground.wave is not None and ground.wave.state == WaveState.CLOSED:
            mark_results_shown(wave=ground.wave)  # the scores of factors stand in the choices
        return super().get_context_data(
            ground=ground,
            left_out=self.left_out,
            problem=problem_words(ground.problem) if ground.problem else "",
            crumbs=self.way((_("New scenario"), None)),
            **kwargs,
        )


class OneScenarioMixin(ScenariosMixin):
    @cached_property
    def scenario(self) -> Scenario:
        return get_object_or_404(scenarios_of(self.ecosystem), pk=self.kwargs["pk"])

    @property
    def may_change(self) -> bool:
        """Who made it, and facilitators."""
        return permissions.may_run(self.viewer) or self.scenario.created_by_id == self.viewer.user.pk

    @property
    def may_guess(self) -> bool:
        bets = self.scenario.bets.all()
        return self.scenario.outcome is None and all(bet.by_id != self.viewer.user.pk for bet in bets)

    def here(self) -> HttpResponse:
        return redirect(self.url("scenario", self.scenario.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "scenario": self.scenario,
                "may_change": self.may_change,
                "may_guess": self.may_guess,
                "crumbs": self.way((self.scenario.name, None)),
                **kwargs,
            }
        )


class ScenarioView(OneScenarioMixin, TemplateView):
    """The run: how far it is, then what came of it, then what came of the world."""

    template_name = "assessments/scenarios/scenario.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scenario = self.scenario
        page = scenario_page(scenario)
        if page.came and scenario.outcome_wave is not None:
            mark_results_shown(wave=scenario.outcome_wave)
        return super().get_context_data(
            page=page,
            bets=bets_of(scenario) if page.is_done else None,
            **self.room(),
            rename=RenameForm(initial={"name": scenario.name}),
            **kwargs,
        )

    def room(self) -> dict[str, Any]:
        """The room's guesses, once the minutes are everybody's; before, for those who run the workshop."""
        scenario, step = self.scenario, self.scenario.room_step
        found: dict[str, Any] = {}
        if self.may_change:
            found["room_form"] = RoomForm(
                steps=offered_steps(self.viewer, self.ecosystem, scenario), initial={"room_step": scenario.room_step_id}
            )
        if step is None:
            return found
        is_told = has_minutes(step.workshop)
        knows = is_told or permissions.may_run_workshop(self.viewer, step.workshop)
        found |= {"room_step": step, "has_minutes": is_told, "knows_room": knows}
        guesses = room_guesses(scenario) if knows and scenario.state == ScenarioState.DONE else None
        return found | {"room": room_of(scenario, guesses) if guesses is not None else None}


class GuessView(OneScenarioMixin, FormView[BetsForm]):
    """A member's own guess, before they look at the run."""

    template_name = "assessments/scenarios/guess.html"
    form_class = BetsForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.may_guess else self.here()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "dimensions": basis_of(self.scenario.basis).dimensions}

    def form_valid(self, form: BetsForm) -> HttpResponse:
        try:
            place_bets(scenario=self.scenario, by=self.viewer.user, bets=form.bets())
        except ScenarioProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Your guess is kept. The next wave will tell."))
        return self.here()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(card=card_of(self.scenario), **kwargs)


class DeleteScenarioView(OneScenarioMixin, TemplateView):
    """Asks once, then deletes."""

    template_name = "assessments/scenarios/delete.html"

    def check(self) -> None:
        if not self.may_change:
            raise PermissionDenied

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        delete_scenario(scenario=self.scenario, by=self.viewer.user)
        messages.success(request, _("The scenario is deleted."))
        return redirect(self.url("scenarios"))


class ScenarioActView(OneScenarioMixin, View):
    """Cancel, run again, rename, say which room guessed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        acts = {"cancel": self.cancel, "again": self.again, "rename": self.rename, "room": self.choose_room}
        act = acts.get(self.kwargs["act"])
        if act is None:
            raise Http404
        if not self.may_change:
            raise PermissionDenied
        try:
            act()
        except ScenarioProblem as problem:
            messages.error(request, str(problem))
        return self.here()

    def cancel(self) -> None:
        if cancel_scenario(scenario=self.scenario, by=self.viewer.user):
            messages.success(self.request, _("The run is cancelled."))
        elif self.scenario.state == ScenarioState.DONE:
            messages.info(self.request, _("It was too late to cancel: the run was done already."))

    def again(self) -> None:
        run_again(scenario=self.scenario, by=self.viewer.user)

    def rename(self) -> None:
        rename_scenario(scenario=self.scenario, name=self.request.POST.get("name", ""), by=self.viewer.user)
        messages.success(self.request, _("Saved."))

    def choose_room(self) -> None:
        form = RoomForm(self.request.POST, steps=offered_steps(self.viewer, self.ecosystem, self.scenario))
        if not form.is_valid():
            messages.error(self.request, str(form.errors["room_step"][0]))
            return
        choose_room(scenario=self.scenario, step=form.cleaned_data["room_step"], by=self.viewer.user)
        messages.success(self.request, _("Saved."))


class CompareScenariosView(ScenariosMixin, TemplateView):
    """`?s=1&s=2`: up to four that have been run, side by side."""

    template_name = "assessments/scenarios/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = list(dict.fromkeys(one for one in self.request.GET.getlist("s") if one.isdecimal() and len(one) < 19))
        done = scenarios_of(self.ecosystem).filter(state=ScenarioState.DONE)
        found = list(done.filter(pk__in=asked[:MOST]))
        return super().get_context_data(
            comparison=comparison_of(found) if len(found) > 1 else None,
            too_many=len(asked) > MOST,
            most=MOST,
            crumbs=self.way((_("Side by side"), None)),
            **kwargs,
        )
