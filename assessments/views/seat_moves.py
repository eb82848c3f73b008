"""A seat on another phone: its link and QR code, on a page of their own, since drawing one takes its time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from assessments.join_links import moving
from assessments.links import MistypedLink, read_seat_token
from assessments.models import Seat
from assessments.views.fill_in_links import keep_to_holder


class MoveView(View):
    """For whoever holds the seat's link already."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            known = Seat.objects.filter(pk=read_seat_token(token), is_removed=False).exists()
        except MistypedLink:
            known = False
        if not known:  # the seat's page says why
            return keep_to_holder(redirect("assessments:phone", token))
        return keep_to_holder(render(request, "assessments/join/move.html", {"moving": moving(token)}))
