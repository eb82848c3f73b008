"""Joining a workshop: by a code that is typed, or by the link in a QR code. No account, no e-mail."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from assessments import join_links, links
from assessments.dashboards.rooms.welcome import welcome_to
from assessments.enums import WorkshopState
from assessments.forms.join import CodeForm, JoinForm
from assessments.models import Seat, Workshop
from assessments.selectors.joining import by_code, by_key, seat_in
from assessments.services import join_limits, join_pace
from assessments.services.room_problems import (
    Ended,
    GroupNeeded,
    ManyAtOnce,
    NameNeeded,
    NameTooLong,
    NotOpenYet,
    RoomProblem,
)
from assessments.services.seats import join
from assessments.views.devices import Device, device_of, remember
from assessments.views.fill_in_links import cookie_words, csrf_problem, keep_to_holder


@method_decorator(csrf_exempt, name="dispatch")
class DoorView(View):
    """What the join pages share: the device's cookie, and that nothing is stored on the way."""

    device: Device

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.device = device_of(request)
        response = keep_to_holder(super().dispatch(request, *args, **kwargs))
        remember(request, response, self.device)
        return response


class CodeView(DoorView):
    """The field for the code, and codes in addresses, which count as typed."""

    def get(self, request: HttpRequest, code: str | None = None) -> HttpResponse:
        if code is None:
            return self.page(request, CodeForm())
        return self.opened(request, CodeForm({"code": code}))

    def post(self, request: HttpRequest, code: str | None = None) -> HttpResponse:
        form = CodeForm(request.POST)
        if csrf_problem(request):
            form.add_error(None, cookie_words())
            return self.page(request, form, 403)
        return self.opened(request, form)

    def opened(self, request: HttpRequest, form: CodeForm) -> HttpResponse:
        """On to the doors that the code opens, or why not."""
        if not form.is_valid():
            return self.page(request, form, 422)
        wait = join_limits.guess_allowed(device=self.device.name, standing=self.device.has_standing)
        if wait is not None:
            form.add_error("code", wait.message)
            response = self.page(request, form, 429)
            response.headers["Retry-After"] = str(wait.seconds)
            return response
        workshop = by_code(form.cleaned_data["code"])
        if workshop is not None:
            return redirect("assessments:join-link", key=workshop.key)
        join_limits.note_wrong_guess(device=self.device.name)
        form.add_error(
            "code",
            _(
                "No workshop is open with this code. Compare it with the screen. If the doors are not open yet, wait "
                "a moment and try again; after the end a code opens nothing any more."
            ),
        )
        return self.page(request, form, 404)

    def page(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        return render(request, "assessments/join/code.html", {"form": form}, status=status)


class JoinView(DoorView):
    """The doors of one workshop: what it is, what is told before anything is given, and the button."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.doors(request, key) or self.page(request, self.form())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        closed = self.doors(request, key)
        if closed is not None:
            return closed
        form = self.form(request.POST)
        if csrf_problem(request) or not self.device.name:
            form.add_error(None, cookie_words())
            return self.page(request, form, 403)
        if not form.is_valid():
            return self.page(request, form, 422)
        rules = welcome_to(self.workshop).rules_key
        if request.POST.get("rules", rules) != rules and not self.own_phone:
            form.add_error(None, _("Who sees what has changed since you opened this page. Read it again, then join."))
            return self.page(request, form, 409)
        try:
            seat = join(
                workshop=self.workshop,
                join_key=self.device.join_key(self.workshop.key),
                name=form.cleaned_data.get("name", ""),
                group=form.cleaned_data.get("group", ""),
                counted=not self.own_phone,
            )
        except (NameNeeded, NameTooLong, GroupNeeded) as problem:
            form.show(problem)
            return self.page(request, form, 422)
        except ManyAtOnce as problem:
            form.show(problem)
            response = self.page(request, form, 429)
            response.headers["Retry-After"] = str(join_pace.RETRY_SECONDS)
            return response
        except Workshop.DoesNotExist:  # deleted since we looked
            return self.problem(request, "mistyped", 404)
        except RoomProblem as problem:
            return self.problem(request, problem.reason, 409)
        return self.seated(seat)

    def doors(self, request: HttpRequest, key: str) -> HttpResponse | None:
        """The page of doors that lead nowhere, or on to the seat that this phone has; None: come in."""
        workshop = by_key(key)
        if workshop is None:
            return self.problem(request, "mistyped", 404)
        self.workshop = workshop
        mark = request.POST.get("own", "") or request.GET.get("own", "")
        self.mark = mark if join_links.is_own_phone(workshop, mark) else ""
        known = self.device.seat_in(workshop.pk)
        seat = seat_in(workshop, known) if known else None
        if seat is not None:
            return self.seated(seat)
        if workshop.state == WorkshopState.ENDED:
            return self.problem(request, Ended.reason, 410)
        if workshop.state == WorkshopState.DRAFT:
            return self.problem(request, NotOpenYet.reason, 403)
        if workshop.is_locked:
            return self.problem(request, "locked", 403)
        return None

    @property
    def own_phone(self) -> bool:
        return bool(self.mark)

    def form(self, data: Any = None) -> JoinForm:
        return JoinForm(data, workshop=self.workshop, own_phone=self.own_phone)

    def seated(self, seat: Seat) -> HttpResponse:
        self.device = self.device.with_seat(seat.workshop_id, seat.pk)
        return redirect("assessments:phone", links.seat_token(seat))

    def page(self, request: HttpRequest, form: JoinForm, status: int = 200) -> HttpResponse:
        context = {
            "welcome": welcome_to(self.workshop, own_phone=self.own_phone),
            "form": form,
            "mark": self.mark,
        }
        return render(request, "assessments/join/join.html", context, status=status)

    def problem(self, request: HttpRequest, kind: str, status: int) -> HttpResponse:
        """One honest page: mistyped, not-open, locked, full, ended."""
        context: dict[str, Any] = {"kind": kind}
        if kind != "mistyped":
            context["workshop"] = self.workshop
        return render(request, "assessments/join/problem.html", context, status=status)
