from xml.etree import ElementTree

import pytest

from ecosystems.glyphs import BRAND, DIMENSION_GLYPHS, ICONS, dimension_class


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("INN", "inn"),
        ("INN-FLOW", "inn"),
        ("sus", "sus"),
        (" ADA ", "ada"),
        ("X", "all"),
        ("", "all"),
        (None, "all"),
        ("SAT-COMM", "sta"),
    ],
)
def test_codes_of_dimensions_and_facets_share_a_glyph(code, short):
    assert dimension_class(code) == short


@pytest.mark.parametrize("drawing", [*DIMENSION_GLYPHS.values(), *ICONS.values(), BRAND])
def test_drawings_are_well_formed(drawing):
    ElementTree.fromstring(f"<g>{drawing}</g>")
