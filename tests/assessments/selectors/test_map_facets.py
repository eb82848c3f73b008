"""What a factor can be tied to: dimensions and facets, parts of leadership, indicators."""

import pytest

from assessments.forms.maps import FactorForm
from assessments.selectors.map_facets import map_facets
from assessments.services.instruments import load_default_instrument
from assessments.services.maps.templates import template_map
from ecosystems.models import Ecosystem

pytestmark = pytest.mark.django_db


def test_a_factor_can_be_tied_to_what_the_template_names(ecosystem: Ecosystem) -> None:
    load_default_instrument()
    found = map_facets(ecosystem)
    assert [code for code in template_map().names if code not in found.measured] == []
    assert [group.name for group in found.groups] == [
        "Innovation impact",
        "Ecosystem health",
        "Adaptability",
        "Stakeholder satisfaction",
        "Sustainability",
    ]
    assert "PRI-DIST" in found.constructs
    assert "PRI-DIST" not in found.facets
    given = {"name": "Shared decisions", "facet": "PRI-DIST", "indicator": ""}
    assert FactorForm(given, facets=found).is_valid()
