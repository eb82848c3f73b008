"""The facilitator's screen of a workshop: the page, its live part, its people, and the forms that act on the room."""

from functools import cached_property
from hashlib import blake2s
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from assessments import permissions
from assessments.dashboards.commitments.returning import ReturningList, returning_list
from assessments.dashboards.console.buttons import Act
from assessments.dashboards.console.doors import doors_of
from assessments.dashboards.console.page import ConsolePage, console_page
from assessments.dashboards.console.people import people
from assessments.enums import ActivityKind, WorkshopState
from assessments.live.events import room_topic, stream_token
from assessments.selectors.commitments import owners_of
from assessments.selectors.consoles import dimension_name, material_of, seats_of
from assessments.selectors.open_commitments import still_open
from assessments.selectors.room_facets import Facet, facets_of
from assessments.services.workshop_notes import NotesChanged, digest
from assessments.views.console_acts import RUNS
from assessments.views.console_presses import NEWS, REFUSED, Pressed
from assessments.views.workshop_runners import RunWorkshopView
from ecosystems.views.base import OrganizationView

if TYPE_CHECKING:
    from django.core.paginator import Page

    from assessments.models import Seat

FRAGMENT = "part"
BY_SCRIPT = "fetch"
SEATS_ON_A_PAGE = 50


class ConsoleMixin(RunWorkshopView):
    """A page about one workshop for those who run it. No browser keeps it: going back shows the room as it is now."""

    of_rehearsals = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            patch_cache_control(response, private=True, no_store=True)
        return response

    @property
    def console_url(self) -> str:
        return reverse("assessments:console", args=[self.organization.slug, self.workshop.pk])

    @cached_property
    def page(self) -> ConsolePage:
        return console_page(material_of(self.workshop))

    @cached_property
    def etag(self) -> str:
        seen = (self.page.etag_key, self.returning and self.returning.etag_key, get_language())
        return f'"{blake2s(repr(seen).encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()}"'

    @cached_property
    def live(self) -> str:
        """The part of the page that changes while the workshop runs."""
        return render_to_string("assessments/console/_live.html", self.parts(), request=self.request)

    def shown(self, template: str) -> HttpResponse:
        """The page; only its live part, and only if that has changed, where a script asks for it."""
        if self.request.GET.get(FRAGMENT) != "live":
            return render(self.request, template, self.whole())
        is_known = self.request.headers.get("If-None-Match") == self.etag
        response = HttpResponseNotModified() if is_known else HttpResponse(self.live)
        response["ETag"] = self.etag
        return response

    def way(self) -> list[tuple[str, str | None]]:
        """The way to the console; a rehearsal is reached from the workshop that is rehearsed."""
        slug, rehearsed = self.organization.slug, self.workshop.rehearsal_of_id
        return [
            (_("Workshops"), reverse("assessments:workshops", args=[slug])),
            (self.workshop.title, reverse("assessments:workshop", args=[slug, rehearsed or self.workshop.pk])),
        ]

    def parts(self) -> dict[str, Any]:
        return {
            "organization": self.organization,
            "workshop": self.workshop,
            "page": self.page,
            "etag": self.etag,
            "console_url": self.console_url,
            "note_key": uuid4(),
            "doors": doors_of(self.workshop),
            "notes_seen": digest(self.page.step.notes) if self.page.step else "",
            "notes": [(note, digest(note.text)) for note in self.page.material.notes],
            "facets": self.facets,
            "owners": self.owners,
            "returning": self.returning,
            "results_url": self.results_url,
            "may_choose_helpers": permissions.may_run(self.viewer),
            "dimension_name": dimension_name(self.workshop, self.page.dimension),
        }

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The scores that a commitment can be meant to move, where the room is at commitments."""
        step = self.page.step
        return facets_of(self.workshop) if step is not None and step.kind == ActivityKind.COMMIT else ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Who can be named as the owner of a commitment, told apart; there while people commit."""
        step = self.page.step
        is_asked = step is not None and step.kind == ActivityKind.COMMIT and self.workshop.state != WorkshopState.ENDED
        return owners_of(self.workshop.ecosystem, nameless=False).labels if is_asked else ()

    @property
    def results_url(self) -> str:
        """Of the wave that the workshop talks about, which is one that every member may see; '' without one."""
        wave = self.workshop.wave_id if self.workshop.state != WorkshopState.ENDED else None
        return reverse("assessments:results", args=[self.organization.slug, wave]) if wave else ""

    @cached_property
    def returning(self) -> ReturningList | None:
        """What earlier workshops promised, while the room talks."""
        step = self.page.step
        talks = step is not None and step.kind == ActivityKind.TALK
        return returning_list(still_open(self.workshop.ecosystem)) if talks else None

    def whole(self) -> dict[str, Any]:
        """What the full page needs."""
        return {
            **OrganizationView.get_context_data(self),
            **self.parts(),
            "live": self.live,
            "stream": f"/stream/{stream_token(room_topic(self.workshop.pk), reader=self.viewer.user.pk)}",
            "crumbs": [*self.way(), (_("Console"), None)],
        }


class ConsoleView(ConsoleMixin):
    """The console. `?part=live`: what changes, with an ETag."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.shown("assessments/console/console.html")


class ActView(ConsoleMixin):
    """One act, sent by a form. A script that sent it gets the new live part with what there is to say."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        run = RUNS.get(act)
        if run is None:
            raise Http404
        refusal: Exception | None = None
        try:
            said = run(Pressed(workshop=self.workshop, by=self.viewer.user, data=request.POST))
        except REFUSED as problem:
            refusal, said = problem, str(problem)
        if act == Act.END_REHEARSAL and refusal is None:
            return self.leave(said)
        for name in ("workshop", "page", "etag", "live"):  # as it is now
            self.__dict__.pop(name, None)
        is_problem = refusal is not None and not isinstance(refusal, NEWS)
        if request.headers.get("X-Requested-With") == BY_SCRIPT:
            told = {"html": self.live, "etag": self.etag, "said": said, "problem": is_problem}
            if isinstance(refusal, NotesChanged):
                told |= {"now": refusal.now, "seen": refusal.seen}
            return JsonResponse(told, status=422 if is_problem else 200)
        if is_problem and request.POST.get("text"):
            return self.keep_typed(said, refusal)
        (messages.warning if is_problem else messages.info)(request, said)
        return redirect(self.back())

    def leave(self, said: str) -> HttpResponse:
        """To the workshop that was rehearsed: the console is gone with the rehearsal."""
        messages.info(self.request, said)
        where = reverse("assessments:workshop", args=[self.organization.slug, self.workshop.rehearsal_of_id])
        if self.request.headers.get("X-Requested-With") == BY_SCRIPT:
            return JsonResponse({"go": where})
        return redirect(where)

    def back(self) -> str:
        if self.request.POST.get("back") == "people":
            return reverse("assessments:console-people", args=[self.organization.slug, self.workshop.pk])
        return self.console_url

    def keep_typed(self, said: str, refusal: Exception | None) -> HttpResponse:
        """The page with what was typed in a form of its own, so that nothing is lost."""
        sent = self.request.POST
        kept = [(name, sent[name]) for name in sent if name not in ("text", "seen", "csrfmiddlewaretoken")]
        unsaved = {"said": said, "text": sent["text"], "fields": kept, "address": self.request.path}
        if isinstance(refusal, NotesChanged):
            unsaved |= {"now": refusal.now, "seen": refusal.seen}
        context = {**self.whole(), "unsaved": unsaved}
        return render(self.request, "assessments/console/console.html", context, status=422)


class PeopleView(ConsoleMixin, TemplateView):
    """Who sits in the room, by name only where everybody speaks by name; remove, let in again, change the group."""

    template_name = "assessments/console/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        removed = self.request.GET.get("show") == "removed"
        seats = self.seats(removed=removed)
        return super().get_context_data(
            workshop=self.workshop,
            console_url=self.console_url,
            seats=seats,
            people=people(seats),
            breakouts=list(self.workshop.breakouts.all()),
            showing_removed=removed,
            crumbs=[*self.way(), (_("Console"), self.console_url), (_("People in the room"), None)],
            **kwargs,
        )

    def seats(self, *, removed: bool) -> "Page[Seat]":
        rows = seats_of(self.workshop, removed=removed)
        return Paginator(rows, SEATS_ON_A_PAGE).get_page(self.request.GET.get("page"))
