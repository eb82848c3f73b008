"""Withheld cells are never recoverable, checked by an attack of its own over random tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from assessments.scoring.disclosure import Equation, Exposure, Table, TableCell, audit, primary, protect


def crossed(values: list[list[float]], counts: list[list[int]]) -> Table:
    """Facets × groups with both margins published as plain means, and the mean of all."""
    cells, equations = [], []
    rows, columns = len(values), len(values[0])
    for row in range(rows):
        for column in range(columns):
            cells.append(TableCell(f"{row},{column}", values[row][column], counts[row][column]))
    for row in range(rows):
        mean = sum(values[row]) / columns
        cells.append(TableCell(f"{row},*", mean, sum(counts[row]), cost=5))
        parts = {f"{row},{column}": 1 / columns for column in range(columns)}
        equations.append(Equation({**parts, f"{row},*": -1}))
    for column in range(columns):
        mean = sum(values[row][column] for row in range(rows)) / rows
        cells.append(TableCell(f"*,{column}", mean, sum(counts[row][column] for row in range(rows)), cost=5))
        parts = {f"{row},{column}": 1 / rows for row in range(rows)}
        equations.append(Equation({**parts, f"*,{column}": -1}))
    return Table(tuple(cells), tuple(equations))


def width(table: Table, withheld: frozenset[str], key: str) -> float:
    """The attacker's interval: every equation at once, published cells as constants. Independent of `audit`."""
    unknown = sorted(withheld)
    known = {cell.key: cell for cell in table.cells}
    matrix, right = [], []
    for equation in table.equations:
        matrix.append([equation.coefficients.get(one, 0.0) for one in unknown])
        published = sum(c * known[one].value for one, c in equation.coefficients.items() if one not in withheld)
        right.append(equation.constant - published)
    bounds = [(known[one].low, known[one].high) for one in unknown]
    ends = []
    for sign in (1, -1):
        goal = [sign * (one == key) for one in unknown]
        # Rounding makes equal sums unequal by the last digit: leave the attacker that much room.
        room = 1e-7
        solved = linprog(
            goal,
            A_ub=np.vstack([matrix, np.negative(matrix)]),
            b_ub=np.concatenate([np.array(right) + room, room - np.array(right)]),
            bounds=bounds,
        )
        assert solved.status == 0
        ends.append(sign * solved.fun)
    return ends[1] - ends[0]


sizes = st.tuples(st.integers(2, 4), st.integers(2, 4))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(sizes)
    values = draw(
        st.lists(
            st.lists(st.integers(0, 20).map(lambda step: step * 5.0), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
    counts = draw(
        st.lists(st.lists(st.integers(1, 12), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    return crossed(values, counts)


@settings(max_examples=50, deadline=None)
@given(tables())
def test_withheld_cells_are_never_recoverable(table: Table) -> None:
    withheld = protect(table, 5)
    assert primary(table, 5) <= withheld
    for key in withheld:
        assert width(table, withheld, key) >= 0.05 * 100 - 1e-3


@settings(max_examples=20, deadline=None)
@given(tables())
def test_nothing_is_withheld_for_nothing(table: Table) -> None:
    """Publishing any complementary cell again would give one away."""
    withheld = protect(table, 5)
    for key in withheld - primary(table, 5):
        assert audit(table, withheld - {key})


@settings(max_examples=15, deadline=None)
@given(tables())
def test_order_of_cells_is_nothing(table: Table) -> None:
    turned = Table(table.cells[::-1], table.equations[::-1])
    assert protect(turned, 5) == protect(table, 5)


def test_nothing_small_nothing_withheld() -> None:
    table = crossed([[50, 60], [70, 80]], [[5, 5], [5, 5]])
    assert protect(table, 5) == frozenset()
    assert audit(table, ()) == ()


def test_one_small_cell_takes_three_others_with_it() -> None:
    """The classic corner: one cell is found from its row, and from its column."""
    table = crossed([[50, 60, 40], [70, 80, 40], [30, 60, 90]], [[4, 9, 9], [9, 9, 9], [9, 9, 9]])
    assert audit(table, {"0,0"}) == (Exposure("0,0", pytest.approx(50), pytest.approx(50)),)
    withheld = protect(table, 5)
    assert withheld == {"0,0", "0,1", "1,0", "1,1"}
    assert audit(table, withheld) == ()


def test_the_cheapest_cell_goes_first() -> None:
    equation = Equation({"a": 0.5, "b": 0.25, "c": 0.25, "total": -1})
    cells = [TableCell("a", 40, 3), TableCell("b", 60, 9, cost=3), TableCell("c", 60, 9, cost=2)]
    table = Table((*cells, TableCell("total", 50, 21, cost=9)), (equation,))
    assert protect(table, 5) == {"a", "c"}


def test_the_total_goes_where_its_ends_give_everything_away() -> None:
    """If the mean is 100, every part is 100: withholding parts is no protection."""
    table = Table(
        (TableCell("a", 100, 3), TableCell("b", 100, 9), TableCell("total", 100, 12, cost=9)),
        (Equation({"a": 0.5, "b": 0.5, "total": -1}),),
    )
    assert protect(table, 5) == {"a", "total"}


def test_rounding_protects_what_it_blurs() -> None:
    table = Table(
        (TableCell("a", 50, 3), TableCell("b", 60, 90), TableCell("total", 59.6, 93)),
        (Equation({"a": 3 / 93, "b": 90 / 93, "total": -1}),),
    )
    assert [one.key for one in audit(table, {"a"})] == ["a"]
    assert audit(table, {"a"}, decimals=0) == ()


def test_what_is_known_anyway_ends_the_search() -> None:
    table = Table((TableCell("a", 50, 3),), (Equation({"a": 1}, 50),))
    assert protect(table, 5) == {"a"}


def test_cell_in_no_equation_is_safe() -> None:
    assert protect(Table((TableCell("a", 50, 3), TableCell("b", 50, 30))), 5) == {"a"}


def test_bad_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        Table((TableCell("a", 1, 1), TableCell("a", 2, 2)))
    with pytest.raises(ValueError, match="names the cell b, which is not in the table"):
        Table((TableCell("a", 1, 1),), (Equation({"a": 1, "b": 1}),))
