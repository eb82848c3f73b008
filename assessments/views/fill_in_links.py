"""What the pages of a link share: the link is the authority, and every page stays with whoever holds it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments.enums import WaveState
from assessments.links import MistypedLink
from assessments.models import Draft, Wave, WaveGroup
from assessments.selectors.fill_in import (
    LinkGone,
    Visit,
    find_visit,
)
from assessments.selectors.promises import promises_to

Response = TypeVar("Response", bound=HttpResponseBase)


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


_csrf_check: Final = _CsrfCheck(lambda _request: HttpResponse())


def csrf_problem(request: HttpRequest) -> str | None:
    """Why the request may come from elsewhere. Checked here, not before the view, so that nothing typed is lost."""
    _csrf_check.process_request(request)
    return _csrf_check.process_view(request, None, (), {})  # type: ignore[arg-type, return-value]


def cookie_words() -> str:
    return _(
        "Your browser did not send the cookie that protects this form, so nothing was saved yet. Press the button once "
        "more. If this message comes back, allow cookies for this site."
    )


def is_too_large(request: HttpRequest, most: int) -> bool:
    """Before anything of the body is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > most


def keep_to_holder(response: Response) -> Response:
    """Not stored, not indexed, and the link is told to no other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@dataclass(frozen=True)
class Addresses:
    """Where the pages of one link are."""

    token: str

    @property
    def welcome(self) -> str:
        return reverse("assessments:fill-in", args=[self.token])

    @property
    def answers(self) -> str:
        return reverse("assessments:fill-in-answers", args=[self.token])

    @property
    def review(self) -> str:
        return reverse("assessments:fill-in-review", args=[self.token])

    @property
    def thanks(self) -> str:
        return reverse("assessments:fill-in-thanks", args=[self.token])

    def section(self, number: int) -> str:
        return reverse("assessments:fill-in-section", args=[self.token, number])


def group_context(group: WaveGroup, *, by_personal_link: bool, on_paper: bool = False, **more: Any) -> dict[str, Any]:
    """What every page of a genuine link names."""
    assessment = group.wave.assessment
    return {
        "group": group,
        "wave": group.wave,
        "assessment": assessment,
        "ecosystem": assessment.ecosystem,
        "organization": assessment.organization,
        "promises": promises_to(group, by_personal_link=by_personal_link, on_paper=on_paper),
        **more,
    }


def problem_page(request: HttpRequest, kind: str, status: int, group: WaveGroup | None = None) -> HttpResponse:
    """One honest page for a link that does not lead on: mistyped, gone, used, closed, not-open, too-large."""
    context: dict[str, Any] = {"kind": kind}
    if group is not None:
        context |= {"wave": group.wave, "ecosystem": group.wave.assessment.ecosystem}
    return render(request, "assessments/fill_in/problem.html", context, status=status)


def state_problem(request: HttpRequest, group: WaveGroup) -> HttpResponse | None:
    """The page of a wave that takes no answers."""
    if group.wave.state == WaveState.DRAFT:
        return problem_page(request, "not-open", 403, group)
    if group.wave.state == WaveState.CLOSED:
        return problem_page(request, "closed", 410, group)
    return None


@method_decorator(csrf_exempt, name="dispatch")
class LinkView(View):
    """A page of one link: finds who comes, or says honestly why the link leads nowhere."""

    needs_draft: ClassVar[bool] = True
    visit: Visit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.visit = find_visit(kwargs.pop("token"))
        except MistypedLink:
            return keep_to_holder(problem_page(request, "mistyped", 404))
        except LinkGone:
            return keep_to_holder(problem_page(request, "gone", 410))
        try:
            return keep_to_holder(self.refusal(request) or super().dispatch(request, *args, **kwargs))
        except (Wave.DoesNotExist, Draft.DoesNotExist):  # deleted since we looked
            return keep_to_holder(problem_page(request, "gone", 410))

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        if self.visit.is_submitted:
            if request.method == "POST":
                return redirect(self.addresses.thanks)
            return problem_page(request, "used", 410, self.visit.group)
        if request.method == "POST":
            if is_too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
                return problem_page(request, "too-large", 413, self.visit.group)
        elif problem := state_problem(request, self.visit.group):
            return problem
        if self.needs_draft and self.visit.draft is None:
            return redirect(self.addresses.welcome)
        return None

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.visit.token)

    @property
    def draft(self) -> Draft:
        assert self.visit.draft is not None
        return self.visit.draft

    def context(self, **more: Any) -> dict[str, Any]:
        personal = self.visit.invitation is not None
        own_link = "" if personal or self.visit.draft is None else f"{settings.PUBLIC_URL}{self.addresses.welcome}"
        return group_context(
            self.visit.group,
            by_personal_link=personal,
            on_paper=self.visit.invitation is not None and not self.visit.invitation.email,
            addresses=self.addresses,
            questionnaire=self.visit.questionnaire,
            own_link=own_link,
            **more,
        )
