"""The causal map as tables and forms: everything that the drawing can do, without a script."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from assessments import permissions
from assessments.dashboards.maps.history import told
from assessments.dashboards.maps.lists import FactorRow, LinkRow, factor_rows, link_rows
from assessments.forms.maps import FactorForm, LinkForm, WeightForm
from assessments.selectors.map_edits import edits_of
from assessments.services.maps import edits
from assessments.views.maps import MapMixin
from ecosystems.models import DrawnLink, Factor
from ecosystems.services.map_problems import FactorGone, MapProblem

A_PAGE = 100
EDITS_ON_A_PAGE = 20


class MapListView(MapMixin, TemplateView):
    """Factors and links as tables, and the history of edits."""

    template_name = "assessments/maps/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawing, get = self.drawing(), self.request.GET
        factors: list[FactorRow] = factor_rows(drawing)
        links: list[LinkRow] = link_rows(drawing)
        history = Paginator(edits_of(self.ecosystem), EDITS_ON_A_PAGE).get_page(get.get("edits"))
        return super().get_context_data(
            crumbs=self.way((_("List"), None)),
            drawing=drawing,
            wave=self.facets.wave,
            factors=Paginator(factors, A_PAGE).get_page(get.get("factors")),
            links=Paginator(links, A_PAGE).get_page(get.get("links")),
            history=history,
            edits=[told(edit) for edit in history],
            past=get.get("past", ""),
            beyond=get.get("beyond", ""),
            **kwargs,
        )


class _EditFormView(MapMixin, FormView[Any], ABC):
    """A form that makes one edit. A refused one keeps everything that was typed."""

    allowed = permissions.may_run
    template_name = "assessments/maps/form.html"

    @property
    @abstractmethod
    def title(self) -> str:
        """What the page is called."""

    @property
    def button(self) -> str:
        return _("Save")

    @property
    def removes(self) -> str:
        """What the second button says; '' where there is nothing to take away."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            crumbs=self.way((_("List"), self.map_url("map-list")), (self.title, None)),
            title=self.title,
            button=self.button,
            removes=self.removes,
            **kwargs,
        )

    @property
    def who(self) -> dict[str, Any]:
        return {"ecosystem": self.ecosystem, "key": uuid4(), "by": self.viewer.user}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = self.save(form)
        except MapProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.map_url("map-list"))

    @abstractmethod
    def save(self, form: Any) -> str:
        """Make the edit and say so. May raise MapProblem."""


class _RemovingView(_EditFormView, ABC):
    """A form with a second button that takes away what it is about."""

    @abstractmethod
    def remove(self) -> str:
        """Take it off the map and say so. May raise MapProblem."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.removes and request.POST.get("act") == "remove":
            try:
                messages.success(request, self.remove())
            except MapProblem as problem:
                messages.warning(request, str(problem))
            return redirect(self.map_url("map-list"))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class NewFactorView(_EditFormView):
    form_class = FactorForm

    @property
    def title(self) -> str:
        return _("New factor")

    @property
    def button(self) -> str:
        return _("Add to the map")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "facets": self.facets}

    def save(self, form: FactorForm) -> str:
        edits.add_factor(**self.who, **form.cleaned_data)
        return _("“%(name)s” is on the map.") % {"name": form.cleaned_data["name"]}


class FactorView(_RemovingView, NewFactorView):
    """Change a factor, or take it off. One that somebody has just taken off can be brought back with what is typed."""

    gone = ""

    @cached_property
    def factor(self) -> Factor:
        return get_object_or_404(Factor, ecosystem=self.ecosystem, pk=self.kwargs["pk"])

    @property
    def title(self) -> str:
        return self.factor.name

    @property
    def button(self) -> str:
        return _("Save")

    @property
    def removes(self) -> str:
        return _("Take off the map") if self.factor.on_map else ""

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.factor, name) for name in ("name", "facet", "indicator")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kept": (self.factor.facet, self.factor.indicator)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = self.request.POST if self.request.method == "POST" else self.get_initial()
        names = ("name", "facet", "indicator")
        before = {name: seen.get(f"seen_{name}", getattr(self.factor, name)) for name in names}
        return super().get_context_data(
            before=before, gone=self.gone or (not self.factor.on_map and self.gone_words()), **kwargs
        )

    def gone_words(self) -> str:
        return str(FactorGone(self.factor.pk, self.factor.name))

    def save(self, form: FactorForm) -> str:
        post, values = self.request.POST, form.cleaned_data
        if post.get("act") == "bring-back":
            edits.add_factor(**{**self.who, **values, "name": self.factor.name})
            if values["name"] != self.factor.name:
                edits.change_factor(**self.who, factor=self.factor.pk, **values)
            return _("“%(name)s” is back on the map.") % {"name": values["name"]}
        names = ("name", "facet", "indicator")
        seen = {name: post[f"seen_{name}"] for name in names} if all(f"seen_{name}" in post for name in names) else None
        try:
            edits.change_factor(**self.who, factor=self.factor.pk, **values, seen=seen)
        except FactorGone as gone:
            self.gone = str(gone)
            self.__dict__.pop("factor", None)
            raise
        return _("“%(name)s” is saved.") % {"name": values["name"]}

    def remove(self) -> str:
        edits.remove_factor(**self.who, factor=self.factor.pk)
        return _("“%(name)s” is off the map, with its links. Undo brings all of it back.") % {"name": self.factor.name}


class NewLinkView(_EditFormView):
    form_class: type[forms.Form] = LinkForm

    @property
    def title(self) -> str:
        return _("New link")

    @property
    def button(self) -> str:
        return _("Draw the link")

    @cached_property
    def names(self) -> dict[str, str]:
        rows = Factor.objects.filter(ecosystem=self.ecosystem, on_map=True).values_list("pk", "name")
        return {str(pk): name for pk, name in sorted(rows, key=lambda row: (row[1].casefold(), row[0]))}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "factors": self.names}

    def get_initial(self) -> dict[str, Any]:
        return {"source": self.request.GET.get("from", "")}

    def save(self, form: Any) -> str:
        values = form.cleaned_data
        edits.draw_link(**self.who, **values)
        told = {"source": self.names[str(values["source"])], "target": self.names[str(values["target"])]}
        opposite = DrawnLink.objects.filter(source=values["source"], target=values["target"], sign=-values["sign"])
        if opposite.exists():
            return _("“%(source)s” now both raises and lowers “%(target)s”: both opinions are kept.") % told
        return _("The link from “%(source)s” to “%(target)s” is drawn.") % told


class LinkView(_RemovingView):
    """Change a link as it was drawn, or remove it."""

    form_class = WeightForm

    @cached_property
    def link(self) -> DrawnLink:
        found = DrawnLink.objects.filter(ecosystem=self.ecosystem).select_related("source", "target")
        link = found.filter(pk=self.kwargs["pk"]).first()
        if link is None:
            raise Http404
        return link

    @property
    def title(self) -> str:
        return _("%(source)s → %(target)s") % {"source": self.link.source.name, "target": self.link.target.name}

    @property
    def removes(self) -> str:
        return _("Remove the link")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.link, name) for name in ("sign", "strength", "delay")}

    def save(self, form: WeightForm) -> str:
        edits.change_link(**self.who, link=self.link.pk, **form.cleaned_data)
        return _("The link is saved.")

    def remove(self) -> str:
        edits.remove_link(**self.who, link=self.link.pk)
        return _("The link is removed. Undo brings it back.")
