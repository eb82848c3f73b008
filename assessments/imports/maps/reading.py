"""A causal map from whatever of the known formats a file is in: GraphML, Kumu's JSON, or a table."""

from django.utils.translation import gettext as _

from assessments.imports.maps.document import MOST_BYTES, Reading, refused
from assessments.imports.maps.graphml import read_graphml
from assessments.imports.maps.kumu import read_kumu
from assessments.imports.maps.tables import read_tables
from ecosystems.text_files import NotText, decode


def read_map(data: bytes | str) -> Reading:
    """The format is known by how the text begins, whatever the file is called."""
    if len(data) > MOST_BYTES:
        return refused(_("The file is larger than %(limit)g MB. A map is far smaller.") % {"limit": MOST_BYTES / 10**6})
    try:
        text = decode(data)
    except NotText as problem:
        return refused(str(problem))
    start = text.lstrip()[:1]
    if not start:
        return refused(_("There is nothing in it."))
    if start == "<":
        return read_graphml(data if isinstance(data, bytes) and not _says_otherwise(data) else text)
    return read_kumu(text) if start in "{[" else read_tables(text)


def _says_otherwise(data: bytes) -> bool:
    """UTF-16 without a mark, which an XML reader takes for binary."""
    return b"\0" in data[:4] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
