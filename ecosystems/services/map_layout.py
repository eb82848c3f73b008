"""Places for all factors of a map, found before it is locked: a large map takes longer than others should wait."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ecosystems.causal.graph import Pair
from ecosystems.causal.layout import Point, box_for, laid_out
from ecosystems.services.map_sheet import MapSheet


@dataclass(frozen=True, slots=True)
class Layout:
    """Places for factors of these names with these links between them."""

    names: Mapping[int, str]
    pairs: tuple[Pair, ...]
    places: Mapping[int, Point]

    def put_into(self, sheet: MapSheet) -> None:
        """The act that puts every factor to its place; where the map has become another since, they are found again."""
        found = self if (self.names, self.pairs) == _asked(sheet) else layout_of(sheet)
        for pk, (x, y) in found.places.items():
            sheet.factors[pk] = replace(sheet.factors[pk], x=x, y=y)


def layout_of(sheet: MapSheet) -> Layout:
    names, pairs = _asked(sheet)
    keys = [str(pk) for pk in sorted(names, key=lambda pk: (names[pk].casefold(), pk))]
    found = laid_out(keys, pairs, {str(pk): box_for(name) for pk, name in names.items()})
    return Layout(names, pairs, {int(key): place for key, place in found.items()})


def _asked(sheet: MapSheet) -> tuple[dict[int, str], tuple[Pair, ...]]:
    """What places depend on."""
    names = {pk: one.name for pk, one in sheet.on_map.items()}
    pairs = tuple((str(source), str(target)) for source, target in sheet.linked() if {source, target} <= names.keys())
    return names, pairs
