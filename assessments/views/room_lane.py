"""The short way for what a full hall sends in the same second: votes, ideas and commitments as JSON.

As in `fill_in_lane.py`: session, account, messages and the search among all routes are left out. What is not that plain
(a lost cookie, a form, too much at once) goes the ordinary way to the same view, which answers it.
"""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from assessments.forms.room_writes import LARGEST_BODY
from assessments.views.fill_in_links import csrf_problem, is_too_large, keep_to_holder
from assessments.views.room_writes import KINDS, save_json

ADDRESS: Final = re.compile(rf"/w/([^/]+)/({'|'.join(KINDS)})/")


class RoomLane:
    """Middleware: stands behind those that answer for host, HTTPS and headers, before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = ADDRESS.fullmatch(request.path_info)
        if address is None or not _is_plain(request):
            return self.get_response(request)
        request.get_host()  # refuses a host that is not ours
        translation.activate(translation.get_language_from_request(request))
        response = keep_to_holder(save_json(KINDS[address[2]], address[1], request.body))
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
