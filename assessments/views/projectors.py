"""The screen in the room. Its address is the authority: it reads, and nothing can be done with it."""

import json
from hashlib import blake2s
from typing import Any

from django.db.models import DateTimeField, Func
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import View

from assessments.dashboards.commitments.returning import returning_list
from assessments.dashboards.console.doors import doors_of
from assessments.dashboards.projector.screen import screen, shows_promises
from assessments.live.events import PAGES_OF_A_LINK, room_topic, stream_token
from assessments.models import Workshop
from assessments.projector_links import NoProjector, is_over, read_projector_token
from assessments.selectors.open_commitments import MOST_ON_THE_WALL, still_open
from assessments.selectors.pulses import Pulse, pulses
from assessments.selectors.rooms import rooms
from assessments.views.fill_in_links import keep_to_holder
from assessments.views.room_frames import pulse_payload


class _Screen(View):
    """Finds the workshop of a projector's address, or says that there is none (any more)."""

    http_method_names = ["get", "head"]
    workshop: Workshop
    token: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = kwargs["token"]
        try:
            pk = read_projector_token(self.token)
        except NoProjector:
            return keep_to_holder(self.nothing(request, "mistyped", 404))
        now = Func(function="clock_timestamp", output_field=DateTimeField())
        found = Workshop.objects.filter(pk=pk).select_related("organization", "ecosystem").annotate(now=now).first()
        if found is None or is_over(found.ended_at, found.now):
            return keep_to_holder(self.nothing(request, "over", 410))
        self.workshop = found
        return keep_to_holder(super().dispatch(request, *args, **kwargs))

    def nothing(self, request: HttpRequest, kind: str, status: int) -> HttpResponse:
        return render(request, "assessments/projector/nothing.html", {"kind": kind}, status=status)

    def seen(self) -> tuple[dict[str, Any], Pulse]:
        """What the fragment is made of."""
        room = rooms([self.workshop.pk])[self.workshop.pk]
        pulse = pulses([self.workshop.pk])[self.workshop.pk]
        returning = None
        if shows_promises(room) and room.step and room.step.looked_back is None:
            returning = returning_list(still_open(self.workshop.ecosystem, most=MOST_ON_THE_WALL))
        return {"screen": screen(room, returning), "pulse": pulse, "doors": doors_of(self.workshop)}, pulse

    @property
    def stream(self) -> str:
        pk = self.workshop.pk
        return f"/stream/{stream_token(room_topic(pk), reader=f'projector {pk}', most=PAGES_OF_A_LINK)}"


class ProjectorView(_Screen):
    """The page; it reloads itself where no script runs."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        context, pulse = self.seen()
        context |= {
            "workshop": self.workshop,
            "organization": self.workshop.organization,
            "stream": self.stream,
            "state": reverse("assessments:projector-state", args=[token]),
            "pulse_json": pulse_payload(pulse),
        }
        return render(request, "assessments/projector/page.html", context)


class ProjectorStateView(_Screen):
    """The same as JSON with an ETag, for the page's script: {"view": {"version", "screen"}, "pulse", "stream"}."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        context, pulse = self.seen()
        html = render_to_string("assessments/projector/_screen.html", context, request=request)
        view = {"version": context["screen"].room.version, "screen": html}
        counts = pulse_payload(pulse)
        news = (view, {**counts, "now": 0}, get_language())
        etag = f'"{blake2s(json.dumps(news, sort_keys=True).encode(), digest_size=12).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers={"ETag": etag})
        return JsonResponse({"view": view, "pulse": counts, "stream": self.stream}, headers={"ETag": etag})

    def nothing(self, request: HttpRequest, kind: str, status: int) -> HttpResponse:
        return JsonResponse({"reason": kind}, status=status)
