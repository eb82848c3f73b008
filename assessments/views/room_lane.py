"""The short way for what a full hall sends in the same second: votes, ideas and commitments."""

import re

from django.http import HttpResponse

from assessments.forms.room_writes import LARGEST_BODY
from assessments.views.room_writes import KINDS, save_json
from assessments.views.short_lane import ShortLane


class RoomLane(ShortLane):
    address = re.compile(rf"/w/([^/]+)/({'|'.join(KINDS)})/")
    largest = LARGEST_BODY

    def answer(self, address: re.Match[str], body: bytes) -> HttpResponse:
        return save_json(KINDS[address[2]], address[1], body)
