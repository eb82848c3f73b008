"""How the Generative Value Index is made: weights, formula with numbers, and how far other fair ways move it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.spec import Cell as TableCell
from assessments.charts.spec import Chart, ChartSpec
from assessments.dashboards.detail_tables import count, plain, score_cells, score_columns
from assessments.dashboards.findings import IndexPanel, index_panel
from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.index import FLOOR
from assessments.scoring.results import Band, Cell, Index
from ecosystems.numerals import number


@dataclass(frozen=True)
class Term:
    """A dimension's part of the index. `share` of the weights in per cent; `logarithm` of its floored score."""

    code: str
    mark: str
    name: str
    url: str
    cell: Cell
    reason: str
    weight: str
    share: str
    logarithm: str
    floored: bool


@dataclass(frozen=True)
class Standing:
    """Where a dimension's score and rank stay in 9 of 10 recalculations; ranks in whole numbers, 1 is highest."""

    code: str
    mark: str
    name: str
    rank: int
    ranks: str
    scores: Band


@dataclass(frozen=True)
class IndexPage:
    index: Index
    panel: IndexPanel
    terms: tuple[Term, ...]
    formula: str
    in_numbers: str
    arithmetic: str
    difference: str
    equal_weights: bool
    floors: tuple[tuple[str, float], ...]
    floored: str
    standings: tuple[Standing, ...]
    orders: tuple[str, ...]
    robust_reason: str
    draws: int
    chart: Chart | None
    live: bool
    tables: Mapping[str, ChartSpec]


def index_page(material: Material) -> IndexPage | None:
    """None for results about leadership, which have no index."""
    panel = index_panel(material)
    if panel is None:
        return None
    results, index = material.results, material.results.index
    terms = _terms(material)
    robust = results.robustness
    standings = tuple(
        Standing(one.code, material.mark(one.code), material.name(one.code), one.rank, _ranks(one.ranks), one.scores)
        for one in robust.dimensions
    )
    return IndexPage(
        index=index,
        panel=panel,
        terms=terms,
        formula=_("index = exp( Σ weight × ln(score) ÷ Σ weight )"),
        in_numbers=_in_numbers(material),
        arithmetic=_arithmetic(material),
        difference=_difference(index),
        equal_weights=len(set(index.weights.values())) <= 1,
        floors=tuple(sorted(index.floors.items(), key=lambda one: float(one[0]))),
        floored=_floored(material),
        standings=standings,
        orders=_orders(material),
        robust_reason=_robust_reason(material),
        draws=robust.draws,
        chart=panel.chart,
        live=results.live,
        tables=_tables(material, terms, standings),
    )


def _terms(material: Material) -> tuple[Term, ...]:
    index = material.results.index
    total = sum(index.weights.values())
    return tuple(
        Term(
            code=row.code,
            mark=material.mark(row.code),
            name=material.name(row.code),
            url=material.url(row.code),
            cell=row.overall,
            reason=reason_words(row.overall.reason),
            weight=f"{index.weights[row.code]:g}",
            share=number(100 * index.weights[row.code] / total),
            logarithm="" if row.overall.value is None else number(math.log(max(row.overall.value, FLOOR)), 3),
            floored=row.code in index.floored,
        )
        for row in material.results.dimensions
        if row.code in index.weights
    )


def _scores(material: Material) -> list[tuple[float, float]]:
    """(weight, score) of each dimension with a score."""
    weights = material.results.index.weights
    return [
        (weights[row.code], row.overall.value)
        for row in material.results.dimensions
        if row.code in weights and row.overall.value is not None
    ]


def _in_numbers(material: Material) -> str:
    index, scores = material.results.index, _scores(material)
    if index.value is None:
        return ""
    equal = len({weight for weight, _score in scores}) == 1
    terms = " + ".join(
        f"{'' if equal else f'{weight:g} × '}ln {number(max(score, FLOOR), 1)}" for weight, score in scores
    )
    total = len(scores) if equal else sum(weight for weight, _score in scores)
    return f"exp( ({terms}) ÷ {total:g} ) = {number(index.value, 1)}"


def _arithmetic(material: Material) -> str:
    index, scores = material.results.index, _scores(material)
    if index.arithmetic is None:
        return ""
    equal = len({weight for weight, _score in scores}) == 1
    terms = " + ".join(f"{'' if equal else f'{weight:g} × '}{number(score, 1)}" for weight, score in scores)
    total = len(scores) if equal else sum(weight for weight, _score in scores)
    return f"({terms}) ÷ {total:g} = {number(index.arithmetic, 1)}"


def _difference(index: Index) -> str:
    if index.value is None or index.arithmetic is None:
        return ""
    return _(
        "The plain mean of the same scores is %(plain)s, so unevenness between the dimensions costs %(points)s points."
    ) % {"plain": number(index.arithmetic, 1), "points": number(max(0.0, index.arithmetic - index.value), 1)}


def _floored(material: Material) -> str:
    names = [material.name(code) for code in material.results.index.floored]
    if not names:
        return ""
    return _("Lifted to the floor of 1, since the logarithm of 0 does not exist: %(names)s.") % {
        "names": ", ".join(names)
    }


def _ranks(ranks: Band) -> str:
    low, high = round(ranks.low), round(ranks.high)
    return str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _orders(material: Material) -> tuple[str, ...]:
    """Every pair whose order is not safe, the least safe first; one sentence where all are."""
    robust = material.results.robustness
    if not robust.pairs:
        return ()
    unsafe = sorted((one for one in robust.pairs if one.reversible), key=lambda one: -one.share)
    if not unsafe:
        return (_("No fair way of counting reverses the order of any two dimensions."),)
    said = []
    for one in unsafe:
        values = {
            "higher": material.name(one.higher),
            "lower": material.name(one.lower),
            "share": _percent(one.share),
        }
        if one.by_choice:
            words = _(
                "“%(higher)s” before “%(lower)s”: another choice of facets or weights alone can reverse this"
                " order; %(share)s of the recalculations do."
            )
        else:
            words = _(
                "“%(higher)s” before “%(lower)s”: %(share)s of the recalculations reverse this order, because"
                " other people might have answered."
            )
        said.append(words % values)
    safe = len(robust.pairs) - len(unsafe)
    if safe:
        said.append(
            ngettext("The order of the one other pair is safe.", "The order of the other %(n)d pairs is safe.", safe)
            % {"n": safe}
        )
    return tuple(said)


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return _("under 1 %")
    return _("%(share)s %%") % {"share": number(100 * share)}


def _robust_reason(material: Material) -> str:
    robust = material.results.robustness
    if material.results.live:
        return _("shown after the wave has closed")
    if robust.reason is not None:
        return reason_words(robust.reason)
    return "" if robust.dimensions else _("not available")


def _tables(material: Material, terms: tuple[Term, ...], standings: tuple[Standing, ...]) -> dict[str, ChartSpec]:
    tables = {
        "index": ChartSpec(
            title=_("Generative Value Index"),
            description="",
            columns=(_("Code"), _("Dimension"), _("Weight"), *score_columns()),
            rows=(
                *(
                    (
                        TableCell(one.code),
                        TableCell(one.name),
                        TableCell(one.weight),
                        *score_cells(one.cell, material.look),
                    )
                    for one in terms
                ),
                (
                    TableCell("GVI"),
                    TableCell(_("Generative Value Index")),
                    TableCell(""),
                    *score_cells(_index_cell(material), material.look),
                ),
            ),
        )
    }
    if standings:
        tables["robustness"] = ChartSpec(
            title=_("How safe the order is"),
            description="",
            columns=(_("Dimension"), _("Rank"), _("Ranks from to"), _("Score, 5 %"), _("Median"), _("Score, 95 %")),
            rows=tuple(
                (
                    TableCell(one.name),
                    count(one.rank),
                    TableCell(one.ranks),
                    plain(one.scores.low),
                    plain(one.scores.median),
                    plain(one.scores.high),
                )
                for one in standings
            ),
        )
    return tables


def _index_cell(material: Material) -> Cell:
    index = material.results.index
    if index.value is None:
        return Cell(reason=index.reason)
    band = index.band
    return Cell(
        value=index.value, n=material.results.n, low=band.low if band else None, high=band.high if band else None
    )
