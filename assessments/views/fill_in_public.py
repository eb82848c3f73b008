"""The page behind a public link; Start gives everybody a draft and a link of their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments import links
from assessments.links import LinkKind, MistypedLink
from assessments.models import Wave, WaveGroup
from assessments.selectors.fill_in import (
    LinkGone,
    Visit,
    find_group,
    find_visit,
    questionnaire_of,
)
from assessments.selectors.replies import reply_url
from assessments.services.drafts import NotOpen
from assessments.services.public_links import TooManyStarts, start_by_public_link
from assessments.views.fill_in_links import (
    Addresses,
    cookie_words,
    csrf_problem,
    group_context,
    keep_to_holder,
    problem_page,
    state_problem,
)

COOKIE_DAYS = 180


@method_decorator(csrf_exempt, name="dispatch")
class PublicLinkView(View):
    """The page behind a group's public link; Start gives everybody a draft and a link of their own."""

    group: WaveGroup

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = find_group(kwargs.pop("public_key"))
        if found is None:
            return keep_to_holder(problem_page(request, "mistyped", 404))
        self.group = found
        return keep_to_holder(state_problem(request, found) or super().dispatch(request, *args, **kwargs))

    @property
    def cookie(self) -> str:
        return f"fill_in_{self.group.pk}"

    def get(self, request: HttpRequest, status: int = 200, problem: str = "") -> HttpResponse:
        mine = self.mine(request)
        context = group_context(
            self.group,
            by_personal_link=False,
            questionnaire=questionnaire_of(self.group),
            going_on=Addresses(mine.token).welcome if mine and not mine.is_submitted else None,
            answered_here=mine is not None and mine.is_submitted,
            is_public=True,
            problem=problem,
            reply_url=reply_url(self.group.wave.assessment.ecosystem),
        )
        return render(request, "assessments/fill_in/welcome.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        if csrf_problem(request):
            return self.get(request, 403, cookie_words())
        mine = self.mine(request)
        if mine is not None and not mine.is_submitted and "anew" not in request.POST:
            return redirect(Addresses(mine.token).section(1))
        try:
            draft = start_by_public_link(group=self.group)
        except NotOpen:
            return problem_page(request, "closed", 410, self.group)
        except TooManyStarts as problem:
            later = self.get(request, 429, str(problem))
            later.headers["Retry-After"] = "60"
            return later
        except Wave.DoesNotExist:  # deleted since we looked
            return problem_page(request, "gone", 410)
        token = links.draft_token(draft)
        response = redirect(Addresses(token).section(1))
        response.set_cookie(
            self.cookie,
            token,  # signed as every link is
            max_age=COOKIE_DAYS * 24 * 3600,
            path=reverse("assessments:public-link", args=[self.group.public_key]),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def mine(self, request: HttpRequest) -> Visit | None:
        """What this browser began by this link."""
        token = request.COOKIES.get(self.cookie, "")
        if not token.startswith(LinkKind.DRAFT.value):
            return None
        try:
            visit = find_visit(token)
        except (MistypedLink, LinkGone):
            return None
        return visit if visit.group.pk == self.group.pk else None
