"""The files in which a causal map can be taken out, by the end of their addresses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assessments.exports.map_csv import factors_csv, kumu_connections_csv, kumu_elements_csv, links_csv
from assessments.exports.map_graphml import graphml
from assessments.exports.map_kumu import kumu_json
from ecosystems.selectors.causal_maps import EcosystemMap

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class MapFile:
    """`kind` ends the address and the name of the file."""

    kind: str
    title: "StrPromise"
    use: "StrPromise"
    content_type: str
    write: Callable[[EcosystemMap], bytes]


def _joined(write: Callable[[EcosystemMap], Iterator[str]]) -> Callable[[EcosystemMap], bytes]:
    def written(drawn: EcosystemMap) -> bytes:
        return "".join(write(drawn)).encode("utf-8", "replace")

    return written


MAP_FILES: Mapping[str, MapFile] = {
    one.kind: one
    for one in (
        MapFile("graphml", _("GraphML"), _("Gephi, yEd, igraph, networkx"), "application/xml; charset=utf-8", graphml),
        MapFile("kumu.json", _("Kumu JSON"), _("Kumu: drop it onto a map"), "application/json", kumu_json),
        MapFile(
            "kumu-elements.csv", _("Kumu elements, CSV"), _("Kumu: first this one"), CSV, _joined(kumu_elements_csv)
        ),
        MapFile(
            "kumu-connections.csv",
            _("Kumu connections, CSV"),
            _("Kumu: then this one"),
            CSV,
            _joined(kumu_connections_csv),
        ),
        MapFile("links.csv", _("Links, CSV"), _("spreadsheets and statistics"), CSV, _joined(links_csv)),
        MapFile("factors.csv", _("Factors, CSV"), _("spreadsheets and statistics"), CSV, _joined(factors_csv)),
    )
}
