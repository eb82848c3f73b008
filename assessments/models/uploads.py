"""Files of answers on their way in: kept until they are imported, given up or too old."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import UploadState
from assessments.models.assessments import Wave
from assessments.models.instruments import InstrumentVersion
from ecosystems.models import Ecosystem


class WaveUpload(models.Model):
    """A file that somebody wants to import as a wave. `found`: what the check of the file has shown."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="wave_uploads")
    version = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    group_column = models.CharField(_("column of the group"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.CHECKING)
    found = models.JSONField(default=dict)
    wave = models.ForeignKey(Wave, null=True, on_delete=models.SET_NULL, related_name="+")
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("uploaded file of answers")
        verbose_name_plural = _("uploaded files of answers")
        constraints = [models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known")]

    def __str__(self) -> str:
        return self.file_name


class UploadPart(models.Model):
    """A piece of the file, so that neither writing nor reading holds all of it."""

    upload = models.ForeignKey(WaveUpload, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of an uploaded file")
        verbose_name_plural = _("parts of uploaded files")
        ordering = ["upload", "position"]
        constraints = [models.UniqueConstraint(fields=["upload", "position"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.position}"
