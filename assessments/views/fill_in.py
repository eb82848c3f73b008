"""Filling in by a link, without an account: welcome, sections, review, thanks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.forms.fill_in import Row, SectionForm, shown_rows
from assessments.selectors.fill_in import (
    SectionPage,
    Target,
    Visit,
    answers_of,
    first_blank_section,
    review_page,
    section_page,
)
from assessments.selectors.replies import reply_url
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
from assessments.views.fill_in_links import LinkView, cookie_words, csrf_problem, problem_page, state_problem


class WelcomeView(LinkView):
    """Who asks, why, how long, what is kept and who sees it. Only Start makes a draft: link previews create nothing."""

    needs_draft = False

    def get(self, request: HttpRequest, status: int = 200, problem: str = "") -> HttpResponse:
        going_on = None
        if self.visit.draft is not None:
            blank = first_blank_section(self.visit.questionnaire, answers_of(self.draft))
            going_on = self.addresses.review if blank is None else self.addresses.section(blank)
        invitation = self.visit.invitation
        declined = invitation is not None and invitation.mail_stopped
        context = self.context(
            going_on=going_on,
            declined=declined,
            problem=problem,
            now=now_in_ms(),
            reply_url=reply_url(self.visit.group.wave.assessment.ecosystem),
        )
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
        url = reply_url(self.visit.group.wave.assessment.ecosystem)
        return render(request, "assessments/fill_in/thanks.html", self.context(reply_url=url))


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
        draft=visit.draft.pk,
        is_submitted=visit.draft.is_submitted,
        form=group.form,
        audience=group.audience,
        wave=wave.pk,
        state=wave.state,
        privacy_frozen=wave.privacy_frozen,
        version=wave.version_id,
        invitation=invitation.pk if invitation else None,
        status=invitation.status if invitation else None,
        map_links=wave.map_links,
    )
