"""Evidence beside the ratings (rule S8): figures between fixed goalposts, their gap to ratings, and both blended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from assessments.scoring.index import arithmetic_mean

SHARE: Final = 0.4  # of evidence in the blend
LEAST: Final = Fraction(2, 3)  # of the indicators must be known for a blend


@dataclass(frozen=True, slots=True)
class EvidenceScore:
    """The evidence of one dimension, 0–100; None where none of its scored indicators is known."""

    score: float | None
    known: int
    of: int


@dataclass(frozen=True, slots=True)
class Blend:
    """Ratings and evidence together, 0–100; `share` is that of evidence, 0 where ratings stand alone."""

    score: float
    share: float


def normalise(value: float, *, low: float, high: float, lower_is_better: bool = False) -> float:
    """Where a figure lies between its goalposts, as 0–100, clipped at both.

    As UNDP's HDI and OECD/JRC's Handbook (2008) do; goalposts are fixed, so no other figure moves this one.
    Raises ValueError unless the value is finite and low < high.
    """
    if not math.isfinite(value) or not low < high:
        raise ValueError("A figure is finite, and its low goalpost is below the high one.")
    reached = (high - value if lower_is_better else value - low) / (high - low)
    return 100 * min(max(reached, 0.0), 1.0)


def evidence_score(scores: Sequence[float | None]) -> EvidenceScore:
    """The plain mean of a dimension's known indicators; `scores` has one for each, normalised, None if unknown."""
    known = [score for score in scores if score is not None]
    return EvidenceScore(arithmetic_mean(known) if known else None, len(known), len(scores))


def gap(evidence: EvidenceScore, perception: float) -> float | None:
    """Evidence minus ratings, in points; above 0 where the figures say more than people do."""
    return None if evidence.score is None else evidence.score - perception


def blend(perception: float, evidence: EvidenceScore, *, share: float = SHARE, least: Fraction = LEAST) -> Blend:
    """(1 − share)·ratings + share·evidence where at least `least` of the indicators are known, else ratings alone."""
    if evidence.score is None or Fraction(evidence.known, evidence.of) < least:
        return Blend(perception, 0.0)
    return Blend((1 - share) * perception + share * evidence.score, share)
