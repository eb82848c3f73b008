"""How a causal map came to be what it is: every edit with its undo, and the versions that people kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystems.enums import MapEditKind
from ecosystems.models.causal_maps import CausalMap


class MapEdit(models.Model):
    """One edit of a map. The browser makes the key, so that sending it twice is the same as once.

    `changes` holds for each row that it touched what it was before and after, so that it can be undone; see
    `services.map_states`.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    map = models.ForeignKey(CausalMap, on_delete=models.CASCADE, related_name="edits")
    revision = models.PositiveBigIntegerField()
    """The map's revision after this edit."""
    kind = models.CharField(max_length=13, choices=MapEditKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changes = models.JSONField(default=list)
    undone = models.BooleanField(default=False)
    about = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    """The edit that this one undid, or did again."""
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("edit of a map")
        verbose_name_plural = _("edits of maps")
        ordering = ["map", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["map", "revision"], name="map_edit_once_per_revision"),
            models.CheckConstraint(condition=Q(kind__in=MapEditKind.values), name="map_edit_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.kind}"


class MapVersion(models.Model):
    """A map as it was when somebody kept it. `content`: factors, links, positions; see `selectors.map_versions`."""

    map = models.ForeignKey(CausalMap, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=80, blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    revision = models.PositiveBigIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a map")
        verbose_name_plural = _("versions of maps")
        ordering = ["map", "number"]
        constraints = [models.UniqueConstraint(fields=["map", "number"], name="map_version_number_once")]

    def __str__(self) -> str:
        return self.name or f"{self.number}"
