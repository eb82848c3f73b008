"""A wave's page, its set-up, and what moves it on: opening, closing, reminding, deleting."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from assessments import permissions
from assessments.dashboards.commitments.returning import ReturningList, returning_list
from assessments.enums import About, WaveState
from assessments.forms.waves import (
    DeleteWaveForm,
    ReopenForm,
    WaveInvitationForm,
    WavePrivacyForm,
    WaveQuestionsForm,
)
from assessments.models import Wave, WaveGroup
from assessments.selectors.open_commitments import due_by, wave_before
from assessments.selectors.plans import offers_of
from assessments.selectors.waves import days_left, progress_of, reminder_words, step_of, waves_of
from assessments.services.invitation_mail import message_of, send_test
from assessments.services.invitations import remind
from assessments.services.wave_setup import change_wave, set_up_questions
from assessments.services.waves import (
    WaveProblem,
    close_wave,
    delete_wave,
    has_answers,
    not_ready,
    open_wave,
    reopen_wave,
    why_not_reopen,
)
from ecosystems.permissions import is_admin
from ecosystems.views.base import OrganizationView

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_NUMBER = 19
"""Digits of a number that fits no primary key."""


class WaveMixin(OrganizationView):
    """A page of one wave for those who run it."""

    allowed = permissions.may_run
    section = "assessments"
    page_name: "ClassVar[StrOrPromise]" = ""

    @cached_property
    def wave(self) -> Wave:
        return get_object_or_404(waves_of(self.organization), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        common = {"wave": self.wave, "assessment": self.wave.assessment, "crumbs": self.crumbs()}
        return super().get_context_data(**{**common, **kwargs})

    def crumbs(self) -> list[tuple[str, str | None]]:
        """The way to this page; the page itself comes last, without an address."""
        assessment = self.wave.assessment
        to_wave: list[tuple[str, str | None]] = [
            (assessment.name, assessment.get_absolute_url()),
            (self.wave.title, self.wave.get_absolute_url()),
        ]
        if not self.page_name:
            to_wave[-1] = (self.wave.title, None)
        return [
            (_("Assessments"), reverse("assessments:assessments", args=[self.organization.slug])),
            *to_wave,
            *([(str(self.page_name), None)] if self.page_name else []),
        ]

    def back(self) -> HttpResponse:
        return redirect(self.wave)


class WaveFormView(WaveMixin, FormView[Any], ABC):
    """A form about a wave; what a service refuses is said on the form, and everything typed stays."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "wave": self.wave}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.act(form)
        except WaveProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return self.done(form)

    @abstractmethod
    def act(self, form: forms.Form) -> None:
        """Do it. May raise WaveProblem."""

    def done(self, form: forms.Form) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        return self.back()


class WaveView(WaveFormView):
    """Who is answering, the invitation, and what comes next."""

    template_name = "assessments/waves/wave.html"
    form_class = WaveInvitationForm

    def act(self, form: forms.Form) -> None:
        change_wave(wave=self.wave, by=self.viewer.user, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wave, progress = self.wave, progress_of(self.wave)
        offers = {offer.key: offer for offer in offers_of(assessment=wave.assessment, version=wave.version)}
        questions = [
            (
                group.group,
                next((form for form in offers[group.group.audience].forms if form.form == group.group.form), None),
            )
            for group in progress.groups
            if group.group.audience in offers
        ]
        people = any(group.asked is None or group.asked for group in progress.groups)
        return super().get_context_data(
            progress=progress,
            questions=questions,
            steps=self._steps(),
            step=step_of(wave, has_people=people),
            days_left=days_left(wave),
            missing=not_ready(wave) if wave.state == WaveState.DRAFT else (),
            why_not_reopen=why_not_reopen(wave) if wave.state == WaveState.CLOSED else "",
            may_see_results=permissions.may_see_results(self.viewer, wave.assessment),
            may_delete=wave.state == WaveState.DRAFT or is_admin(self.viewer),
            returning=self._returning(),
            **kwargs,
        )

    def _returning(self) -> ReturningList | None:
        """What was promised until this wave; a closed one tells it beside its results."""
        if self.wave.state == WaveState.CLOSED or self.wave.assessment.about != About.SYSTEM:
            return None
        return returning_list(due_by(self.wave, before=wave_before(self.wave)))

    def _steps(self) -> list[str]:
        return [_("Questions"), _("People"), _("Privacy"), _("Open"), _("Scored")]


class WaveQuestionsView(WaveFormView):
    """Title, version, groups and their forms."""

    template_name = "assessments/waves/questions.html"
    page_name = gettext_lazy("Questions")
    form_class = WaveQuestionsForm

    def act(self, form: forms.Form) -> None:
        assert isinstance(form, WaveQuestionsForm)
        if self.wave.state == WaveState.DRAFT:
            set_up_questions(
                wave=self.wave,
                title=form.cleaned_data["title"],
                version=form.cleaned_data["version"],
                forms=form.forms_by_group,
                by=self.viewer.user,
            )
        else:
            change_wave(wave=self.wave, by=self.viewer.user, title=form.cleaned_data["title"])


class WavePrivacyView(WaveFormView):
    """What people are promised; fixed by the first answer."""

    template_name = "assessments/waves/privacy.html"
    page_name = gettext_lazy("Privacy")
    form_class = WavePrivacyForm

    def act(self, form: forms.Form) -> None:
        change_wave(wave=self.wave, by=self.viewer.user, **form.cleaned_data)


class PreviewView(WaveMixin, TemplateView):
    """The invitation as it will arrive."""

    template_name = "assessments/waves/preview.html"
    page_name = gettext_lazy("Preview of the invitation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url, stop_url = f"{settings.PUBLIC_URL}/a/…/", f"{settings.PUBLIC_URL}/no-more-mail/…/"
        return super().get_context_data(message=message_of(wave=self.wave, url=url, stop_url=stop_url), **kwargs)


class TestMailView(WaveMixin, View):
    """Send the invitation as it is now to the person who asks."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            send_test(wave=self.wave, to=self.viewer.user)
        except OSError:
            messages.error(request, _("The mail server does not answer. Try again in a few minutes."))
        else:
            messages.success(request, _("A test is on its way to %(email)s.") % {"email": self.viewer.user.email})
        return self.back()


class WaveActView(WaveMixin, FormView[Any], ABC):
    """A page that asks before something is done."""

    form_class = forms.Form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            message = self.act(form)
        except WaveProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, message)
        return self.back()

    @abstractmethod
    def act(self, form: forms.Form) -> str:
        """Do it and say what was done. May raise WaveProblem."""


class OpenView(WaveActView):
    template_name = "assessments/waves/open.html"
    page_name = gettext_lazy("Open the wave")

    def act(self, form: forms.Form) -> str:
        open_wave(wave=self.wave, by=self.viewer.user)
        return _("The wave is open. Invitations are on their way.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(missing=not_ready(self.wave), progress=progress_of(self.wave), **kwargs)


class CloseView(WaveActView):
    template_name = "assessments/waves/close.html"
    page_name = gettext_lazy("Close the wave")

    def act(self, form: forms.Form) -> str:
        close_wave(wave=self.wave, by=self.viewer.user)
        if self.wave.map_links:
            return _("The wave is closed. Its votes on links are being counted and its scores computed.")
        return _("The wave is closed. Its scores are being computed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(progress=progress_of(self.wave), **kwargs)


class ReopenView(WaveActView):
    template_name = "assessments/waves/reopen.html"
    page_name = gettext_lazy("Open again")
    form_class = ReopenForm

    def act(self, form: forms.Form) -> str:
        reopen_wave(wave=self.wave, by=self.viewer.user, closes_on=form.cleaned_data["closes_on"])
        return _("The wave is open again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reason=why_not_reopen(self.wave), **kwargs)


class RemindView(WaveActView):
    """Remind everybody with a personal link, or one group (`?group=`)."""

    template_name = "assessments/waves/remind.html"
    page_name = gettext_lazy("Remind")

    @cached_property
    def group(self) -> WaveGroup | None:
        chosen = self.request.GET.get("group", "")
        pk = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < LONGEST_NUMBER else 0
        return get_object_or_404(self.wave.groups, pk=pk) if chosen else None

    def act(self, form: forms.Form) -> str:
        remind(wave=self.wave, by=self.viewer.user, group=self.group)
        return _("Reminders are on their way to those who have not answered.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        progress = progress_of(self.wave)
        chosen = [row for row in progress.groups if self.group is None or row.group.pk == self.group.pk]
        words = reminder_words(wave=self.wave, groups=chosen)
        return super().get_context_data(group=self.group, words=words, **kwargs)


class DeleteView(WaveMixin, FormView[Any]):
    """Delete a wave; one that was opened only by an admin who types its title."""

    template_name = "assessments/waves/delete.html"
    page_name = gettext_lazy("Delete")
    form_class = DeleteWaveForm

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if self.wave.state != WaveState.DRAFT and not is_admin(self.viewer):
            raise PermissionDenied
        try:
            delete_wave(wave=self.wave, by=self.viewer.user, typed=form.cleaned_data["typed"])
        except WaveProblem as problem:
            form.add_error("typed", str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("“%(title)s” is deleted.") % {"title": self.wave.title})
        return redirect(self.wave.assessment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.wave.state != WaveState.DRAFT and not is_admin(self.viewer):
            raise PermissionDenied
        return super().get_context_data(
            needs_title=self.wave.state != WaveState.DRAFT, has_answers=has_answers(self.wave), **kwargs
        )
