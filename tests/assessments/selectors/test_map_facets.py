"""What a factor can be tied to: dimensions and facets, parts of leadership, indicators."""

import pytest

from assessments.forms.maps import FactorForm
from assessments.models import Score, Wave
from assessments.selectors.map_facets import map_facets
from assessments.selectors.scenarios import ground_of
from assessments.services.evidence import keep_values
from assessments.services.instruments import load_default_instrument
from assessments.services.maps.templates import template_map
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave

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


def test_a_factor_tied_to_an_indicator_counts_as_measured_once_a_closed_wave_has_its_figure(
    ecosystem: Ecosystem,
) -> None:
    wave = make_scored_wave(make_assessment(ecosystem))
    maker = MapMaker(ecosystem)
    trust, ideas = maker.factor("Trust", "ECO-TRUST"), maker.factor("Ideas", indicator="INN-EV-IDEAS")
    maker.link(trust, ideas)

    def now(start: Wave | None = None) -> dict[str, float | None]:
        return {one.name: one.score for one in ground_of(ecosystem, start).basis.factors}

    of_trust = now()["Trust"]
    assert of_trust is not None
    assert now() == {"Trust": of_trust, "Ideas": None}
    keep_values(wave=wave, values={"INN-EV-IDEAS": (0.5, "")}, by=None)
    assert now() == {"Trust": of_trust, "Ideas": 25.0}
    later = make_scored_wave(wave.assessment, seed=9)
    keep_values(wave=later, values={"INN-EV-IDEAS": (1.5, "")}, by=None)
    assert now()["Ideas"] == 75.0
    assert now(wave) == {"Trust": of_trust, "Ideas": 25.0}
    basis = ground_of(ecosystem).basis
    assert {one.code: one.factors for one in basis.dimensions}["INN"] == (
        [one.name for one in basis.factors].index("Ideas"),
    )


def test_the_facet_of_a_factor_is_what_it_scores_by(ecosystem: Ecosystem) -> None:
    """A withheld facet is not replaced by a figure: that would read as the facet's own score."""
    wave = make_scored_wave(make_assessment(ecosystem))
    keep_values(wave=wave, values={"INN-EV-IDEAS": (0.5, "")}, by=None)
    found = map_facets(ecosystem)
    assert found.score_of("ECO-TRUST", "INN-EV-IDEAS") == found.scores["ECO-TRUST"]
    assert found.score_of("", "INN-EV-IDEAS") == found.score_of("GONE", "INN-EV-IDEAS") == 25.0
    assert found.score_of("", "") is None
    Score.objects.filter(wave=wave, code="ECO-TRUST", group_key="").delete()
    assert map_facets(ecosystem).score_of("ECO-TRUST", "INN-EV-IDEAS") is None
