"""The people of a group: list, adding them, links, the public link with its QR code; and the way out of e-mail."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, ListView, TemplateView, View

from assessments.enums import Anonymity, WaveState
from assessments.forms.people import PeopleForm, PublicLinkForm
from assessments.links import MistypedLink, personal_url, public_url, read_no_more_mail_token
from assessments.models import Invitation, WaveGroup
from assessments.qr_codes import qr_svg
from assessments.services.invitations import (
    add_people,
    decline,
    download_allowed,
    members_to_add,
    note_download,
    remove_people,
    stakeholders_to_add,
    stop_mail,
)
from assessments.services.wave_setup import set_public_link
from assessments.services.waves import WaveProblem
from assessments.views.waves import WaveMixin
from ecosystems.delimited import write_table

PREVIEWED = 50


class GroupMixin(WaveMixin):
    """A page of one group of a wave."""

    @cached_property
    def group(self) -> WaveGroup:
        group = get_object_or_404(WaveGroup, wave=self.wave, pk=self.kwargs["group"])
        group.wave = self.wave
        return group

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "group": self.group})

    def crumbs(self) -> list[tuple[str, str | None]]:
        """Through the group's list to the page."""
        way = super().crumbs()
        if not self.page_name:
            way[-1] = (self.wave.title, self.wave.get_absolute_url())
            return [*way, (self.group.label, None)]
        url = reverse("assessments:wave-people", args=[self.organization.slug, self.wave.pk, self.group.pk])
        return [*way[:-1], (self.group.label, url), way[-1]]

    def back(self) -> HttpResponse:
        return redirect("assessments:wave-people", self.organization.slug, self.wave.pk, self.group.pk)


class PeopleView(GroupMixin, ListView[Invitation]):
    """Who is asked by a personal link. Says of nobody whether they have answered, unless the wave is named."""

    template_name = "assessments/waves/people.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        people = self.group.invitations.order_by("name", "email", "key")
        if words := self.request.GET.get("q", "").replace("\0", "").strip():
            people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
        return people

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wave, group = self.wave, self.group
        initial = {"on": group.public_link_on, "expected": group.expected}
        open_anonymous = wave.state == WaveState.OPEN and wave.anonymity == Anonymity.ANONYMOUS
        closed = wave.state == WaveState.CLOSED
        return super().get_context_data(
            form=PeopleForm(group=group),
            link_form=PublicLinkForm(initial=initial),
            public_url=public_url(group),
            known=0 if closed else len(stakeholders_to_add(group)),
            members=0 if closed else len(members_to_add(group)),
            named=wave.anonymity == Anonymity.NAMED,
            may_remove=not closed and not open_anonymous,
            may_stop=wave.state == WaveState.OPEN,
            without_mail=group.invitations.filter(email="").count(),
            may_download=download_allowed(group),
            query=self.request.GET.get("q", ""),
            **kwargs,
        )


class AddPeopleView(GroupMixin, FormView[Any]):
    """Check a list, show what it says, add it all or nothing."""

    template_name = "assessments/waves/people_add.html"
    page_name = gettext_lazy("Add people")
    form_class = PeopleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "group": self.group}

    def form_valid(self, form: PeopleForm) -> HttpResponse:
        if "confirm" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            added = add_people(group=self.group, people=form.people, by=self.viewer.user)
        except WaveProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _added_words(added.new, added.known, added.declined))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table = context["form"].table
        if table:
            there = set(self.group.invitations.exclude(email="").values_list("email", flat=True))
            rows = [(row, table.by_row.get(row.number, ()), row["email"] in there) for row in table.rows]
            wrong = [row for row in rows if row[1]]
            context["preview"] = (wrong or rows)[:PREVIEWED]
            context["more"] = max(0, len(wrong or rows) - PREVIEWED)
            context["general_problems"] = [problem for problem in table.problems if not _of_a_row(problem.row, rows)]
            context["known"] = sum(known for _row, _problems, known in rows)
            context["new"] = len(rows) - context["known"]
        return context


class AddKnownView(GroupMixin, View):
    """Add the stakeholders of this group, or the leaders among the members, as the ecosystem knows them."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        people = stakeholders_to_add(self.group) or members_to_add(self.group)
        try:
            added = add_people(group=self.group, people=people, by=self.viewer.user)
        except WaveProblem as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _added_words(added.new, added.known, added.declined))
        return self.back()


class PeopleActView(GroupMixin, View):
    """Remove the chosen people, or stop their e-mail."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        pks = [int(pk) for pk in request.POST.getlist("person") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        try:
            if request.POST.get("act") == "stop":
                stop_mail(group=self.group, pks=pks)
                messages.success(request, _("These people get no more e-mail about this assessment."))
            else:
                removed = remove_people(group=self.group, pks=pks, by=self.viewer.user)
                words = ngettext("%(n)d person removed.", "%(n)d people removed.", removed)
                messages.success(request, words % {"n": removed})
        except WaveProblem as problem:
            messages.error(request, str(problem))
        return self.back()


class PublicLinkView(GroupMixin, FormView[Any]):
    """Switch the public link on or off; the address stays the same."""

    template_name = "assessments/waves/public_link.html"
    page_name = gettext_lazy("Public link")
    form_class = PublicLinkForm

    def get_initial(self) -> dict[str, Any]:
        return {"on": True, "expected": self.group.expected}  # whoever comes where it is off, comes to switch it on

    def form_valid(self, form: PublicLinkForm) -> HttpResponse:
        try:
            set_public_link(group=self.group, by=self.viewer.user, **form.cleaned_data)
        except WaveProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        on = form.cleaned_data["on"]
        messages.success(self.request, _("The public link is on.") if on else _("The public link is off."))
        return self.back()


class PosterView(GroupMixin, TemplateView):
    """The public link to print and hang up."""

    template_name = "assessments/waves/poster.html"
    page_name = gettext_lazy("To print")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.group.public_link_on:
            raise Http404
        url = public_url(self.group)
        return super().get_context_data(url=url, code=qr_svg(url, title=url), **kwargs)


class LinksView(GroupMixin, View):
    """The personal links of those without e-mail, as a file; who took it is noted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse | StreamingHttpResponse:
        if not download_allowed(self.group):
            messages.error(request, _("Links are handed out as a file only for anonymous waves that are not closed."))
            return self.back()
        note_download(group=self.group, by=self.viewer.user)
        people = self.group.invitations.filter(email="").order_by("name", "key")
        rows = ((person.name, personal_url(person)) for person in people.iterator(chunk_size=1_000))
        response = StreamingHttpResponse(
            write_table([_("Name"), _("Link")], rows), content_type="text/csv; charset=utf-8"
        )
        name = f"links-{self.wave.pk}-{self.group.pk}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response


@method_decorator(csrf_exempt, name="dispatch")
class NoMoreMailView(TemplateView):
    """The end of e-mail about an assessment: a page with a button, and one-click for mail programs (RFC 8058).

    Needs no log-in and no CSRF token: the signed link is the permission, and all it can do is stop e-mail.
    """

    template_name = "assessments/waves/no_more_mail.html"
    extra_context = {"done": False}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            key = read_no_more_mail_token(kwargs["token"])
        except MistypedLink as problem:
            return self.render_to_response({"problem": str(problem)}, status=404)
        related = "group__wave__assessment__ecosystem__organization"
        self.invitation = Invitation.objects.select_related(related).filter(key=key).first()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.invitation is not None:
            decline(invitation=self.invitation)
        return self.render_to_response(self.get_context_data(done=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"invitation": self.invitation, **kwargs})


def _of_a_row(number: int | None, rows: list[Any]) -> bool:
    return number is not None and any(row[0].number == number for row in rows)


def _added_words(new: int, known: int, declined: int) -> str:
    words = [ngettext("%(n)d person added.", "%(n)d people added.", new) % {"n": new}]
    if known:
        words.append(ngettext("%(n)d was asked already.", "%(n)d were asked already.", known) % {"n": known})
    if declined:
        words.append(
            ngettext("%(n)d wants no e-mail and gets none.", "%(n)d want no e-mail and get none.", declined)
            % {"n": declined}
        )
    return " ".join(words)
