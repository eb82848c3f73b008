"""What loops are found on: the map as it is, or as it stood at some moment, where a version of then was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ecosystems.causal.graph import LOWERS, RAISES, CausalGraph, Link
from ecosystems.models import Ecosystem, MapEdit, MapVersion
from ecosystems.selectors.causal_maps import EcosystemMap, MapFactor
from ecosystems.selectors.map_versions import factors_in


@dataclass(frozen=True)
class MapState:
    """Factors by name and the links that the map draws; `version` is the number of the kept one, 0 for the map now."""

    factors: tuple[MapFactor, ...]
    graph: CausalGraph
    version: int = 0

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {factor.key: factor.name for factor in self.factors}


def state_of(drawn: EcosystemMap) -> MapState:
    return MapState(drawn.factors, drawn.graph)


def map_at(ecosystem: Ecosystem, moment: datetime) -> MapState | None:
    """The map as it stood then, in one query; None where nobody had begun it or no version of then was kept."""
    edits = MapEdit.objects.filter(map__ecosystem=ecosystem, made_at__lte=moment).order_by("-revision")
    kept = MapVersion.objects.filter(map__ecosystem=ecosystem, revision=edits.values("revision")[:1])
    version = kept.order_by("number").last()
    return state_in(version) if version is not None else None


def state_in(version: MapVersion) -> MapState | None:
    """The map that a version holds; None where it does not tell which links were drawn."""
    if "held" not in version.content:  # versions were once kept without
        return None
    factors = sorted(factors_in(version.content), key=lambda one: (one.name.casefold(), int(one.key)))
    links = [
        Link(str(one["source"]), str(one["target"]), RAISES if one["sign"] > 0 else LOWERS, one["weight"], one["delay"])
        for one in version.content["held"]
    ]
    return MapState(tuple(factors), CausalGraph.of([one.key for one in factors], links), version.number)
