"""Withholding so that nothing withheld can be found from what is published (rules D1, D2).

A table is cells and the linear equations that everybody knows to hold between them. Cells below the minimum are
withheld; then others are, until a linear programme finds no withheld cell that the published ones pin down. The idea
is that of the R package sdcTable: Templ, Statistical Disclosure Control for Microdata (2017).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]

NARROW = 0.05  # a feasible interval below this share of the cell's range counts as found
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class TableCell:
    """A number of a table: its true value, the answers behind it, the range anyone knows it lies in.

    `cost` says how much a reader loses with it: complementary suppression takes the cheapest first.
    """

    key: str
    value: float
    n: int
    low: float = 0.0
    high: float = 100.0
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ coefficient · cell = constant, known to everyone: a dimension is the weighted mean of its facets, and so on."""

    coefficients: Mapping[str, float]
    constant: float = 0.0


@dataclass(frozen=True)
class Table:
    """Cells with distinct keys, and equations between them; an equation over an unknown cell raises ValueError."""

    cells: tuple[TableCell, ...]
    equations: tuple[Equation, ...] = ()

    def __post_init__(self) -> None:
        keys = {cell.key for cell in self.cells}
        if len(keys) < len(self.cells):
            raise ValueError("Two cells of a table have the same key.")
        for equation in self.equations:
            unknown = set(equation.coefficients) - keys
            if unknown:
                raise ValueError(f"An equation names the cell {sorted(unknown)[0]}, which is not in the table.")


@dataclass(frozen=True, slots=True)
class Exposure:
    """A withheld cell that the published ones confine to low…high, narrower than it may be."""

    key: str
    low: float
    high: float


def primary(table: Table, k: int) -> frozenset[str]:
    """Cells behind which there are fewer than k answers (rule D1)."""
    return frozenset(cell.key for cell in table.cells if cell.n < k)


def protect(table: Table, k: int, *, narrow: float = NARROW) -> frozenset[str]:
    """All cells to withhold: those below k, and enough others that none of either can be found (rule D2).

    Afterwards complementary cells that turn out not to be needed are published again, dearest first. The result does
    not say which cell is withheld for which cause, and must not be asked to.
    """
    small = primary(table, k)
    withheld = set(small)
    cells = {cell.key: cell for cell in table.cells}
    while exposed := audit(table, withheld, narrow=narrow):
        candidates = _neighbours(table, {exposure.key for exposure in exposed}, withheld)
        if not candidates:
            break  # what is known without any publication cannot be protected by withholding
        alone = _alone(table, withheld)
        withheld.add(min(candidates, key=lambda key: (cells[key].cost, -alone.get(key, 0), cells[key].n, key)))
    for key in sorted(withheld - small, key=lambda key: (-cells[key].cost, -cells[key].n, key)):
        if not audit(table, withheld - {key}, narrow=narrow):
            withheld.discard(key)
    return frozenset(withheld)


def audit(
    table: Table, withheld: Collection[str], *, narrow: float = NARROW, decimals: int | None = None
) -> tuple[Exposure, ...]:
    """Withheld cells whose feasible interval, all else being published, is narrower than `narrow` of their range.

    Published values are known exactly, or, with `decimals`, as rounded to that many. Two linear programmes a cell.
    """
    cells = {cell.key: cell for cell in table.cells}
    found = []
    for members, equations in _components(table, set(withheld)):
        matrix, right, bounds = _programme(cells, members, equations, set(withheld), decimals)
        for place, key in enumerate(members):
            if key not in withheld:
                continue
            cell = cells[key]
            low, high = _feasible(matrix, right, bounds, place, cell)
            if high - low < narrow * (cell.high - cell.low) - _SLACK:
                found.append(Exposure(key, low, high))
    return tuple(sorted(found, key=lambda exposure: exposure.key))


def _neighbours(table: Table, exposed: set[str], withheld: set[str]) -> set[str]:
    """Published cells in an equation with an exposed cell; if none, with any withheld cell tied to it."""
    direct = _beside(table, exposed, withheld)
    if direct:
        return direct
    tied = set(exposed)
    while True:
        more = {
            key
            for equation in table.equations
            if tied & _terms(equation)
            for key in _terms(equation)
            if key in withheld
        }
        if more <= tied:
            return _beside(table, tied, withheld)
        tied |= more


def _alone(table: Table, withheld: set[str]) -> Counter[str]:
    """For each cell, in how many equations it would keep company to a cell that is withheld alone."""
    return Counter(
        key for equation in table.equations if len(_terms(equation) & withheld) == 1 for key in _terms(equation)
    )


def _beside(table: Table, keys: set[str], withheld: set[str]) -> set[str]:
    return {
        key
        for equation in table.equations
        if keys & _terms(equation)
        for key in _terms(equation)
        if key not in withheld
    }


def _terms(equation: Equation) -> set[str]:
    return {key for key, coefficient in equation.coefficients.items() if coefficient}


def _components(table: Table, withheld: set[str]) -> list[tuple[list[str], list[Equation]]]:
    """Equations that share withheld cells belong together; the others say nothing about them."""
    parts: list[tuple[set[str], list[Equation]]] = []
    for equation in table.equations:
        unknown = _terms(equation) & withheld
        if not unknown:
            continue
        members, equations = set(unknown), [equation]
        apart = []
        for part in parts:
            if part[0] & members:
                members |= part[0]
                equations = part[1] + equations
            else:
                apart.append(part)
        parts = [*apart, (members, equations)]
    return [(sorted(set().union(*(_terms(equation) for equation in equations))), equations) for _, equations in parts]


def _programme(
    cells: Mapping[str, TableCell],
    members: Sequence[str],
    equations: Sequence[Equation],
    withheld: set[str],
    decimals: int | None,
) -> tuple[Floats, Floats, list[tuple[float, float]]]:
    place = {key: position for position, key in enumerate(members)}
    matrix = np.zeros((len(equations), len(members)))
    for row, equation in enumerate(equations):
        for key, coefficient in equation.coefficients.items():
            if coefficient:
                matrix[row, place[key]] = coefficient
    half = _SLACK if decimals is None else 0.5 * 10.0**-decimals
    bounds = []
    for key in members:
        cell = cells[key]
        if key in withheld:
            bounds.append((cell.low, cell.high))
        else:
            bounds.append((max(cell.low, cell.value - half), min(cell.high, cell.value + half)))
    return matrix, np.array([equation.constant for equation in equations]), bounds


def _feasible(
    matrix: Floats, right: Floats, bounds: Sequence[tuple[float, float]], place: int, cell: TableCell
) -> tuple[float, float]:
    goal = np.zeros(matrix.shape[1])
    ends = []
    for sign in (1.0, -1.0):
        goal[place] = sign
        solved = linprog(goal, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
        # An unsolved programme proves nothing: then the cell counts as found.
        ends.append(cell.value if solved.x is None or solved.status != 0 else float(solved.x[place]))
    return ends[0], max(ends)
