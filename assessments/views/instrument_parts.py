"""Forms for the parts of a draft: items, facets, dimensions, scales, and the instrument as a whole."""

from abc import ABC, abstractmethod
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from assessments.forms.instrument_general import GeneralForm
from assessments.forms.instrument_items import ItemForm
from assessments.forms.instrument_parts import DimensionForm, FacetForm, PartForm, ScaleForm
from assessments.models import InstrumentVersion
from assessments.selectors.definitions import GROUPS_OF_BLOCKS, items_of
from assessments.selectors.questionnaires import Question, question_in_words
from assessments.services import instrument_drafts
from assessments.services.instrument_drafts import CannotEdit, ChangedMeanwhile, Noun
from assessments.services.instruments import NotADraft
from assessments.views.instrument_drafts import DraftMixin

Entry = dict[str, Any]


class DraftFormView(DraftMixin, FormView[PartForm], ABC):
    """A draft in a form. When somebody else saved meanwhile, what was typed stays and can be saved on top."""

    template_name = "assessments/instruments/part.html"

    @abstractmethod
    def save(self, form: PartForm) -> InstrumentVersion:
        """May raise ChangedMeanwhile, CannotEdit, NotADraft."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "definition": self.draft.definition}

    def form_valid(self, form: PartForm) -> HttpResponse:
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self.save(form)
        except (ChangedMeanwhile, CannotEdit, NotADraft) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(self.address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"draft_url": self.address, **kwargs})


class PartView(DraftFormView, ABC):
    """One part, new or not."""

    new_heading: str = ""

    @cached_property
    def code(self) -> str:
        """The code in the address; '' for a new part."""
        return str(self.kwargs.get("code", ""))

    @cached_property
    def old(self) -> Entry | None:
        """The entry that is edited; None for a new one. Raises 404 where it is gone."""
        if not self.code:
            return None
        found = self.find()
        if found is None:
            raise Http404
        return found

    @abstractmethod
    def find(self) -> Entry | None:
        """The entry of this code in the draft."""

    @abstractmethod
    def remove(self) -> InstrumentVersion:
        """Take it out of the draft. May raise ChangedMeanwhile, CannotEdit, NotADraft."""

    def get_form_kwargs(self) -> dict[str, Any]:
        old = self.old  # first: an address that names nothing is a 404
        return {**super().get_form_kwargs(), "old": old}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "delete" in request.POST and self.code:
            return self._remove()
        return super().post(request, *args, **kwargs)

    def _remove(self) -> HttpResponse:
        try:
            self.remove()
        except (ChangedMeanwhile, CannotEdit, NotADraft) as problem:
            messages.warning(self.request, str(problem))
            return redirect(self.request.path)
        messages.success(self.request, _("“%(code)s” is taken out of the draft.") % {"code": self.code})
        return redirect(self.address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"code": self.code, "new_heading": self.new_heading, **kwargs})

    def entries(self, noun: Noun) -> list[tuple[Entry, str]]:
        """Every entry of a kind with the code of what holds it."""
        found: list[tuple[Entry, str]] = []
        for key, children in GROUPS_OF_BLOCKS:
            for block in self.draft.definition.get(key, ()):
                found += [(block, key)] if noun == "dimension" else []
                for facet in block.get(children, ()):
                    found += [(facet, block["code"])] if noun == "facet" else []
                    found += [(item, facet["code"]) for item in facet["items"]] if noun == "item" else []
        return found


class InstrumentItemView(PartView):
    """An item, with a preview of how each audience sees it."""

    template_name = "assessments/instruments/item.html"
    form_class = ItemForm

    def find(self) -> Entry | None:
        return next((item for item, _facet in self.entries("item") if item["code"] == self.code), None)

    def get_initial(self) -> dict[str, Any]:
        if self.code:
            return {"facet": next(facet for item, facet in self.entries("item") if item["code"] == self.code)}
        audiences = list(self.draft.definition["audiences"])
        neighbours = [item for item, facet in self.entries("item") if facet == self.request.GET.get("facet")]
        like = neighbours[-1] if neighbours else {}
        asked = like.get("forms", {"full": audiences} if "full" in self.draft.definition["forms"] else {})
        return {
            "facet": self.request.GET.get("facet", ""),
            "scale": like.get("scale"),
            "audiences": like.get("audiences", audiences),
            **{f"form__{form}": chosen for form, chosen in asked.items()},
        }

    def save(self, form: PartForm) -> InstrumentVersion:
        return instrument_drafts.save_item(
            draft=self.draft,
            revision=self.revision(),
            facet=form.cleaned_data["facet"],
            entry=form.entry(),
            code=self.code,
        )

    def remove(self) -> InstrumentVersion:
        return instrument_drafts.delete(draft=self.draft, revision=self.revision(), noun="item", code=self.code)

    def get_template_names(self) -> list[str]:
        if self.request.headers.get("HX-Request"):
            return ["assessments/instruments/_item_preview.html"]
        return super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = cast(ItemForm, context["form"])
        return {**context, "previews": self.previews(form), "heading": self.code or _("New item")}

    def previews(self, form: ItemForm) -> list[tuple[str, Question]]:
        """(audience, the question in its words), for each audience; one for all where all read the same."""
        if form.is_bound and not form.is_valid():
            return []
        entry = form.entry() if form.is_bound else self.old
        if entry is None:
            return []
        (item,) = items_of({**self.draft.definition, "leadership": [], "dimensions": [_holding(entry)]})
        audiences = self.draft.definition["audiences"]
        if isinstance(item.text, str):
            return [(_("Everybody"), question_in_words(item, "", 1))]
        return [
            (audiences.get(code, code), question_in_words(item, code, number))
            for number, code in enumerate(item.audiences, start=1)
        ]


def _holding(item: Entry) -> Entry:
    return {"code": "X", "facets": [{"code": "X", "items": [item]}]}


class InstrumentFacetView(PartView):
    form_class = FacetForm

    def find(self) -> Entry | None:
        return next((facet for facet, _block in self.entries("facet") if facet["code"] == self.code), None)

    def get_initial(self) -> dict[str, Any]:
        if self.code:
            return {"block": next(block for facet, block in self.entries("facet") if facet["code"] == self.code)}
        return {"block": self.request.GET.get("block", "")}

    def save(self, form: PartForm) -> InstrumentVersion:
        return instrument_drafts.save_facet(
            draft=self.draft,
            revision=self.revision(),
            block=form.cleaned_data["block"],
            entry=form.entry(),
            code=self.code,
        )

    def remove(self) -> InstrumentVersion:
        return instrument_drafts.delete(draft=self.draft, revision=self.revision(), noun="facet", code=self.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.code or _("New facet"), remove_note=_("Its items go with it."), **kwargs
        )


class InstrumentDimensionView(PartView):
    form_class = DimensionForm

    def find(self) -> Entry | None:
        return next((block for block, _group in self.entries("dimension") if block["code"] == self.code), None)

    def save(self, form: PartForm) -> InstrumentVersion:
        return instrument_drafts.save_dimension(
            draft=self.draft,
            revision=self.revision(),
            entry=form.entry(),
            group="leadership" if self.request.GET.get("group") == "leadership" else "dimensions",
            code=self.code,
        )

    def remove(self) -> InstrumentVersion:
        return instrument_drafts.delete(draft=self.draft, revision=self.revision(), noun="dimension", code=self.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.code or _("New dimension"), remove_note=_("Its facets and items go with it."), **kwargs
        )


class InstrumentScaleView(PartView):
    form_class = ScaleForm

    def find(self) -> Entry | None:
        scale = self.draft.definition["scales"].get(self.code)
        return None if scale is None else {**scale}

    def get_initial(self) -> dict[str, Any]:
        return {"key": self.code}

    def save(self, form: PartForm) -> InstrumentVersion:
        return instrument_drafts.save_scale(
            draft=self.draft,
            revision=self.revision(),
            key=form.cleaned_data["key"],
            entry=form.entry(),
            old_key=self.code,
        )

    def remove(self) -> InstrumentVersion:
        return instrument_drafts.delete_scale(draft=self.draft, revision=self.revision(), key=self.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(heading=self.code or _("New scale"), **kwargs)


class InstrumentGeneralView(DraftFormView):
    form_class = GeneralForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "old": self.draft.definition}

    def save(self, form: PartForm) -> InstrumentVersion:
        return instrument_drafts.save_general(draft=self.draft, revision=self.revision(), entry=form.entry())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(heading=_("Name, notes, audiences and forms"), **kwargs)
