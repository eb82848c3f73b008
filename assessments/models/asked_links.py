"""A link of the causal map that a wave asks about, as it is kept with the wave."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class AskedLink(NamedTuple):
    """Two factors by primary key, and what they were called when the wave opened: everybody reads the same words."""

    source: int
    target: int
    source_name: str
    target_name: str

    def __str__(self) -> str:
        return f"{self.source_name} → {self.target_name}"


def read_links(rows: Iterable[list[Any]]) -> tuple[AskedLink, ...]:
    """What `Wave.map_links` holds."""
    return tuple(AskedLink(*row) for row in rows)
