"""A causal map from a table: one row a link (also Kumu's connections), or one row a factor (Kumu's elements)."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.imports.maps.document import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_FACTORS,
    MOST_LINKS,
    MapReader,
    Reading,
    TooMany,
    refused,
)
from assessments.imports.maps.effects import LOWERING, RAISING
from ecosystems.delimited import Column, Row, Table, read_table

BETWEEN_TARGETS = "|"
"""Kumu's way of naming several targets in one cell."""
MUTUAL, UNDIRECTED = "mutual", "undirected"


def link_columns() -> tuple[Column, ...]:
    return (
        Column("source", gettext_lazy("source"), ("from", "cause")),
        Column("target", gettext_lazy("target"), ("to", "effect on")),
        Column("sign", gettext_lazy("sign"), ("polarity",), required=False),
        Column("strength", gettext_lazy("strength"), required=False),
        Column("delay", gettext_lazy("delay"), ("delayed",), required=False),
        Column("effect", gettext_lazy("effect"), required=False),
        Column("weight", gettext_lazy("weight"), required=False),
        Column("direction", gettext_lazy("direction"), required=False),
        Column("type", gettext_lazy("type"), ("connection type",), required=False),
        Column("label", gettext_lazy("label"), required=False),
        Column("basis", "basis", required=False),
        Column("held", "held", required=False),
    )


def factor_columns() -> tuple[Column, ...]:
    return (
        Column("name", gettext_lazy("name"), ("label", "factor", "element", "title"), max_length=LONGEST_NAME),
        Column("facet", gettext_lazy("facet"), required=False),
        Column("indicator", gettext_lazy("indicator"), required=False),
        Column("x", "x", required=False),
        Column("y", "y", required=False),
    )


def read_tables(data: bytes | str) -> Reading:
    """A table of links or of factors, told apart by its first row."""
    links = read_table(data, columns=link_columns(), max_rows=3 * MOST_LINKS, max_bytes=MOST_BYTES)
    if {"source", "target"} <= set(links.columns):
        return _links(links)
    if not links.columns and links.problems and links.problems[0].row is None:
        return _read(links, lambda _reader, _place, _row: None)
    factors = read_table(data, columns=factor_columns(), max_rows=3 * MOST_FACTORS, max_bytes=MOST_BYTES)
    if "name" in factors.columns:
        return _factors(factors)
    return refused(
        _("The first row must name the columns: source and target for links, or name for factors."), _("Row 1")
    )


def told_in(cells: Mapping[str, str]) -> dict[str, str]:
    """What a row or an element says of a link; a type or label counts where it is a sign, as people write in Kumu."""
    told = {name: cells.get(name, "") for name in ("sign", "strength", "delay", "effect", "weight", "basis", "held")}
    if not any(told[name].strip() for name in ("sign", "effect", "weight")):
        words = (cells.get(name, "").strip() for name in ("type", "label"))
        told["sign"] = next((word for word in words if word.casefold() in RAISING | LOWERING), "")
    return told


def both_ways(reader: MapReader, place: str, direction: str) -> bool | None:
    """Whether a link stands for two; None, and a problem, where it has no direction."""
    word = direction.strip().casefold()
    if word == UNDIRECTED:
        reader.wrong(place, _("has no direction. Say which factor moves the other."))
        return None
    return word == MUTUAL


def _links(table: Table) -> Reading:
    def add(reader: MapReader, place: str, row: Row) -> None:
        mutual = both_ways(reader, place, row.cells["direction"])
        if mutual is None:
            return
        told = told_in(row.cells)
        for target in row.cells["target"].split(BETWEEN_TARGETS):
            reader.link(place, row.cells["source"], target, told)
            if mutual:
                reader.link(place, target, row.cells["source"], told)

    return _read(table, add)


def _factors(table: Table) -> Reading:
    return _read(table, lambda reader, place, row: reader.factor(place, row.cells))


def _read(table: Table, add: Callable[[MapReader, str, Row], None]) -> Reading:
    """Row by row, so that what the table and what the map is short of are told in one go and in the file's order."""
    reader, rows = MapReader(), {row.number for row in table.rows}
    with suppress(TooMany):
        for row in table.rows:
            place = row_place(row.number)
            for problem in table.by_row.get(row.number, ()):
                reader.wrong(place, problem.message)
            if row.number not in table.by_row:
                add(reader, place, row)
        for problem in table.problems:
            if problem.row not in rows:
                reader.wrong(row_place(problem.row) if problem.row else "", problem.message)
    return reader.reading()


def row_place(number: int) -> str:
    return _("Row %(row)d") % {"row": number}
