"""The short way for what is sent most: answers as they are given, a batch of JSON from the page's script.

It leaves out session, account, messages and the search among all routes, none of which saving an answer touches. What
is not that plain (a lost cookie, a form, too much at once) goes the ordinary way to the same view, which answers it.
"""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from assessments.forms.fill_in import LARGEST_BODY
from assessments.views.fill_in_answers import save_batch
from assessments.views.fill_in_links import csrf_problem, is_too_large, keep_to_holder

ADDRESS: Final = re.compile(r"/a/([^/]+)/answers/")


class AnswersLane:
    """Middleware: stands behind those that answer for host, HTTPS and headers, before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = ADDRESS.fullmatch(request.path_info)
        if address is None or not _is_plain(request):
            return self.get_response(request)
        request.get_host()  # refuses a host that is not ours
        translation.activate(translation.get_language_from_request(request))
        response = keep_to_holder(save_batch(address[1], request.body))
        response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _is_plain(request: HttpRequest) -> bool:
    return (
        request.method == "POST"
        and request.content_type == "application/json"
        and not is_too_large(request, LARGEST_BODY)
        and not csrf_problem(request)
    )
