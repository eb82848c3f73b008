"""Weights of links, drawn from the votes on them (rule L4)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Votes = NDArray[np.int8]

STRONGEST = 3
PORTION = 128
"""Draws made at a time: what stays near the processor is several times as fast."""
LEVELS = 2 * STRONGEST + 1
WEIGHTS: Floats = np.arange(-STRONGEST, STRONGEST + 1) / STRONGEST
"""The weight behind each vote, −3…+3."""


def weights_of(votes: Votes) -> Floats:
    """The sign times a third, two thirds or all of the strongest."""
    found: Floats = votes / STRONGEST
    return found


@dataclass(frozen=True, slots=True, eq=False)
class VotedLinks:
    """
    The links of a map with what was voted on each: `sources` raise or lower `targets`, both shape (links,).

    `counts`, shape (links, 7), holds how many voted −3, −2, … +3. Pass only what may be shown: a band tells of votes.
    """

    factors: int
    sources: Places
    targets: Places
    counts: Floats

    @classmethod
    def of(cls, factors: int, sources: ArrayLike, targets: ArrayLike, counts: ArrayLike) -> "VotedLinks":
        """Checked links; a link on itself, a pair twice, a stranger or a link without a vote raises ValueError."""
        start, end = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
        votes = np.asarray(counts, dtype=np.float64).reshape(-1, LEVELS)
        if not start.shape == end.shape == (len(votes),):
            raise ValueError(f"{start.size} sources, {end.size} targets and {len(votes)} rows of votes do not match")
        ends = np.concatenate([start, end])
        if len(ends) and not (ends.min() >= 0 and ends.max() < factors):
            raise ValueError(f"a link names a factor outside 0…{factors - 1}")
        if (start == end).any():
            raise ValueError("a factor cannot be linked to itself")
        if len(np.unique(start * factors + end)) < len(start):
            raise ValueError("a pair is linked twice: count its votes in one link")
        if not np.isfinite(votes).all() or (votes < 0).any() or (votes.sum(axis=1) <= 0).any():
            raise ValueError("each link needs a vote, and votes cannot be negative")
        return cls(factors, start, end, votes)

    @classmethod
    def unanimous(cls, factors: int, sources: ArrayLike, targets: ArrayLike, effects: ArrayLike) -> "VotedLinks":
        """Links of one opinion, `effects` −3…+3: what an editor drew and nobody voted on yet."""
        given = np.asarray(effects, dtype=np.int64)
        if len(given) and np.abs(given).max() > STRONGEST:
            raise ValueError(f"an effect must lie between {-STRONGEST} and {STRONGEST}")
        return cls.of(factors, sources, targets, np.eye(LEVELS)[given + STRONGEST])

    def __len__(self) -> int:
        return len(self.sources)

    def mean(self) -> Floats:
        """Mean weight of each link's votes, shape (links,), −1…1."""
        found: Floats = self.counts @ WEIGHTS / self.counts.sum(axis=1)
        return found

    def strongest(self) -> Floats:
        """Largest weight any vote gives each link, without its sign: no draw goes beyond it."""
        found: Floats = np.where(self.counts > 0, np.abs(WEIGHTS), 0.0).max(axis=1, initial=0.0)
        return found

    def drawn(self, draws: int, seed: int) -> Floats:
        """Weights, shape (draws, links): in each draw each link takes the vote of one of its voters, by lot."""
        return weights_of(self.votes_drawn(draws, seed))

    def votes_drawn(self, draws: int, seed: int) -> Votes:
        """The votes, −3…+3, behind the weights drawn: an eighth of their size."""
        rng = np.random.default_rng(seed)
        share = np.ascontiguousarray((np.cumsum(self.counts, axis=1) / self.counts.sum(axis=1, keepdims=True)).T)
        found = np.full((draws, len(self)), -STRONGEST, dtype=np.int8)
        for start in range(0, draws, PORTION):
            part = found[start : start + PORTION]
            lots = rng.random(part.shape)
            for reached in share[:-1]:
                part += (lots >= reached).view(np.int8)
        return found

    def matrices(self, weights: Floats, out: Floats | None = None) -> Floats:
        """
        Weight matrices, shape (draws, factors, factors), of weights (draws, links): row works on column.

        `out` is an earlier, longer answer to write over.
        """
        if out is None:
            out = np.zeros((len(weights), self.factors, self.factors))
        found = out[: len(weights)]
        found[:, self.sources, self.targets] = weights
        return found
