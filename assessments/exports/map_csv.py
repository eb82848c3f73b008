"""A causal map as tables: our own links and factors, and Kumu's elements and connections."""

from collections.abc import Iterator

from assessments.exports.map_rows import COLUMNS, link_rows
from ecosystems.delimited import write_table
from ecosystems.selectors.causal_maps import EcosystemMap

BYTE_ORDER_MARK = "\ufeff"
KUMU_TYPE = "Factor"


def links_csv(drawn: EcosystemMap) -> Iterator[str]:
    """One row an opinion on a link."""
    names = drawn.names
    rows = ((names[row.source], names[row.target], *map(row.told.get, COLUMNS)) for row in link_rows(drawn))
    return write_table(("source", "target", *COLUMNS), rows)


def factors_csv(drawn: EcosystemMap) -> Iterator[str]:
    rows = ((one.name, one.facet, one.indicator, one.x, one.y) for one in drawn.factors)
    return write_table(("name", "facet", "indicator", "x", "y"), rows)


def kumu_connections_csv(drawn: EcosystemMap) -> Iterator[str]:
    """From and To come first, as Kumu wants them; several sheets of a workbook or several files make a map."""
    names = drawn.names
    cells = [name for name in COLUMNS if name != "sign"]
    rows = (
        (names[row.source], names[row.target], "directed", row.direction, *map(row.told.get, cells))
        for row in link_rows(drawn)
    )
    titles = (name.replace("_", " ").capitalize() for name in cells)
    return _unmarked(write_table(("From", "To", "Direction", "Type", *titles), rows))


def kumu_elements_csv(drawn: EcosystemMap) -> Iterator[str]:
    rows = ((one.name, KUMU_TYPE, one.facet, one.indicator, one.x, one.y) for one in drawn.factors)
    return _unmarked(write_table(("Label", "Type", "Facet", "Indicator", "X", "Y"), rows))


def _unmarked(lines: Iterator[str]) -> Iterator[str]:
    """Without the mark of UTF-8, which Kumu could take for a part of the first heading."""
    return (line for line in lines if line != BYTE_ORDER_MARK)
