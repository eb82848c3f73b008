"""Everything the results of a wave hold: disclosed numbers only, each with what is needed to read it.

A withheld number is `Cell(withheld=True)` and nothing else, whether it is small itself or protects another (rule D3).
A number that does not exist is `None` with a `Reason`, never 0. All scores are on 0–100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from assessments.scoring.absent import Reason
from assessments.scoring.codec import decode, encode

METHOD_VERSION = "1.0"

GroupKind = Literal["stakeholder", "leaders", "self", "others", "unit"]
Level = Literal["dimension", "facet", "block", "construct"]
Headline = Literal["group means", "pooled", "leaders", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A score with its n and 95 % interval. `se` and `df` let two cells be compared (rules S9, S10)."""

    value: float | None = None
    n: int | None = None
    sd: float | None = None
    se: float | None = None
    df: float | None = None
    low: float | None = None
    high: float | None = None
    withheld: bool = False
    reason: Reason | None = None

    @property
    def shown(self) -> bool:
        return self.value is not None


WITHHELD = Cell(withheld=True)


@dataclass(frozen=True, slots=True)
class Group:
    """A group that was asked. `n` is None where it is under the minimum, and `withheld` is true."""

    key: str
    label: str
    kind: GroupKind
    audience: str
    n: int | None
    withheld: bool = False
    weight: float = 1.0
    waiting: int = 0  # answers kept out of the numbers, since adding them would show what they say (rule D2)


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two scores with its 95 % interval; `clear` where the interval leaves zero out."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    df: float | None = None
    clear: bool = False
    withheld: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Own view minus the view of the others, on the facets both were asked (rule S9)."""

    own: Cell
    others: Cell
    difference: Difference
    groups: Mapping[str, Difference] = field(default_factory=dict)
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weakest:
    """The lowest disclosed group; compared on the facets all groups were asked, where there are any (`basis`)."""

    group: str
    cell: Cell
    basis: Literal["common", "all"]


@dataclass(frozen=True, slots=True)
class Breadth:
    """Inequality between groups (rule S5): loss = 1 − geometric / arithmetic mean of the disclosed group means."""

    geometric: float
    arithmetic: float
    loss: float
    groups: int


@dataclass(frozen=True, slots=True)
class Score:
    """One dimension, facet, leadership block or leadership construct.

    `overall` is the headline (mean of group means, or pooled for units), `pooled` stands beside it, `groups` are the
    cells of the groups behind the headline, `own` is the leaders' own view, `common` the groups on `common_facets`.
    """

    code: str
    level: Level
    parent: str | None
    barrier: bool
    overall: Cell
    pooled: Cell
    groups: Mapping[str, Cell] = field(default_factory=dict)
    own: Cell = Cell(reason=Reason.NO_OWN_VIEW)
    gap: Gap | None = None
    weakest: Weakest | None = None
    breadth: Breadth | None = None
    common: Mapping[str, Cell] = field(default_factory=dict)
    common_facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How people answered one item: raw answers per level (lowest first), over `groups` together."""

    code: str
    facet: str
    levels: tuple[int, ...]
    counts: tuple[int, ...] | None = None
    n: int | None = None
    cant_say: int | None = None
    mean: float | None = None  # 0–100, keyed
    groups: tuple[str, ...] = ()
    withheld: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """5 %, 50 % and 95 % of the Monte Carlo draws."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Index:
    """Generative Value Index (rule S6): geometric mean with floor 1; the arithmetic mean stands beside it."""

    value: float | None = None
    arithmetic: float | None = None
    band: Band | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)  # index by another floor: {"0.1": …, "1": …, "5": …}
    floored: tuple[str, ...] = ()  # dimensions that the floor lifted
    missing: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class DimensionRobustness:
    """Where a dimension's score and rank (1 = highest) stay under every fair way of counting."""

    code: str
    rank: int
    scores: Band
    ranks: Band


@dataclass(frozen=True, slots=True)
class PairOrder:
    """Whether a choice can reverse the order of two dimensions. `by_choice`: weights or an excluded facet alone can,
    reasoned exactly; `share`: part of all draws (choices and resampled answers) in which the order is reversed."""

    higher: str
    lower: str
    by_choice: bool
    share: float

    @property
    def reversible(self) -> bool:
        return self.by_choice or self.share > 0


@dataclass(frozen=True, slots=True)
class Robustness:
    """Rule S7."""

    draws: int = 0
    seed: int = 0
    index: Band | None = None
    dimensions: tuple[DimensionRobustness, ...] = ()
    pairs: tuple[PairOrder, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ReliabilityResult:
    """Rules R1 and R2 for the items of one facet, dimension or block, over one population."""

    code: str
    population: Literal["headline", "own"]
    n: int | None = None
    items: tuple[str, ...] = ()
    method: Literal["listwise", "pairwise"] = "pairwise"
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    omega: float | None = None
    omega_reason: Reason | None = None
    keying_error: bool = False
    item_rest: Mapping[str, float | None] = field(default_factory=dict)
    alpha_if_deleted: Mapping[str, float | None] = field(default_factory=dict)
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """Rule R4 for one facet or dimension in one group. Negative values are kept raw."""

    group: str
    n: int
    rwg: float | None = None  # r_WG(J), uniform null
    rwg_skewed: float | None = None  # r_WG(J), slight-skew null
    rwg_star: float | None = None
    ad: float | None = None  # AD_M(J), in raw scale points
    out_of_range: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class AgreementResult:
    """Rules R3 and R4 for one facet or dimension: ICC across the disclosed groups, agreement inside each."""

    code: str
    items: tuple[str, ...] = ()
    groups: tuple[GroupAgreement, ...] = ()
    rwg_mean: float | None = None
    icc1: float | None = None
    icc2: float | None = None
    n: int | None = None
    reason: Reason | None = None  # why there is no ICC


@dataclass(frozen=True, slots=True)
class Driver:
    """A leadership facet that goes with a dimension; `share` is its part of R², `r` its correlation."""

    code: str
    weight: float
    share: float | None  # None where R² is 0
    r: float
    r_low: float | None = None
    r_high: float | None = None


@dataclass(frozen=True, slots=True)
class DriverSet:
    """Rule R6 for one dimension, strongest first; refused with a reason."""

    outcome: str
    n: int | None = None
    r2: float | None = None
    method: str = "relative weights"
    drivers: tuple[Driver, ...] = ()
    culprits: tuple[str, ...] = ()  # predictors that made it refuse
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the questions asked of the disclosed groups: the share answered, "can't say" and left blank."""

    asked: int = 0
    answered: float | None = None
    cant_say: float | None = None
    blank: float | None = None
    withheld: bool = False  # would say how many answered what is withheld


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know: `reason` about `subject`, which has `n` and would need `need`."""

    reason: Reason
    subject: str
    n: int | None = None
    need: int | None = None


@dataclass(frozen=True, slots=True)
class WaveResults:
    """All released numbers of one wave. `own_is_private`: the own view is one person's and is for them alone."""

    method: str
    k: int
    seed: int
    live: bool
    headline: Headline
    n: int  # responses in disclosed groups, those of the leaders included
    groups: tuple[Group, ...]
    index: Index
    dimensions: tuple[Score, ...]
    facets: tuple[Score, ...] = ()
    blocks: tuple[Score, ...] = ()
    constructs: tuple[Score, ...] = ()
    items: tuple[ItemResult, ...] = ()
    robustness: Robustness = Robustness()
    reliability: tuple[ReliabilityResult, ...] = ()
    agreement: tuple[AgreementResult, ...] = ()
    drivers: tuple[DriverSet, ...] = ()
    coverage: Coverage = Coverage()
    facet_coverage: Mapping[str, Coverage] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    own_is_private: bool = False

    def score(self, code: str) -> Score:
        """The dimension, facet, block or construct with this code; KeyError if there is none."""
        for row in (*self.dimensions, *self.facets, *self.blocks, *self.constructs):
            if row.code == code:
                return row
        raise KeyError(code)

    def without_own_view(self) -> WaveResults:
        """The same results for readers with whom a leader has not shared their own view: no own cell, no gap."""

        def hide(rows: tuple[Score, ...]) -> tuple[Score, ...]:
            return tuple(replace(row, own=WITHHELD, gap=None) for row in rows)

        return replace(
            self,
            dimensions=hide(self.dimensions),
            facets=hide(self.facets),
            blocks=hide(self.blocks),
            constructs=hide(self.constructs),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; fields at their default are left out."""
        encoded: dict[str, Any] = encode(self)
        return encoded

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WaveResults:
        """The exact inverse of `to_json`."""
        return decode(cls, data)
