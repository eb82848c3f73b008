"""The short way for answers as they are given."""

import re

from django.http import HttpResponse

from assessments.forms.fill_in import LARGEST_BODY
from assessments.views.fill_in_answers import save_batch
from assessments.views.short_lane import ShortLane


class AnswersLane(ShortLane):
    address = re.compile(r"/a/([^/]+)/answers/")
    largest = LARGEST_BODY

    def answer(self, address: re.Match[str], body: bytes) -> HttpResponse:
        return save_batch(address[1], body)
