"""The page "You said, we did": for everybody who was asked, by its address, and its settings."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from assessments import permissions
from assessments.dashboards.replies import said_and_done
from assessments.forms.replies import ReplyPageForm
from assessments.models import ReplyPage
from assessments.selectors.replies import offered_commitments, reply_page_at, reply_page_of
from assessments.services.replies import change_reply_page, renew_address
from assessments.services.scores import OpenedAgain, mark_results_shown
from assessments.views.fill_in_links import keep_to_holder
from ecosystems.views.ecosystems import EcosystemMixin


class SaidAndDoneView(View):
    """Whoever has the address reads it, without logging in; 404 while it is off."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        found = reply_page_at(key)
        if found is None:
            raise Http404
        page = said_and_done(found)
        try:
            for wave in page.waves:
                mark_results_shown(wave=wave)
        except OpenedAgain:
            return HttpResponseRedirect(request.get_full_path())
        context = {"page": page, "ecosystem": page.ecosystem, "organization": page.ecosystem.organization}
        return keep_to_holder(render(request, "assessments/replies/said_and_done.html", context))


class ReplyPageView(EcosystemMixin, FormView[ReplyPageForm]):
    """Words, commitments, the switch and the address."""

    allowed = permissions.may_run
    section = "loops"
    template_name = "assessments/replies/settings.html"
    form_class = ReplyPageForm

    @property
    def found(self) -> ReplyPage | None:
        return reply_page_of(self.ecosystem)

    def get_form_kwargs(self) -> dict[str, Any]:
        page = self.found or ReplyPage(ecosystem=self.ecosystem)
        return {**super().get_form_kwargs(), "instance": page, "ecosystem": self.ecosystem}

    def form_valid(self, form: ReplyPageForm) -> HttpResponse:
        change_reply_page(
            ecosystem=self.ecosystem,
            by=self.viewer.user,
            title=form.cleaned_data["title"],
            intro=form.cleaned_data["intro"],
            is_on=form.cleaned_data["is_on"],
            offered=[one.key for one in form.offered],
            shown=[UUID(key) for key in form.cleaned_data.get("shown", [])],
        )
        messages.success(self.request, _("Saved."))
        return redirect(self.own_url)

    def form_invalid(self, form: ReplyPageForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @property
    def own_url(self) -> str:
        return reverse("assessments:reply-page", args=[self.organization.slug, self.ecosystem.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.found
        address = reverse("assessments:said-and-done", args=[page.key]) if page and page.is_on else ""
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "address": f"{settings.PUBLIC_URL}{address}" if address else "",
            "more": max(offered_commitments(self.ecosystem).count() - len(context["form"].offered), 0),
            "crumbs": [
                (
                    self.ecosystem.name,
                    reverse("ecosystems:ecosystem", args=[self.organization.slug, self.ecosystem.slug]),
                ),
                (_("You said, we did"), None),
            ],
        }


class ReplyAddressView(EcosystemMixin):
    """A new address for the page."""

    allowed = permissions.may_run
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        renew_address(ecosystem=self.ecosystem, by=self.viewer.user)
        messages.success(request, _("The page has a new address. The old one no longer works."))
        return redirect("assessments:reply-page", self.organization.slug, self.ecosystem.slug)
