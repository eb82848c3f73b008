"""Commitments of an ecosystem: board and list, a new one, and changing one."""

import re
from functools import cached_property
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from assessments import permissions
from assessments.dashboards.commitments.rows import CommitmentRow, commitment_row
from assessments.enums import About, CommitmentSource, SignalKind
from assessments.forms.commitments import CommitmentForm
from assessments.models import Commitment, Signal, Wave, Workshop
from assessments.permissions import may_change_commitment, may_commit, may_run
from assessments.selectors.commitments import (
    Column,
    Owners,
    ToldEffects,
    commitments_of,
    effects_of,
    in_column,
    owners_of,
)
from assessments.selectors.map_facets import MapFacets, map_facets
from assessments.selectors.minutes import clusters_told
from assessments.services.commitment_changes import ChangedMeanwhile, Origin, change_commitment, make_commitment
from assessments.services.commitments import CommitmentProblem
from assessments.services.scores import OpenedAgain, mark_results_shown
from ecosystems.models import Ecosystem
from ecosystems.views.ecosystems import EcosystemMixin

A_PAGE: Final = 50
IN_A_COLUMN: Final = 20
SORTS: Final = {"owner": ("owner_name", "due_on", "key"), "newest": ("-created_at", "key")}
LOOP: Final = re.compile(r"\d+(>\d+){0,50}")


class CommitmentsMixin(EcosystemMixin):
    """Rows and names that every page of commitments needs."""

    section = "loops"

    @cached_property
    def facets(self) -> MapFacets:
        return map_facets(self.ecosystem)

    def rows(self, found: Any) -> list[CommitmentRow]:
        """Of `commitments_of`, evaluated once. That numbers of closed waves stand there is written down (rule D2)."""
        told, today = effects_of(self.ecosystem), timezone.localdate()
        try:
            for wave in told.waves:
                mark_results_shown(wave=wave)
        except OpenedAgain:
            told = ToldEffects()
        found, effects = list(found), told.by_commitment
        keys = {key for one in found if (effect := effects.get(str(one.key))) for key in effect.inseparable}
        names = {str(one.key): one.text for one in Commitment.objects.filter(ecosystem=self.ecosystem, key__in=keys)}
        return [commitment_row(one, self.facets, effects, names, today=today) for one in found]

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"assessments:{name}", args=[self.organization.slug, self.ecosystem.slug, *args])

    def crumbs(self, *more: Any) -> list[Any]:
        first = (self.ecosystem.name, self.ecosystem.get_absolute_url())
        return [first, (_("Commitments"), self.address("commitments") if more else None), *more]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"may_commit": may_commit(self.viewer), **kwargs})


class CommitmentsView(CommitmentsMixin, TemplateView):
    """The board; `?view=list`: the list, with filters."""

    template_name = "assessments/commitments/commitments.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        shows_list = asked.get("view") == "list"
        mine, dimension = asked.get("who") == "mine", asked.get("dimension", "")
        found = commitments_of(self.ecosystem)
        if mine:
            found = found.filter(owner=self.viewer.user)
        codes = [tie.code for tie in self.facets.facets.values() if tie.dimension == dimension]
        found = found.filter(facet__in=codes) if codes else found
        ownerless = Q(state="open", has_left=True)
        return super().get_context_data(
            crumbs=self.crumbs(),
            shows_list=shows_list,
            mine=mine,
            dimension=dimension if codes else "",
            dimensions=[(group.facets[0].code, group.name) for group in self.facets.groups if group.facets],
            ownerless=commitments_of(self.ecosystem).filter(ownerless).count() if may_run(self.viewer) else 0,
            **(self.listed(found) if shows_list else self.board(found)),
            **kwargs,
        )

    def listed(self, found: Any) -> dict[str, Any]:
        state, sort = self.request.GET.get("state", ""), self.request.GET.get("sort", "")
        if state in set(Column):
            found = found.filter(in_column(Column(state)))
        if sort in SORTS:
            found = found.order_by(*SORTS[sort])
        page = Paginator(found, A_PAGE).get_page(self.request.GET.get("page"))
        states = [(column.value, title) for column, title in column_titles()]
        return {"page": page, "rows": self.rows(page.object_list), "state": state, "sort": sort, "states": states}

    def board(self, found: Any) -> dict[str, Any]:
        shown, counts = [], {}
        for column, _title in column_titles():
            here = found.filter(in_column(column))
            counts[column] = here.count()
            shown += list(here.order_by("-closed_on", "key")[:IN_A_COLUMN] if is_over(column) else here[:IN_A_COLUMN])
        rows = self.rows(shown)
        columns = [
            (column, title, counts[column], [(row, self.may_change(row)) for row in rows if row.column is column])
            for column, title in column_titles()
        ]
        return {"columns": columns, "rows": rows}

    def may_change(self, row: CommitmentRow) -> bool:
        return may_change_commitment(self.viewer, row.commitment)


class CommitmentFormView(CommitmentsMixin, FormView[CommitmentForm]):
    template_name = "assessments/commitments/form.html"
    form_class = CommitmentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        owners = owners_of(self.ecosystem)
        return {**super().get_form_kwargs(), "ecosystem": self.ecosystem, "facets": self.facets, "owners": owners}


class CommitmentNewView(CommitmentFormView):
    """Freely, or from what the address says: a score, a theme, a loop, a workshop, a signal."""

    allowed = permissions.may_commit

    def get_initial(self) -> dict[str, Any]:
        code, theme = self.request.GET.get("code", ""), self.origin.source == CommitmentSource.THEME
        if self.origin.signal is not None and theme:
            code = self.origin.signal.about
        return {
            "facet": code if code in self.facets.facets else "",
            "heard": self.origin.code if theme else "",
        }

    @cached_property
    def origin(self) -> Origin:
        asked = self.request.GET
        wave = Wave.objects.filter(assessment__ecosystem=self.ecosystem, assessment__about=About.SYSTEM)
        source, code = asked.get("source", ""), asked.get("code", "").replace("\0", "")[:400]
        signal = self.asked_for(Signal.objects.filter(ecosystem=self.ecosystem).select_related("wave"), "signal")
        if source == CommitmentSource.SCORE and code in self.facets.measured:
            return Origin(CommitmentSource.SCORE, code, self.asked_for(wave, "wave"), signal)
        if source == CommitmentSource.LOOP and LOOP.fullmatch(code):
            return Origin(CommitmentSource.LOOP, code, self.asked_for(wave, "wave"), signal)
        if source == CommitmentSource.THEME and signal is not None and signal.kind == SignalKind.THEME:
            return Origin(CommitmentSource.THEME, signal.title, signal.wave, signal)
        cluster = self.asked_for(clusters_told(self.ecosystem).select_related("activity__workshop"), "cluster")
        if source == CommitmentSource.THEME and cluster is not None:
            return Origin(CommitmentSource.THEME, cluster.title, cluster=cluster)
        workshop = self.asked_for(Workshop.objects.filter(ecosystem=self.ecosystem, rehearsal_of=None), "workshop")
        if workshop is not None:
            return Origin(CommitmentSource.WORKSHOP, str(workshop.pk), None, signal)
        return Origin(signal=signal)

    def asked_for(self, found: Any, name: str) -> Any:
        pk = self.request.GET.get(name, "")
        return found.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None

    def form_valid(self, form: CommitmentForm) -> HttpResponse:
        try:
            made = make_commitment(ecosystem=self.ecosystem, told=form.told(), by=self.viewer.user, origin=self.origin)
        except CommitmentProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The commitment is saved."))
        return redirect(self.address("commitment", made.key))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Make a commitment")
        return super().get_context_data(
            crumbs=self.crumbs(title),
            title=title,
            back=self.address("commitments"),
            origin=origin_words(self.ecosystem, self.origin, self.facets),
            **kwargs,
        )


class CommitmentEditView(CommitmentFormView):
    @cached_property
    def commitment(self) -> Any:
        return get_object_or_404(commitments_of(self.ecosystem), key=self.kwargs["key"])

    def check(self) -> None:
        if not may_change_commitment(self.viewer, self.commitment):
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kept_facet": self.commitment.facet}

    def get_initial(self) -> dict[str, Any]:
        return as_typed(self.commitment, owners_of(self.ecosystem))

    def form_valid(self, form: CommitmentForm) -> HttpResponse:
        seen = form.cleaned_data["edition"]
        try:
            change_commitment(
                commitment=self.commitment, told=form.told(), seen=-1 if seen is None else seen, by=self.viewer.user
            )
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.data = {**self.request.POST.dict(), "edition": str(problem.now.edition)}
            row = commitment_row(problem.now, self.facets, {}, {}, today=timezone.localdate())
            return self.render_to_response(self.get_context_data(form=form, now=problem.now, now_row=row))
        except CommitmentProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(self.address("commitment", self.commitment.key))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = self.address("commitment", self.commitment.key)
        return super().get_context_data(
            commitment=self.commitment,
            crumbs=self.crumbs((str(self.commitment), back), _("Change")),
            title=_("Change the commitment"),
            back=back,
            **kwargs,
        )


def as_typed(commitment: Any, owners: Owners) -> dict[str, Any]:
    """A commitment as its form shows it; whoever has left is not offered again."""
    names = ("text", "due_on", "facet", "expected", "expected_points", "is_public", "heard", "came_of_it", "edition")
    owner = "" if commitment.has_left else owners.label(commitment)
    return {"owner_name": owner, **{name: getattr(commitment, name) for name in names}}


def column_titles() -> list[tuple[Column, str]]:
    return [
        (Column.PROPOSED, _("Proposed")),
        (Column.ON_TRACK, _("Open, on track")),
        (Column.PRESSING, _("Late, at risk or stuck")),
        (Column.DONE, _("Done")),
        (Column.DROPPED, _("Dropped")),
    ]


def is_over(column: Column) -> bool:
    return column in (Column.DONE, Column.DROPPED)


def origin_words(ecosystem: Ecosystem, origin: Origin, facets: MapFacets) -> str:
    """Where a commitment comes from, in words; '' where it was made freely."""
    if origin.source == CommitmentSource.SCORE:
        tie = facets.measured.get(origin.code)
        name = tie.name if tie else origin.code
        return f"{name}, {origin.wave.title}" if origin.wave else name
    if origin.source == CommitmentSource.THEME:
        return _("What people wrote: %(theme)s") % {"theme": origin.code}
    if origin.source == CommitmentSource.LOOP:
        named = ecosystem.loop_names.filter(members=origin.code).first()
        return _("The loop “%(name)s”") % {"name": named} if named else _("A feedback loop")
    return _("A workshop") if origin.source == CommitmentSource.WORKSHOP else ""
