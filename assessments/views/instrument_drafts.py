"""The draft of an instrument: what is in it, what is wrong with it, and publishing or deleting it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from assessments.imports.instrument_documents import check_document
from assessments.imports.instrument_problems import Path, Problem
from assessments.models import Instrument, InstrumentVersion
from assessments.selectors.definitions import GROUPS_OF_BLOCKS, Block, Definition, Facet, Item, blocks_of, scales_of
from assessments.selectors.instrument_texts import item_text
from assessments.selectors.instruments import instruments_of
from assessments.services.instrument_drafts import CannotEdit, ChangedMeanwhile, move
from assessments.services.instruments import (
    InstrumentRefused,
    NotADraft,
    delete_draft,
    publish_instrument,
    start_draft,
)
from ecosystems import permissions
from ecosystems.views.base import OrganizationView

STEPS = {"up": -1, "down": 1}
NOUNS = ("item", "facet", "dimension")
LISTS = ("dimensions", "leadership", "facets", "constructs", "items")


@dataclass(frozen=True)
class ItemRow:
    item: Item
    text: str
    problems: Sequence[Problem]


@dataclass(frozen=True)
class FacetRow:
    facet: Facet
    problems: Sequence[Problem]
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class BlockRow:
    block: Block
    problems: Sequence[Problem]
    facets: tuple[FacetRow, ...]


class DraftMixin(OrganizationView):
    """The draft of one of the organization's own instruments. A shared one has no draft here: 404."""

    allowed = permissions.is_admin
    section = "instruments"

    @cached_property
    def instrument(self) -> Instrument:
        return get_object_or_404(
            instruments_of(self.organization), pk=self.kwargs["pk"], organization=self.organization
        )

    @cached_property
    def draft(self) -> InstrumentVersion:
        draft = self.instrument.versions.filter(published_at=None).first()
        if draft is None:
            raise Http404
        draft.instrument = self.instrument
        return draft

    @property
    def address(self) -> str:
        return reverse("assessments:instrument-draft", args=[self.organization.slug, self.instrument.pk])

    def revision(self) -> int:
        """The revision that the person saw; an unreadable one was never seen."""
        given = self.request.POST.get("revision", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"instrument": self.instrument, "draft": self.draft, **kwargs})


class InstrumentDraftView(DraftMixin, TemplateView):
    """Everything in the draft with its problems beside it; buttons move things up and down."""

    template_name = "assessments/instruments/draft.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems = check_document(self.draft.definition).problems
        by_path: dict[Path, list[Problem]] = defaultdict(list)
        for problem in problems:
            by_path[_row_of(problem.path)].append(problem)
        return super().get_context_data(
            blocks=_block_rows(self.draft.definition, by_path),
            scales=[
                (scale, by_path.get(("scales", code), ())) for code, scale in scales_of(self.draft.definition).items()
            ],
            elsewhere=by_path.get((), ()),
            problems=problems,
            errors=[problem for problem in problems if not problem.is_warning],
            is_published=self.instrument.versions.exclude(published_at=None).exists(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step, _colon, rest = request.POST.get("move", "").partition(":")
        noun, _colon, code = rest.partition(":")
        if step not in STEPS or noun not in NOUNS:
            return redirect(self.address)
        try:
            move(draft=self.draft, revision=self.revision(), noun=noun, code=code, step=STEPS[step])  # type: ignore[arg-type]
        except ChangedMeanwhile:
            messages.warning(request, _("Somebody else changed this draft meanwhile. Look at it, then try again."))
        except (CannotEdit, NotADraft) as problem:
            messages.warning(request, str(problem))
        return redirect(f"{self.address}#{noun}-{code}")


def _row_of(path: Path) -> Path:
    """The item, facet, dimension or scale in which a problem lies; () for the document as a whole."""
    if path[:1] == ("scales",):
        return path[:2]
    found: Path = ()
    for noun, number in zip(path[::2], path[1::2], strict=False):
        if noun not in LISTS or not isinstance(number, int):
            break
        found = (*found, noun, number)
    return found


def _block_rows(definition: Definition, problems: Mapping[Path, Sequence[Problem]]) -> list[BlockRow]:
    blocks = iter(blocks_of(definition))
    rows = []
    for key, children in GROUPS_OF_BLOCKS:
        for b in range(len(definition.get(key, ()))):
            block = next(blocks)
            facets = tuple(
                FacetRow(
                    facet,
                    problems.get((key, b, children, f), ()),
                    tuple(
                        ItemRow(item, item_text(item), problems.get((key, b, children, f, "items", i), ()))
                        for i, item in enumerate(facet.items)
                    ),
                )
                for f, facet in enumerate(block.facets)
            )
            rows.append(BlockRow(block, problems.get((key, b), ()), facets))
    return rows


class InstrumentDraftStartView(DraftMixin, View):
    """Go on from the newest published version."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        newest = self.instrument.versions.order_by("-number").first()
        if newest is None:
            raise Http404
        start_draft(version=newest)
        return redirect(self.address)


class InstrumentPublishView(DraftMixin, TemplateView):
    template_name = "assessments/instruments/publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reading = check_document(self.draft.definition)
        return super().get_context_data(reading=reading, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.revision() != self.draft.revision:
            messages.warning(request, _("Somebody else changed this draft meanwhile. Look at it, then publish it."))
            return redirect(self.address)
        try:
            version = publish_instrument(draft=self.draft, by=self.viewer.user)
        except (InstrumentRefused, NotADraft) as problem:
            messages.error(request, str(problem))
            return redirect(self.address)
        messages.success(request, _("Version %(label)s is published.") % {"label": version.label})
        return redirect(reverse("assessments:instrument", args=[self.organization.slug, self.instrument.pk]))


class InstrumentDraftDeleteView(DraftMixin, TemplateView):
    template_name = "assessments/instruments/delete_draft.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = self.instrument.name
        is_gone = delete_draft(draft=self.draft, by=self.viewer.user)
        messages.success(request, _("The draft of “%(name)s” is deleted.") % {"name": name})
        slug = self.organization.slug
        if is_gone:
            return redirect(reverse("assessments:instruments", args=[slug]))
        return redirect(reverse("assessments:instrument", args=[slug, self.instrument.pk]))
