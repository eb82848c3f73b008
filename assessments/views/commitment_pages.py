"""One commitment: how it goes, its steps and check-ins, and what can be done with it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from assessments.enums import CommitmentSource, Progress
from assessments.forms.commitments import CheckInForm, DoneForm, DropForm, StepForm
from assessments.models import CommitmentStep
from assessments.permissions import may_change_commitment
from assessments.selectors.commitments import commitments_of
from assessments.services import commitment_changes as changes
from assessments.services import commitment_steps as steps
from assessments.services.commitments import CommitmentProblem
from assessments.views.commitments import CommitmentsMixin, origin_words

BOARD = "board"


class CommitmentView(CommitmentsMixin, TemplateView):
    template_name = "assessments/commitments/commitment.html"

    @cached_property
    def commitment(self) -> Any:
        return get_object_or_404(commitments_of(self.ecosystem), key=self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        commitment = self.commitment
        own: dict[str, Any] = {
            "check_in_form": CheckInForm(),
            "done_form": DoneForm(initial={"on": timezone.localdate()}),
            "drop_form": DropForm(),
            "step_form": StepForm(),
        }
        return super().get_context_data(
            **{
                **own,
                "row": self.rows([commitment])[0],
                "commitment": commitment,
                "steps": list(commitment.steps.all()),
                "check_ins": list(commitment.check_ins.select_related("by")[:50]),
                "may_change": may_change_commitment(self.viewer, commitment),
                "origin": origin_words(
                    self.ecosystem,
                    changes.Origin(CommitmentSource(commitment.source), commitment.source_code, commitment.wave),
                    self.facets,
                ),
                "crumbs": self.crumbs(str(commitment)),
                **kwargs,
            }
        )


class CommitmentActView(CommitmentView):
    """What a button does; what cannot be done is said on the page, and what was typed stays."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        acts: Mapping[str, Callable[[], HttpResponse]] = {
            "take-up": self.take_up,
            "done": lambda: self.by_form("done_form", DoneForm, self.finish),
            "drop": lambda: self.by_form("drop_form", DropForm, self.drop),
            "check-in": lambda: self.by_form("check_in_form", CheckInForm, self.check_in),
            "add-step": lambda: self.by_form("step_form", StepForm, self.add_step),
            "step": self.change_step,
        }
        act = acts.get(kwargs["act"])
        if act is None:
            raise Http404
        if not may_change_commitment(self.viewer, self.commitment):
            raise PermissionDenied
        return act()

    def by_form(self, name: str, kind: type[forms.Form], act: Callable[[Any], object]) -> HttpResponse:
        form = kind(self.request.POST)
        if form.is_valid():
            try:
                act(form.cleaned_data)
                return self.back()
            except CommitmentProblem as problem:
                form.add_error(None, str(problem))
        return self.render_to_response(self.get_context_data(**{name: form, "wrong": form}))

    def take_up(self) -> HttpResponse:
        changes.take_up(commitment=self.commitment, by=self.viewer.user)
        return self.back()

    def finish(self, data: Mapping[str, Any]) -> None:
        changes.finish(commitment=self.commitment, on=data["on"], by=self.viewer.user)

    def drop(self, data: Mapping[str, Any]) -> None:
        changes.drop_commitment(commitment=self.commitment, why=data["why"], by=self.viewer.user)

    def check_in(self, data: Mapping[str, Any]) -> None:
        changes.check_in(
            commitment=self.commitment,
            progress=Progress(data["progress"]),
            note=data["note"],
            by=self.viewer.user,
        )

    def add_step(self, data: Mapping[str, Any]) -> None:
        steps.add_step(commitment=self.commitment, text=data["step"])

    def change_step(self) -> HttpResponse:
        """A step that is gone meanwhile is gone: nothing happens."""
        pk, how = self.request.POST.get("step", ""), self.request.POST.get("how", "")
        known = pk.isascii() and pk.isdigit() and len(pk) < 10
        step = CommitmentStep.objects.filter(commitment=self.commitment.pk, pk=pk).first() if known else None
        if step is not None:
            match how:
                case "tick" | "untick":
                    steps.tick_step(step=step, done=how == "tick")
                case "up" | "down":
                    steps.move_step(step=step, by=-1 if how == "up" else 1)
                case "remove":
                    steps.remove_step(step=step)
        return self.back()

    def back(self) -> HttpResponse:
        if self.request.POST.get("from") == BOARD:
            return redirect(self.address("commitments"))
        args = [self.organization.slug, self.ecosystem.slug, self.commitment.key]
        return redirect(reverse("assessments:commitment", args=args))
