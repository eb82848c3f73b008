"""The ideas board: facilitators sort what the room wrote, alone or together, with or without a script."""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from hashlib import blake2s
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.enums import WRITTEN, WorkshopState
from assessments.live.events import room_topic, stream_token
from assessments.models import Activity, IdeaCluster
from assessments.selectors.idea_boards import IdeaBoard, board_of
from assessments.services import idea_clusters
from assessments.services.acts import StageProblem
from assessments.views.consoles import BY_SCRIPT, ConsoleMixin
from ecosystems.views.base import OrganizationView


class IdeasBoardView(ConsoleMixin):
    """The board. `?part=live`: what changes, with an ETag. POST: one act, then the board as it is then."""

    typed: tuple[int | None, str] = (None, "")
    """A name that was refused, and the cluster that it is for, None for a new one."""

    @cached_property
    def activity(self) -> Activity:
        return get_object_or_404(Activity, pk=self.kwargs["activity"], workshop=self.workshop, kind__in=WRITTEN)

    @property
    def board_url(self) -> str:
        return reverse("assessments:ideas-board", args=[self.organization.slug, self.workshop.pk, self.activity.pk])

    @cached_property
    def board(self) -> IdeaBoard:
        return board_of(self.activity, named=not self.workshop.is_anonymous)

    @cached_property
    def etag(self) -> str:
        seen = (self.board, self.workshop.state, get_language())
        return f'"{blake2s(repr(seen).encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()}"'

    @cached_property
    def live(self) -> str:
        return render_to_string("assessments/ideas_board/_board.html", self.parts(), request=self.request)

    def parts(self) -> dict[str, Any]:
        return {
            "organization": self.organization,
            "workshop": self.workshop,
            "activity": self.activity,
            "board": self.board,
            "board_url": self.board_url,
            "etag": self.etag,
            "typed": self.typed,
            "can_sort": self.workshop.state == WorkshopState.LIVE,
        }

    def whole(self) -> dict[str, Any]:
        crumbs = [*self.way(), (_("Console"), self.console_url), (self.activity.title, None)]
        return {
            **OrganizationView.get_context_data(self),
            **self.parts(),
            "live": self.live,
            "console_url": self.console_url,
            "stream": f"/stream/{stream_token(room_topic(self.workshop.pk), reader=self.viewer.user.pk)}",
            "crumbs": crumbs,
        }

    def get(self, request: HttpRequest, pk: int, activity: int) -> HttpResponse:
        return self.shown("assessments/ideas_board/board.html")

    def post(self, request: HttpRequest, pk: int, activity: int) -> HttpResponse:
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        is_problem = False
        try:
            said = act(self)
        except StageProblem as problem:
            said, is_problem = str(problem), True
        for name in ("workshop", "activity", "board", "etag", "live"):  # as it is now
            self.__dict__.pop(name, None)
        if request.headers.get("X-Requested-With") == BY_SCRIPT:
            told = {"html": self.live, "etag": self.etag, "said": said, "problem": is_problem}
            return JsonResponse(told, status=422 if is_problem else 200)
        if is_problem and request.POST.get("title"):
            self.typed = (self.whole_number("cluster"), request.POST["title"])
            context = {**self.whole(), "problem": said}
            return render(request, "assessments/ideas_board/board.html", context, status=422)
        (messages.warning if is_problem else messages.info)(request, said)
        return redirect(self.board_url)

    # what was sent, read without trusting it

    def ideas(self) -> list[UUID]:
        try:
            return [UUID(key) for key in dict.fromkeys(self.request.POST.getlist("idea"))]
        except ValueError:
            raise idea_clusters.IdeaGone from None

    def whole_number(self, name: str) -> int | None:
        text = self.request.POST.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None

    def cluster(self) -> IdeaCluster:
        found = IdeaCluster.objects.filter(activity=self.activity, pk=self.whole_number("cluster") or 0).first()
        if found is None:
            raise idea_clusters.ClusterGone
        return found


def _add(view: IdeasBoardView) -> str:
    made = idea_clusters.add_cluster(
        activity=view.activity, title=view.request.POST.get("title", ""), by=view.viewer.user
    )
    ideas = view.ideas()
    if ideas:
        idea_clusters.move_ideas(activity=view.activity, ideas=ideas, cluster=made.pk, by=view.viewer.user)
    return _("The cluster “%(title)s” is there.") % {"title": made.title}


def _rename(view: IdeasBoardView) -> str:
    sent = view.request.POST
    renamed = idea_clusters.rename_cluster(
        cluster=view.cluster(), title=sent.get("title", ""), seen=sent.get("seen", ""), by=view.viewer.user
    )
    return _("The cluster is called “%(title)s”.") % {"title": renamed.title}


def _apart(view: IdeasBoardView) -> str:
    with suppress(idea_clusters.ClusterGone):  # somebody else did it
        idea_clusters.take_apart(cluster=view.cluster(), by=view.viewer.user)
    return _("The cluster is taken apart; its ideas are still here.")


def _place(view: IdeasBoardView) -> str:
    cluster = view.cluster()
    idea_clusters.place_cluster(cluster=cluster, place=view.whole_number("place") or 0, by=view.viewer.user)
    return _("“%(title)s” stands there now.") % {"title": cluster.title}


def _move(view: IdeasBoardView) -> str:
    ideas = view.ideas()
    to = view.request.POST.get("to", "")
    if to == "parked":
        return _park(view)
    cluster = None
    if to not in ("", "none"):
        if not (to.isascii() and to.isdigit() and len(to) <= 18):
            raise idea_clusters.ClusterGone
        cluster = int(to)
    idea_clusters.move_ideas(activity=view.activity, ideas=ideas, cluster=cluster, by=view.viewer.user)
    return ngettext("%(n)s idea is moved.", "%(n)s ideas are moved.", len(ideas)) % {"n": len(ideas)}


def _merge(view: IdeasBoardView) -> str:
    host = idea_clusters.merge_ideas(activity=view.activity, ideas=view.ideas(), by=view.viewer.user)
    return _("They stand together under “%(text)s”.") % {"text": host.text}


def _split(view: IdeasBoardView) -> str:
    for idea in view.ideas():
        idea_clusters.split_idea(activity=view.activity, idea=idea, by=view.viewer.user)
    return _("It stands by itself again.")


def _park(view: IdeasBoardView) -> str:
    ideas = view.ideas()
    idea_clusters.park_ideas(activity=view.activity, ideas=ideas, by=view.viewer.user)
    return ngettext("%(n)s idea is parked.", "%(n)s ideas are parked.", len(ideas)) % {"n": len(ideas)}


def _take_up(view: IdeasBoardView) -> str:
    ideas = view.ideas()
    idea_clusters.park_ideas(activity=view.activity, ideas=ideas, parked=False, by=view.viewer.user)
    return ngettext("%(n)s idea is back.", "%(n)s ideas are back.", len(ideas)) % {"n": len(ideas)}


_ACTS: dict[str, Callable[[IdeasBoardView], str]] = {
    "add": _add,
    "rename": _rename,
    "apart": _apart,
    "place": _place,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "park": _park,
    "take-up": _take_up,
}
