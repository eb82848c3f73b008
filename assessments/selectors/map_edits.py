"""The edits of a causal map, the newest first, with who made them."""

from django.db.models import QuerySet

from ecosystems.models import DrawnLink, Ecosystem, MapEdit


def edits_of(ecosystem: Ecosystem) -> QuerySet[MapEdit]:
    return MapEdit.objects.filter(map__ecosystem=ecosystem).select_related("by").order_by("-revision")


def drawn_links(ecosystem: Ecosystem) -> QuerySet[DrawnLink]:
    """Links as drawn between factors that are on the map; of two opinions on a pair the one that raises comes first."""
    return DrawnLink.objects.filter(ecosystem=ecosystem, source__on_map=True, target__on_map=True).order_by(
        "source_id", "target_id", "-sign"
    )
