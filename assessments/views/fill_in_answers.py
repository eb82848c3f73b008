"""Where the page's script sends answers as they are given."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments.forms.fill_in import LARGEST_BODY, BadBatch, letter_of, read_batch
from assessments.links import MistypedLink
from assessments.selectors.fill_in import (
    LinkGone,
    answers_of,
    find_visit,
)
from assessments.services.drafts import (
    FillInProblem,
    now_in_ms,
    save_by_link,
)
from assessments.views.fill_in_links import cookie_words, csrf_problem, is_too_large, keep_to_holder


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
        # a page that is being left can send a form only
        is_form = request.content_type == "application/x-www-form-urlencoded"
        return save_batch(token, request.POST.get("batch", "") if is_form else request.body)


def save_batch(token: str, body: bytes | str) -> HttpResponse:
    """What became of a batch of answers, as JSON."""
    try:
        answers = read_batch(body)
        saved = save_by_link(token=token, answers=answers)
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
    told = {"changed": saved.changed, "refused": refused, "now": now_in_ms()}
    return HttpResponse(json.dumps(told), content_type="application/json", status=status)


def refusal_of(reason: str, message: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"reason": reason, "message": message, **more}, status=status)
