"""What files say of a causal map: every link as drawn, or as voted where nobody drew it; no vote that is withheld."""

from collections.abc import Iterator
from dataclasses import dataclass

from ecosystems.causal.votes import STRONGEST, Opinion
from ecosystems.selectors.causal_maps import EcosystemMap, MapLink

RAISES, LOWERS = "raises", "lowers"
WITHHELD = "withheld"
DRAWN, VOTED = "drawn", "voted"
HELD, NOT_HELD = "yes", "no"
"""An import knows these words, whatever the language of the page."""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One opinion on one link. `sign` is ±1; `net_effect` (−1…1) and `held` are the link's, as the map takes it."""

    source: str
    """Key of the factor."""
    target: str
    sign: int
    strength: int
    delay: int
    is_drawn: bool
    held: bool
    net_effect: float
    opinion: Opinion | None
    withheld: bool

    @property
    def direction(self) -> str:
        return RAISES if self.sign > 0 else LOWERS

    @property
    def told(self) -> dict[str, str | int | float]:
        """Cells by name, without the ends; what there is nothing to say of is left out."""
        cells: dict[str, str | int | float] = {
            "sign": self.direction,
            "strength": self.strength,
            "delay": self.delay,
            "basis": DRAWN if self.is_drawn else VOTED,
            "held": HELD if self.held else NOT_HELD,
            "net_effect": _short(self.net_effect),
        }
        if self.opinion is not None:
            cells |= {
                "votes": self.opinion.n,
                "raises": _short(self.opinion.raises),
                "lowers": _short(self.opinion.lowers),
                "none": _short(self.opinion.none),
                "agreement": _short(self.opinion.agreement),
                "conflict": "yes" if self.opinion.conflict else "no",
            }
        elif self.withheld:
            cells["votes"] = WITHHELD
        return cells


COLUMNS = (
    *("sign", "strength", "delay", "basis", "held", "net_effect"),
    *("votes", "raises", "lowers", "none", "agreement", "conflict"),
)
"""Names of the cells in `LinkRow.told`, in the order of columns."""


def link_rows(drawn: EcosystemMap) -> Iterator[LinkRow]:
    """In the order of the map's links. A link that only withheld votes speak of has no row: it has no direction."""
    for link in drawn.links:
        for one in link.drawn:
            yield _row(link, one.sign, round(one.weight * STRONGEST), one.delay, is_drawn=True)
        opinion = link.opinion
        if not link.drawn and opinion is not None and opinion.sign:
            strength = min(max(round(opinion.strength or 1), 1), STRONGEST)
            yield _row(link, opinion.sign, strength, link.delay, is_drawn=False)


def _row(link: MapLink, sign: int, strength: int, delay: int, *, is_drawn: bool) -> LinkRow:
    return LinkRow(
        source=link.source,
        target=link.target,
        sign=sign,
        strength=strength,
        delay=delay,
        is_drawn=is_drawn,
        held=link.held,
        net_effect=link.effect,
        opinion=link.opinion,
        withheld=link.withheld,
    )


def _short(value: float) -> float:
    return round(value, 4) + 0.0
