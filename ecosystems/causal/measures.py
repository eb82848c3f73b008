"""What kind of factors a causal map has and how densely it is drawn (rule L1)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ecosystems.causal.graph import CausalGraph


class FactorKind(StrEnum):
    """What a factor does on the map (Bougon, Weick & Binkhorst 1977; Eden, Ackermann & Cropper 1992)."""

    TRANSMITTER = "transmitter"
    RECEIVER = "receiver"
    ORDINARY = "ordinary"
    ISOLATED = "isolated"


@dataclass(frozen=True, slots=True)
class FactorMeasures:
    """
    One factor: links in and out, and its degrees, which add up absolute weights.

    `centrality` = indegree + outdegree: how much runs through it (Harary, Norman & Cartwright 1965).
    """

    key: str
    kind: FactorKind
    links_in: int
    links_out: int
    indegree: float
    outdegree: float
    centrality: float


@dataclass(frozen=True, slots=True)
class MapMeasures:
    """
    The map as a whole (Özesmi & Özesmi 2004, Ecological Modelling 176: 43–64, section 2.5).

    `complexity` = receivers / transmitters: how many outcomes are seen for each outside force; None where nothing
    transmits. `density` = links / N(N − 1), since no factor is linked to itself; None with fewer than two factors.
    Factors keep the order of the map.
    """

    factors: tuple[FactorMeasures, ...]
    links: int
    transmitters: int
    receivers: int
    ordinary: int
    isolated: int
    complexity: float | None
    density: float | None


def measure(graph: CausalGraph) -> MapMeasures:
    """Degrees and kinds of all factors; a link of weight 0 is none."""
    sizes = np.abs(graph.weights())
    drawn = sizes > 0
    factors = tuple(
        FactorMeasures(
            key=key,
            kind=_kind(int(drawn[:, at].sum()), int(drawn[at].sum())),
            links_in=int(drawn[:, at].sum()),
            links_out=int(drawn[at].sum()),
            indegree=float(sizes[:, at].sum()),
            outdegree=float(sizes[at].sum()),
            centrality=float(sizes[:, at].sum() + sizes[at].sum()),
        )
        for at, key in enumerate(graph.factors)
    )
    counts = {kind: sum(one.kind == kind for one in factors) for kind in FactorKind}
    transmitters, receivers = counts[FactorKind.TRANSMITTER], counts[FactorKind.RECEIVER]
    links, possible = int(drawn.sum()), len(factors) * (len(factors) - 1)
    return MapMeasures(
        factors=factors,
        links=links,
        transmitters=transmitters,
        receivers=receivers,
        ordinary=counts[FactorKind.ORDINARY],
        isolated=counts[FactorKind.ISOLATED],
        complexity=receivers / transmitters if transmitters else None,
        density=links / possible if possible else None,
    )


def _kind(links_in: int, links_out: int) -> FactorKind:
    if links_in and links_out:
        return FactorKind.ORDINARY
    if links_out:
        return FactorKind.TRANSMITTER
    return FactorKind.RECEIVER if links_in else FactorKind.ISOLATED
