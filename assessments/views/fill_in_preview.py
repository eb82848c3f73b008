"""Trying a wave's questions as one of its groups: the same pages, nothing is saved, and they say so."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import permissions
from assessments.forms.fill_in import SectionForm, shown_rows
from assessments.models import WaveGroup
from assessments.selectors.fill_in import questionnaire_of, review_page, section_page
from assessments.selectors.questionnaires import NotAsked, Questionnaire
from assessments.views.fill_in import review_context, section_context
from assessments.views.fill_in_links import group_context, keep_to_holder
from ecosystems.views.base import OrganizationView


@dataclass(frozen=True)
class TryAddresses:
    """Where the pages of a trial are."""

    where: tuple[str, int, str]

    @property
    def welcome(self) -> str:
        return reverse("assessments:try", args=self.where)

    @property
    def review(self) -> str:
        return reverse("assessments:try-review", args=self.where)

    def section(self, number: int) -> str:
        return reverse("assessments:try-section", args=[*self.where, number])


class TryMixin(OrganizationView):
    allowed = permissions.may_run

    @cached_property
    def group(self) -> WaveGroup:
        wanted = WaveGroup.objects.filter(wave__assessment__ecosystem__organization=self.organization)
        related = ("wave__assessment__ecosystem__organization", "wave__assessment__leader", "wave__version")
        return get_object_or_404(wanted.select_related(*related), wave=self.kwargs["pk"], key=self.kwargs["group"])

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return questionnaire_of(self.group)

    @cached_property
    def addresses(self) -> TryAddresses:
        return TryAddresses((self.organization.slug, self.group.wave_id, self.group.key))

    def show(self, template: str, status: int = 200, **more: Any) -> HttpResponse:
        try:
            asked = self.questionnaire
        except NotAsked as problem:
            asked, template, more = None, "try_nothing", {"problem": str(problem)}
        context = group_context(
            self.group,
            by_personal_link=True,
            is_preview=True,
            addresses=self.addresses,
            questionnaire=asked,
            back_to=self.group.wave.get_absolute_url(),
            **more,
        )
        page = render(self.request, f"assessments/fill_in/{template}.html", context, status=status)
        return keep_to_holder(page)


class TryView(TryMixin):
    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.show("welcome", going_on=None)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return redirect(self.addresses.section(1))


class TrySectionView(TryMixin):
    def get(self, request: HttpRequest, section: int, **_kwargs: Any) -> HttpResponse:
        page = section_page(self.questionnaire, section, {})
        if page is None:
            return redirect(self.addresses.welcome)
        return self.show("section", **section_context(page, shown_rows(page), self.addresses))

    def post(self, request: HttpRequest, section: int, **_kwargs: Any) -> HttpResponse:
        page = section_page(self.questionnaire, section, {})
        if page is None:
            return redirect(self.addresses.welcome)
        if request.POST.get("go") == "back":
            return redirect(self.addresses.section(section - 1) if section > 1 else self.addresses.welcome)
        ask = "asked" not in request.POST
        rows = SectionForm(page, request.POST, now=0).rows({}, ask_for_missing=ask)
        if any(row.is_wrong for row in rows):
            return self.show("section", 422, **section_context(page, rows, self.addresses), asked=True)
        return redirect(self.addresses.review if page.is_last else self.addresses.section(section + 1))


class TryReviewView(TryMixin):
    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        review = review_page(self.questionnaire, {})
        steps = [(step, self.addresses.section(step.section)) for step in review.unanswered]
        context = review_context(self.questionnaire.sections, self.addresses)
        return self.show("review", review=review, unanswered=steps, **context)
