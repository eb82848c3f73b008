"""The causal map of a wave's close, on which its votes on links count and its loops are found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Wave
from ecosystems.models import MapVersion


class WaveMap(models.Model):
    """The map as it was drawn when a wave closed, then the version that holds it with the wave's votes counted.

    `drawn` waits for a worker that counts the votes; once that is done it is empty.
    """

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="kept_map")
    revision = models.PositiveBigIntegerField()
    """The map's revision when the wave closed."""
    drawn = models.JSONField(null=True)
    """Factors and links; see `ecosystems.selectors.map_versions`."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    """Who closed the wave."""
    version = models.ForeignKey(MapVersion, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("map of a wave’s close")
        verbose_name_plural = _("maps of waves’ closes")

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.revision}"
