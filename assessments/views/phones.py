"""The page that a phone in a workshop holds, and what its script asks for. The seat's link is the authority."""

import json
from functools import cache
from hashlib import blake2s
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments.dashboards.rooms.phone import phone
from assessments.enums import CANT_SAY
from assessments.forms.minutes_request import MinutesRequestForm
from assessments.links import MistypedLink, read_seat_token
from assessments.live.events import room_topic, stream_token
from assessments.models import Seat
from assessments.selectors.own_words import Own, SeatGone, own_of, seat_with
from assessments.selectors.pulses import pulses
from assessments.selectors.rooms import rooms, seat_mark
from assessments.services import seat_pace
from assessments.services.minutes_requests import TooManyAddresses, WorkshopGone, ask_for_minutes
from assessments.views.fill_in_links import cookie_words, csrf_problem, keep_to_holder
from assessments.views.room_frames import Frames, pulse_payload

CANT_SAY_WORD = "cant-say"


@cache
def _frames() -> Frames:
    """This process's rendered views, for phones that no stream reaches."""
    return Frames()


@method_decorator(csrf_exempt, name="dispatch")
class SeatView(View):
    """Something at a seat's link: finds the seat, or says honestly why there is none."""

    seat: Seat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            key = read_seat_token(kwargs["token"])
            if not seat_pace.may_look(key):
                return keep_to_holder(self.too_often(request))
            self.seat = seat_with(key)
        except MistypedLink:
            return keep_to_holder(self.nothing(request, "mistyped", 404))
        except SeatGone:
            return keep_to_holder(self.nothing(request, "gone", 410))
        return keep_to_holder(super().dispatch(request, *args, **kwargs))

    def nothing(self, request: HttpRequest, kind: str, status: int) -> HttpResponse:
        return render(request, "assessments/phone/nothing.html", {"kind": kind}, status=status)

    def too_often(self, request: HttpRequest) -> HttpResponse:
        """Before anything is read: a phone that asks without end holds up nobody else. Scripts ask again later."""
        response = self.nothing(request, "slow-down", 429)
        response.headers["Retry-After"] = str(seat_pace.RETRY_SECONDS)
        return response


class PhoneView(SeatView):
    """The room as this phone sees it; the script keeps it so, and without one the page reloads itself."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return phone_page(request, self.seat, token, MinutesRequestForm())


class StateView(SeatView):
    """View and counts for a phone that no stream reaches, with an ETag over what is news."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        topic = room_topic(self.seat.workshop_id)
        frames = _frames()
        frames.present([self.seat.pk])
        found = frames.frames([topic]).get(topic, {})
        news = {kind: {k: v for k, v in payload.items() if k != "now"} for kind, payload in found.items()}
        etag = f'"{blake2s(json.dumps(news, sort_keys=True).encode(), digest_size=12).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers={"ETag": etag})
        return JsonResponse({**found, "stream": stream_address(self.seat)}, headers={"ETag": etag})

    def nothing(self, request: HttpRequest, kind: str, status: int) -> HttpResponse:
        return JsonResponse({"reason": kind}, status=status)


class OwnView(SeatView):
    """What this seat has said, for a phone that was away, and the cookie's counterpart for what it sends."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return JsonResponse({**own_payload(self.seat, own_of(self.seat)), "csrf": get_token(request)})

    def nothing(self, request: HttpRequest, kind: str, status: int) -> HttpResponse:
        return JsonResponse({"reason": kind}, status=status)


class MinutesView(SeatView):
    """Tick to get the minutes: the address is kept apart from the seat, and names nobody's answers."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return redirect("assessments:phone", token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = MinutesRequestForm(request.POST)
        if csrf_problem(request):
            return phone_page(request, self.seat, token, form, problem=cookie_words(), status=403)
        if not form.is_valid():
            return phone_page(request, self.seat, token, form, status=422)
        if not seat_pace.may_give_address(self.seat.pk):
            form.add_error(
                "email",
                _("These are many addresses for one phone. Others can ask for the minutes on their own phones."),
            )
            return phone_page(request, self.seat, token, form, status=429)
        try:
            ask_for_minutes(workshop=self.seat.workshop, email=form.cleaned_data["email"])
        except WorkshopGone:
            return self.nothing(request, "gone", 410)
        except TooManyAddresses as refusal:
            form.add_error("email", str(refusal))
            return phone_page(request, self.seat, token, form, status=422)
        return redirect(f"{reverse('assessments:phone', args=[token])}?minutes=1#minutes")


def phone_page(
    request: HttpRequest, seat: Seat, token: str, form: MinutesRequestForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    own = own_of(seat)
    workshop = seat.workshop
    room, pulse = rooms([workshop.pk])[workshop.pk], pulses([workshop.pk])[workshop.pk]
    shown = phone(room, own)
    changing = "change" in request.GET
    context = {
        "phone": shown,
        "pulse": pulse,
        "own": own,
        "seat": seat,
        "workshop": workshop,
        "organization": workshop.organization,
        "changing": changing,
        "new_key": uuid4(),
        "typing": shown.is_open and own.is_counted and (changing or not shown.has_said),
        "mark": seat_mark(seat.pk),
        "own_json": own_payload(seat, own),
        "pulse_json": pulse_payload(pulse),
        "version": room.version,
        "stream": stream_address(seat),
        "state": reverse("assessments:room-state", args=[token]),
        "form": form,
        "problem": problem,
        "asked_for_minutes": "minutes" in request.GET and not form.is_bound,
    }
    return render(request, "assessments/phone/page.html", context, status=status)


def own_payload(seat: Seat, own: Own) -> dict[str, Any]:
    """The seat's own words as its script reads them; the same shape as what it sends."""
    return {
        "name": own.name,
        "breakout": own.breakout,
        "counted": own.is_counted,
        "removed": own.is_removed,
        "votes": {
            round: {
                item: {
                    "item": item,
                    "value": CANT_SAY_WORD if vote.value == CANT_SAY else vote.value,
                    "confidence": vote.confidence,
                    "delay": vote.delay,
                    "revision": vote.revision,
                }
                for item, vote in votes.items()
            }
            for round, votes in own.votes.items()
        },
        "reasons": {
            round: {
                item: {"item": item, "text": reason.text, "revision": reason.revision}
                for item, reason in reasons.items()
            }
            for round, reasons in own.reasons.items()
        },
        "ideas": {
            round: {key: {"key": key, "text": one.text, "revision": one.revision} for key, one in ideas.items()}
            for round, ideas in own.ideas.items()
        },
        "commitments": {
            key: {
                "key": key,
                "text": one.text,
                "owner": one.owner,
                "due": one.due_on.isoformat() if one.due_on else "",
                "facet": one.facet,
                "revision": one.revision,
                "accepted": one.is_accepted,
            }
            for key, one in own.commitments.items()
        },
    }


def stream_address(seat: Seat) -> str:
    return f"/stream/{stream_token(room_topic(seat.workshop_id), seat.pk)}"
