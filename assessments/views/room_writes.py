"""Where phones in a workshop send votes, ideas and commitments; the seat's link is the authority.

The page's script sends JSON and is answered in JSON. Where there is none, the same addresses take the page's forms and
lead back to it; what cannot be taken is shown with everything that was typed.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments.forms.room_writes import (
    LARGEST_BODY,
    BadBody,
    CommitmentsBody,
    IdeasBody,
    VotesBody,
    commitments_of_form,
    ideas_of_form,
    read_commitments,
    read_ideas,
    read_votes,
    votes_of_form,
)
from assessments.links import MistypedLink, read_seat_token
from assessments.services import seat_pace
from assessments.services.commitments import propose
from assessments.services.drafts import now_in_ms
from assessments.services.ideas import RefusedText, write_ideas
from assessments.services.room_problems import RoomProblem, SeatGone
from assessments.services.votes import cast_votes
from assessments.views.fill_in_links import cookie_words, csrf_problem, is_too_large, keep_to_holder


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch; `refused` as they are told to the phone, each with a `message`."""

    round: int
    changed: int
    refused: tuple[Mapping[str, str], ...]


class Refusal(Exception):
    """Why nothing was taken; `wait`: seconds after which the same may be sent again."""

    def __init__(self, reason: str, message: str, status: int, wait: int = 0) -> None:
        super().__init__(message)
        self.reason, self.message, self.status, self.wait = reason, message, status, wait


def save_votes(seat: UUID, body: VotesBody) -> Taken:
    cast = cast_votes(seat=seat, round_id=body.round, votes=body.votes, reasons=body.reasons)
    refused = ({"item": one.item, "part": one.part, "message": one.message} for one in cast.refused)
    return Taken(body.round, cast.changed, tuple(refused))


def save_ideas(seat: UUID, body: IdeasBody) -> Taken:
    written = write_ideas(seat=seat, round_id=body.round, ideas=body.ideas, gone=body.gone)
    return Taken(body.round, written.changed, _told(written.refused))


def save_commitments(seat: UUID, body: CommitmentsBody) -> Taken:
    written = propose(seat=seat, round_id=body.round, proposals=body.commitments, gone=body.gone)
    return Taken(body.round, written.changed, _told(written.refused))


def _told(refused: Iterable[RefusedText]) -> tuple[Mapping[str, str], ...]:
    return tuple({"key": str(one.key), "message": one.message} for one in refused)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of thing is read and saved."""

    read: Callable[[bytes], Any]
    read_form: Callable[[QueryDict], Any]
    save: Callable[[UUID, Any], Taken]


KINDS: Final[Mapping[str, Kind]] = {
    "votes": Kind(read_votes, votes_of_form, save_votes),
    "ideas": Kind(read_ideas, ideas_of_form, save_ideas),
    "commitments": Kind(read_commitments, commitments_of_form, save_commitments),
}


def taken(token: str, save: Callable[[UUID], Taken]) -> Taken:
    """What became of what a seat's holder sent. Raises Refusal."""
    try:
        seat = read_seat_token(token)
    except MistypedLink as problem:
        raise Refusal("mistyped", str(problem), 404) from problem
    if not seat_pace.allowed(seat):
        wait = seat_pace.RETRY_SECONDS
        message = _("Slow down: this phone sends too much at once. It will be sent again by itself.")
        raise Refusal("slow-down", message, 429, wait)
    try:
        return save(seat)
    except BadBody as problem:
        raise Refusal("unreadable", str(problem), 400) from problem
    except RoomProblem as problem:
        raise Refusal(problem.reason, str(problem), 410 if isinstance(problem, SeatGone) else 409) from problem


def save_json(kind: Kind, token: str, body: bytes) -> HttpResponse:
    """What became of it, as JSON."""
    try:
        done = taken(token, lambda seat: kind.save(seat, kind.read(body)))
    except Refusal as refusal:
        return refusal_of(refusal)
    told = {"round": done.round, "saved": done.changed, "refused": done.refused, "now": now_in_ms()}
    return HttpResponse(json.dumps(told), content_type="application/json")


def refusal_of(refusal: Refusal, **more: str) -> HttpResponse:
    told: dict[str, object] = {"reason": refusal.reason, "message": refusal.message, **more}
    headers = {"Retry-After": str(refusal.wait)} if refusal.wait else {}
    if refusal.wait:
        told["wait"] = refusal.wait
    body = json.dumps(told)
    return HttpResponse(body, content_type="application/json", status=refusal.status, headers=headers)


@method_decorator(csrf_exempt, name="dispatch")
class WritesView(View):
    """The ordinary way in: forms, and JSON that is not plain enough for the short way of `room_lane.py`."""

    http_method_names = ["post", "options"]
    kind = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return keep_to_holder(super().dispatch(request, *args, **kwargs))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        is_json = request.content_type == "application/json"
        refuse = self.refuse_json if is_json else self.refuse
        if is_too_large(request, LARGEST_BODY):
            return refuse(request, Refusal("too-large", _("That is too much at once. Shorten it."), 413))
        if csrf_problem(request):
            return refuse(request, Refusal("csrf", cookie_words(), 403))
        kind = KINDS[self.kind]
        if is_json:
            return save_json(kind, token, request.body)
        try:
            done = taken(token, lambda seat: kind.save(seat, kind.read_form(request.POST)))
        except Refusal as refusal:
            return self.refuse(request, refusal)
        if done.refused:
            messages = tuple(dict.fromkeys(one["message"] for one in done.refused))
            return self.not_saved(request, messages, 422)
        return HttpResponseRedirect("../")

    def refuse_json(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        more = {"csrf": get_token(request)} if refusal.reason == "csrf" else {}
        return refusal_of(refusal, **more)

    def refuse(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        response = self.not_saved(request, (refusal.message,), refusal.status)
        if refusal.wait:
            response.headers["Retry-After"] = str(refusal.wait)
        return response

    def not_saved(self, request: HttpRequest, messages: tuple[str, ...], status: int) -> HttpResponse:
        """Why, and every text that was typed, so that nothing is lost."""
        typed = () if status == 413 else tuple(_typed_texts(request.POST))
        context = {"problems": messages, "typed": typed}
        return render(request, "assessments/join/not_saved.html", context, status=status)


def _typed_texts(data: QueryDict) -> Iterable[str]:
    texts = ("text", "owner")
    prefixes = ("reason-", "idea-", "new-")
    found = (data.get(name, "") for name in data if name in texts or name.startswith(prefixes))
    return (text for text in found if text.strip())
