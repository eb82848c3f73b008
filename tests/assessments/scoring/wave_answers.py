"""A small instrument and answers to it, for tests of whole waves."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessments.scoring.blueprint import Blueprint, DimensionSpec, FacetSpec, ItemSpec
from assessments.scoring.population import GroupSpec
from assessments.scoring.results import WaveResults
from assessments.scoring.wave import score_wave

NAN = np.nan
FACETS = {"A1": "A", "A2": "A", "B1": "B", "B2": "B", "M1": "M", "M2": "M", "C1": "C"}
ALL = tuple(FACETS)
PER_FACET = 2
INSTRUMENT = Blueprint(
    tuple(ItemSpec(f"{facet}-{one}", facet, 1, 5, reverse=one == 2) for facet in FACETS for one in (1, 2)),
    tuple(
        FacetSpec(
            facet,
            dimension,
            (f"{facet}-1", f"{facet}-2"),
            barrier=dimension == "C",
            about="leader" if dimension == "M" else "network",
        )
        for facet, dimension in FACETS.items()
    ),
    (
        DimensionSpec("A"),
        DimensionSpec("B"),
        DimensionSpec("M", block=True),
        DimensionSpec("C", block=True, barrier=True),
    ),
)


def items(*facets: str) -> tuple[str, ...]:
    return tuple(f"{facet}-{one}" for facet in facets for one in (1, 2))


def spec(key: str, kind: str = "stakeholder", facets: Sequence[str] = ("A1", "A2", "B1", "B2"), weight: float = 1.0):  # type: ignore[no-untyped-def]
    return GroupSpec(key, key.title(), kind, key, weight, items(*facets))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Answered:
    """Answers of a wave and the groups that gave them."""

    groups: tuple[GroupSpec, ...]
    matrix: NDArray[np.float64]
    cant_say: NDArray[np.bool_]
    group: NDArray[np.int64]

    def score(self, *, k: int = 5, **options: object) -> WaveResults:
        return score_wave(INSTRUMENT, self.matrix, self.cant_say, self.group, self.groups, k=k, **options)  # type: ignore[arg-type]


def answered(*parts: tuple[GroupSpec, Sequence[Mapping[str, float]]]) -> Answered:
    """Each response as a score of 0, 25, 50, 75 or 100 per facet; what is not named is blank."""
    rows, group = [], []
    for place, (_, responses) in enumerate(parts):
        for response in responses:
            row = np.full(len(INSTRUMENT.items), NAN)
            for facet, score in response.items():
                row[INSTRUMENT.column[f"{facet}-1"]] = 1 + score / 25
                row[INSTRUMENT.column[f"{facet}-2"]] = 5 - score / 25
            rows.append(row)
            group.append(place)
    matrix = np.array(rows).reshape(-1, len(INSTRUMENT.items))
    return Answered(
        tuple(one for one, _ in parts), matrix, np.zeros(matrix.shape, dtype=np.bool_), np.array(group, dtype=np.int64)
    )


def same(n: int, **scores: float) -> list[dict[str, float]]:
    return [dict(scores) for _ in range(n)]


def varied(n: int, *facets: str, seed: int = 1) -> list[dict[str, float]]:
    rng = np.random.default_rng(seed)
    return [{facet: float(rng.integers(0, 5)) * 25 for facet in facets} for _ in range(n)]


def as_text(results: WaveResults) -> str:
    return json.dumps(results.to_json(), allow_nan=False)


def random_wave(seed: int, sizes: list[int], blank: float) -> Answered:
    rng = np.random.default_rng(seed)
    keys = ("customers", "employees", "partners", "leaders")
    wave = answered(
        *(
            (spec(key, "leaders", ALL) if key == "leaders" else spec(key), varied(n, *ALL, seed=seed + n))
            for key, n in zip(keys, sizes, strict=True)
        )
    )
    wave.matrix[rng.random(wave.matrix.shape) < blank] = np.nan
    for place, one in enumerate(wave.groups):
        asked = {INSTRUMENT.column[code] for code in one.items or ()}
        columns = [column for column in range(wave.matrix.shape[1]) if column not in asked]
        wave.matrix[np.ix_(wave.group == place, columns)] = np.nan
    wave.cant_say[:] = np.isnan(wave.matrix) & (rng.random(wave.matrix.shape) < 0.5)
    return wave


waves = st.builds(
    random_wave,
    st.integers(0, 10_000),
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    st.sampled_from([0.0, 0.2, 0.6]),
)
