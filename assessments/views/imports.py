"""Importing a wave of answers: upload, look, import, with a worker doing the reading."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from assessments import permissions
from assessments.enums import UploadState
from assessments.forms.imports import WaveUploadForm
from assessments.models import WaveUpload
from assessments.services.wave_uploads import (
    WORKING,
    UploadProblem,
    cancel_upload,
    keep_upload,
    progress_of,
    start_import,
)
from ecosystems.views.base import OrganizationView

SHOWN_GROUPS = 60
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class WaveUploadView(OrganizationView, FormView[WaveUploadForm]):
    """Choose questions and file."""

    allowed = permissions.may_run
    section = "assessments"
    template_name = "assessments/imports/upload.html"
    form_class = WaveUploadForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.slug = kwargs.pop("ecosystem", "")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organization": self.organization}

    def get_initial(self) -> dict[str, Any]:
        if not self.slug:
            return {}
        return {"ecosystem": get_object_or_404(self.organization.ecosystems.all(), slug=self.slug)}

    def form_valid(self, form: WaveUploadForm) -> HttpResponse:
        found = form.cleaned_data
        upload = keep_upload(
            ecosystem=found["ecosystem"],
            version=found["version"],
            content=found["file"].chunks(1 << 20),
            file_name=found["file"].name or "",
            group_column=found["group_column"],
            title=found["title"],
            by=self.viewer.user,
        )
        return redirect("assessments:wave-upload", self.organization.slug, upload.pk)


class WaveUploadProgressView(OrganizationView, TemplateView):
    """What the file holds and how far it is; can be left and come back to."""

    allowed = permissions.may_run
    section = "assessments"
    template_name = "assessments/imports/progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.upload
        found, least = upload.found, self.organization.min_group_size
        groups = [(name, count, count < least) for name, count in found.get("groups", [])]
        return super().get_context_data(
            upload=upload,
            found=found,
            is_working=upload.state in WORKING,
            rows_done=progress_of(upload) if upload.state in WORKING else 0,
            delimiter=DELIMITERS.get(found.get("delimiter", ""), ""),
            groups=groups[:SHOWN_GROUPS],
            more_groups=max(0, len(groups) - SHOWN_GROUPS),
            withheld=sum(small for _name, _count, small in groups),
            least=least,
            can_import=upload.state == UploadState.CHECKED and not found.get("problems"),
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        upload = self.upload
        if upload.state == UploadState.DONE and upload.wave is not None:
            return redirect(upload.wave)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.upload
        if request.POST.get("action") == "cancel":
            if cancel_upload(upload=upload):
                messages.success(request, _("Nothing was imported, and the file is deleted."))
            else:
                messages.info(request, _("It was too late to cancel: the wave had been imported already."))
            return redirect("assessments:assessments", self.organization.slug)
        try:
            start_import(upload=upload)
        except UploadProblem as problem:
            messages.error(request, str(problem))
        return redirect("assessments:wave-upload", self.organization.slug, upload.pk)

    @cached_property
    def upload(self) -> WaveUpload:
        uploads = WaveUpload.objects.filter(ecosystem__organization=self.organization)
        related = uploads.select_related(
            "ecosystem", "version__instrument", "wave__assessment__ecosystem__organization"
        )
        return get_object_or_404(related, pk=self.kwargs["pk"])
