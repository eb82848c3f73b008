"""Filling in by a link, without an account. The link is the authority; every page stays with whoever holds it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments import links
from assessments.enums import InvitationStatus, WaveState
from assessments.forms.fill_in import LARGEST_BODY, BadBatch, Row, SectionForm, letter_of, read_batch, shown_rows
from assessments.links import LinkKind, MistypedLink
from assessments.models import Draft, WaveGroup
from assessments.selectors.fill_in import (
    LinkGone,
    SectionPage,
    Target,
    Visit,
    answers_of,
    find_group,
    find_target,
    find_visit,
    first_blank_section,
    questionnaire_of,
    review_page,
    section_page,
)
from assessments.selectors.promises import promises_to
from assessments.services.drafts import (
    AlreadySubmitted,
    FillInProblem,
    NotOpen,
    NotStarted,
    now_in_ms,
    save_answers,
    start_draft,
)
from assessments.services.responses import NothingAnswered, submit_draft

COOKIE_DAYS = 180


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def csrf_problem(request: HttpRequest) -> str | None:
    """Why the request may come from elsewhere. Checked here, not before the view, so that nothing typed is lost."""
    check = _CsrfCheck(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {})  # type: ignore[arg-type, return-value]


def is_too_large(request: HttpRequest, most: int) -> bool:
    """Before anything of the body is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > most


def keep_to_holder(response: HttpResponseBase) -> HttpResponseBase:
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


def group_context(group: WaveGroup, *, by_personal_link: bool, **more: Any) -> dict[str, Any]:
    """What every page of a genuine link names."""
    assessment = group.wave.assessment
    return {
        "group": group,
        "wave": group.wave,
        "assessment": assessment,
        "ecosystem": assessment.ecosystem,
        "organization": assessment.organization,
        "promises": promises_to(group, by_personal_link=by_personal_link),
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
        return keep_to_holder(self.refusal(request) or super().dispatch(request, *args, **kwargs))

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
            addresses=self.addresses,
            questionnaire=self.visit.questionnaire,
            own_link=own_link,
            **more,
        )


class WelcomeView(LinkView):
    """Who asks, why, how long, what is kept and who sees it. Only Start makes a draft: link previews create nothing."""

    needs_draft = False

    def get(self, request: HttpRequest, status: int = 200, problem: str = "") -> HttpResponse:
        going_on = None
        if self.visit.draft is not None:
            blank = first_blank_section(self.visit.questionnaire, answers_of(self.draft))
            going_on = self.addresses.review if blank is None else self.addresses.section(blank)
        invitation = self.visit.invitation
        declined = invitation is not None and invitation.status == InvitationStatus.DECLINED
        context = self.context(going_on=going_on, declined=declined, problem=problem, now=now_in_ms())
        return render(request, "assessments/fill_in/welcome.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        if problem := state_problem(request, self.visit.group):
            return problem
        if csrf_problem(request):
            return self.get(request, 403, cookie_words())
        if self.visit.draft is None:
            try:
                start_draft(group=self.visit.group, invitation=self.visit.invitation)
            except NotOpen:
                return problem_page(request, "closed", 410, self.visit.group)
        return redirect(self.addresses.section(1))


class SectionView(LinkView):
    """One page of questions. Without the script it is a plain form that saves what was changed."""

    def get(self, request: HttpRequest, section: int) -> HttpResponse:
        page = section_page(self.visit.questionnaire, section, answers_of(self.draft))
        if page is None:
            return redirect(self.addresses.section(1))
        return self.render(page, shown_rows(page))

    def post(self, request: HttpRequest, section: int) -> HttpResponse:
        page = section_page(self.visit.questionnaire, section, answers_of(self.draft))
        if page is None:
            return redirect(self.addresses.section(1))
        form = SectionForm(page, request.POST, now=now_in_ms())
        if csrf_problem(request):
            return self.render(page, form.rows({}, ask_for_missing=False), problem=cookie_words(), status=403)
        try:
            saved = save_answers(target=target_of(self.visit), answers=form.given())
        except AlreadySubmitted:
            return redirect(self.addresses.thanks)
        except FillInProblem as problem:
            rows = form.rows({}, ask_for_missing=False)
            return self.render(page, rows, problem=str(problem), stopped=True, status=409)
        refused = {(one.item, one.part): one.message for one in saved.refused}
        forward = request.POST.get("go") != "back"
        ask = forward and "asked" not in request.POST
        rows = form.rows(refused, ask_for_missing=ask)
        if refused or any(row.is_wrong for row in rows):
            fresh = section_page(self.visit.questionnaire, section, answers_of(self.draft))
            rows = SectionForm(fresh or page, request.POST, now=0).rows(refused, ask_for_missing=ask)
            return self.render(page, rows, asked=ask or "asked" in request.POST, status=422)
        return redirect(self.following(page) if forward else self.before(page))

    def following(self, page: SectionPage) -> str:
        return self.addresses.review if page.is_last else self.addresses.section(page.number + 1)

    def before(self, page: SectionPage) -> str:
        return self.addresses.welcome if page.number == 1 else self.addresses.section(page.number - 1)

    def render(self, page: SectionPage, rows: list[Row], status: int = 200, **more: Any) -> HttpResponse:
        context = self.context(**section_context(page, rows, self.addresses), now=now_in_ms(), **more)
        return render(self.request, "assessments/fill_in/section.html", context, status=status)


class ReviewView(LinkView):
    """How far somebody is; submitting is here and nowhere else."""

    def get(self, request: HttpRequest, status: int = 200, problem: str = "", stopped: bool = False) -> HttpResponse:
        review = review_page(self.visit.questionnaire, answers_of(self.draft))
        context = self.context(
            **review_context(self.visit.questionnaire.sections, self.addresses),
            review=review,
            unanswered=[(step, self.addresses.section(step.section)) for step in review.unanswered],
            problem=problem,
            stopped=stopped,
            now=now_in_ms(),
        )
        return render(request, "assessments/fill_in/review.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        if csrf_problem(request):
            return self.get(request, 403, cookie_words())
        try:
            submit_draft(draft=self.draft)
        except AlreadySubmitted:
            pass
        except NothingAnswered as problem:
            return self.get(request, 422, str(problem))
        except FillInProblem as problem:
            return self.get(request, 409, str(problem), stopped=True)
        return redirect(self.addresses.thanks)


class ThanksView(LinkView):
    """What happens next. Also where a second Submit, from another tab or by going back, arrives."""

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        return None if self.visit.is_submitted else redirect(self.addresses.welcome)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "assessments/fill_in/thanks.html", self.context())


@method_decorator(csrf_exempt, name="dispatch")
class AnswersView(View):
    """Where the page's script sends answers as they are given, and looks up what other devices have sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return keep_to_holder(super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            visit = find_visit(token)
        except (MistypedLink, LinkGone) as problem:
            return refusal_of("gone", str(problem), 404 if isinstance(problem, MistypedLink) else 410)
        answers = answers_of(visit.draft) if visit.draft and not visit.is_submitted else {}
        told = {
            item: {
                "value": letter_of(one.value),
                "comment": one.comment,
                "revision": one.revision,
                "comment_revision": one.comment_revision,
            }
            for item, one in answers.items()
        }
        state = "submitted" if visit.is_submitted else str(visit.wave.state)
        return JsonResponse({"csrf": get_token(request), "now": now_in_ms(), "state": state, "answers": told})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if is_too_large(request, LARGEST_BODY):
            return refusal_of("too-large", _("That is too much at once."), 413)
        if csrf_problem(request):
            return refusal_of("csrf", cookie_words(), 403, csrf=get_token(request))
        try:
            # a page that is being left can send a form only
            is_form = request.content_type == "application/x-www-form-urlencoded"
            answers = read_batch(request.POST.get("batch", "") if is_form else request.body)
            saved = save_answers(target=find_target(token), answers=answers)
        except MistypedLink as problem:
            return refusal_of("mistyped", str(problem), 404)
        except LinkGone as problem:
            return refusal_of("gone", str(problem), 410)
        except BadBatch as problem:
            return refusal_of("unreadable", str(problem), 400)
        except FillInProblem as problem:
            return refusal_of(problem.reason, str(problem), 409)
        refused = [{"item": one.item, "part": one.part, "message": one.message} for one in saved.refused]
        status = 422 if refused and len({one["item"] for one in refused}) == len(answers) else 200
        return JsonResponse({"changed": saved.changed, "refused": refused, "now": now_in_ms()}, status=status)


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
        )
        return render(request, "assessments/fill_in/welcome.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        if csrf_problem(request):
            return self.get(request, 403, cookie_words())
        mine = self.mine(request)
        if mine is not None and not mine.is_submitted and "anew" not in request.POST:
            return redirect(Addresses(mine.token).section(1))
        try:
            draft = start_draft(group=self.group)
        except NotOpen:
            return problem_page(request, "closed", 410, self.group)
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


def section_context(page: SectionPage, rows: list[Row], addresses: Any) -> dict[str, Any]:
    """What the page of a section needs, in filling in and in trying out."""
    wrong = [row for row in rows if row.is_wrong]
    unanswered = [row for row in wrong if not row.comment_error]
    summary = (
        ngettext("One question has no answer", "%(count)s questions have no answer", len(wrong)) % {"count": len(wrong)}
        if len(unanswered) == len(wrong)
        else _("Something on this page needs a change")
    )
    return {
        **review_context(page.questionnaire.sections, addresses),
        "page": page,
        "rows": rows,
        "wrong": wrong,
        "summary": summary,
        "may_go_on": bool(wrong) and len(unanswered) == len(wrong),
    }


def review_context(sections: Any, addresses: Any) -> dict[str, Any]:
    titles = [(section.title, addresses.section(number)) for number, section in enumerate(sections, start=1)]
    return {"steps": [*titles, (_("Review"), addresses.review)], "last_section": addresses.section(len(titles))}


def target_of(visit: Visit) -> Target:
    """Where a visitor's answers go, without asking the database again."""
    if visit.draft is None:
        raise NotStarted
    group, wave, invitation = visit.group, visit.wave, visit.invitation
    return Target(
        draft=str(visit.draft.pk),
        is_submitted=visit.draft.is_submitted,
        form=group.form,
        audience=group.audience,
        wave=wave.pk,
        state=wave.state,
        privacy_frozen=wave.privacy_frozen,
        version=wave.version_id,
        invitation=invitation.pk if invitation else None,
        status=invitation.status if invitation else None,
    )


def cookie_words() -> str:
    return _(
        "Your browser did not send the cookie that protects this form, so nothing was saved yet. Press the button once "
        "more. If this message comes back, allow cookies for this site."
    )


def refusal_of(reason: str, message: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"reason": reason, "message": message, **more}, status=status)
