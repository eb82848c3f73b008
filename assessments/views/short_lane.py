"""The short way for what is sent most or by many at once: a batch of JSON from a page's script.

It leaves out session, account, messages and the search among all routes, none of which saving it touches. What is not
that plain (a lost cookie, a form, too much at once) goes the ordinary way to the same view, which answers it.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from assessments.views.fill_in_links import csrf_problem, is_too_large, keep_to_holder


class ShortLane(ABC):
    """Middleware: stands behind those that answer for host, HTTPS and headers, before all others.

    `largest`: bytes of the largest body that is read.
    """

    address: ClassVar[re.Pattern[str]]
    largest: ClassVar[int]

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = self.address.fullmatch(request.path_info)
        if address is None or not self._is_plain(request):
            return self.get_response(request)
        request.get_host()  # refuses a host that is not ours
        translation.activate(translation.get_language_from_request(request))
        response = keep_to_holder(self.answer(address, request.body))
        response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        response.headers["Content-Length"] = str(len(response.content))
        return response

    @abstractmethod
    def answer(self, address: re.Match[str], body: bytes) -> HttpResponse:
        """What the view says to this body at an address that matched."""

    def _is_plain(self, request: HttpRequest) -> bool:
        return (
            request.method == "POST"
            and request.content_type == "application/json"
            and not is_too_large(request, self.largest)
            and not csrf_problem(request)
        )
