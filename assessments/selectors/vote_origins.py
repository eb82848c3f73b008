"""Where votes on links were given, by name: a workshop or a wave."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from assessments.models import Wave, Workshop
from ecosystems.selectors.causal_maps import EcosystemMap

WORKSHOP, WAVE = "workshop", "wave"


def origin_names(found: EcosystemMap) -> Mapping[str, str]:
    """The titles of the workshops and waves whose votes the map shows, in a query for each kind.

    Deleted ones have no name any more.
    """
    origins = {origin for link in found.links for origin, _people in link.origins}
    workshops = Workshop.objects.filter(ecosystem=found.ecosystem, pk__in=_keys(origins, WORKSHOP))
    waves = Wave.objects.filter(assessment__ecosystem=found.ecosystem, pk__in=_keys(origins, WAVE))
    titles = {f"{WORKSHOP}:{pk}": title for pk, title in workshops.values_list("pk", "title")}
    titles |= {f"{WAVE}:{pk}": title for pk, title in waves.values_list("pk", "title")}
    return {origin: titles.get(origin) or _unnamed(origin) for origin in origins}


def _keys(origins: set[str], kind: str) -> list[int]:
    """Primary keys in the origins of one kind."""
    found = (origin.partition(":") for origin in sorted(origins))
    return [int(key) for name, _colon, key in found if name == kind and key.isascii() and key.isdigit()]


def _unnamed(origin: str) -> str:
    return _("A wave") if origin.startswith(f"{WAVE}:") else _("A workshop")
