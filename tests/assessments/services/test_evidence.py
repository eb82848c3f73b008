"""Figures beside the ratings: what can be kept with which wave, and what it leaves behind."""

import pytest

from assessments.models import EvidenceValue, Wave
from assessments.selectors.evidence import (
    Figure,
    dimension_evidence,
    figures_before,
    figures_of,
    indicator_scores,
    score_of,
)
from assessments.selectors.instrument_texts import instrument_text
from assessments.services.evidence import NotAFigure, UnknownIndicator, keep_values
from assessments.services.waves import WaveProblem
from ecosystems.models import AuditEvent, Ecosystem, User
from tests.factories.assessments import make_assessment, make_closed_wave, make_open_wave, make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_wave(ecosystem)


def test_figures_are_kept_changed_and_taken_away(wave: Wave, facilitator: User) -> None:
    first = {"INN-EV-IDEAS": (1.4, " Register, 30 June "), "ADA-EV-SENSED": (0.0, "")}
    assert keep_values(wave=wave, values=first, by=facilitator) == 2
    assert figures_of(wave) == {"ADA-EV-SENSED": Figure(0.0), "INN-EV-IDEAS": Figure(1.4, "Register, 30 June")}
    assert keep_values(wave=wave, values={"ADA-EV-SENSED": (3.0, ""), "INN-EV-TRIED": (None, "")}, by=facilitator) == 1
    assert keep_values(wave=wave, values={"INN-EV-IDEAS": (None, "")}, by=facilitator) == 1
    assert figures_of(wave) == {"ADA-EV-SENSED": Figure(3.0)}
    assert [(one.actor, one.details["figures"]) for one in AuditEvent.objects.filter(action="wave.figures-kept")].count(
        (facilitator, "1")
    ) == 2


def test_nothing_new_leaves_no_trace(wave: Wave) -> None:
    keep_values(wave=wave, values={"INN-EV-IDEAS": (1.4, "Register")}, by=None)
    before = AuditEvent.objects.count()
    assert keep_values(wave=wave, values={"INN-EV-IDEAS": (1.4, "Register")}, by=None) == 0
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e13])
def test_a_figure_is_a_number_of_this_world(wave: Wave, value: float) -> None:
    with pytest.raises(NotAFigure):
        keep_values(wave=wave, values={"INN-EV-TRIED": (5.0, ""), "INN-EV-IDEAS": (value, "")}, by=None)
    assert not EvidenceValue.objects.exists()


@pytest.mark.parametrize("code", ["INN-FLOW", "INN-EV-NONE", "", "SAT-EV-WEAKEST"])
def test_only_what_the_instrument_asks_for_and_ratings_do_not_tell(wave: Wave, code: str) -> None:
    with pytest.raises(UnknownIndicator):
        keep_values(wave=wave, values={code: (5.0, "")}, by=None)


def test_in_open_and_closed_waves_and_never_about_one_person(ecosystem: Ecosystem, leader: User) -> None:
    for wave in (make_open_wave(ecosystem), make_closed_wave(ecosystem)):
        assert keep_values(wave=wave, values={"SUS-EV-RAISED": (7.0, "")}, by=None) == 1
    of_leader = make_wave(make_assessment(ecosystem, leader=leader))
    with pytest.raises(WaveProblem, match="about one leader"):
        keep_values(wave=of_leader, values={"SUS-EV-RAISED": (7.0, "")}, by=None)


def test_goalposts_make_scores_and_what_is_only_shown_counts_neither_way(wave: Wave) -> None:
    evidence = instrument_text(wave.version).evidence
    by_code = {one.code: one for some in evidence.values() for one in some}
    assert score_of(by_code["INN-EV-IDEAS"], 0.5) == 25.0
    assert score_of(by_code["ADA-EV-SENSED"], 6) == 80.0
    assert score_of(by_code["SUS-EV-RAISED"], 6) is None
    assert score_of(by_code["SAT-EV-WEAKEST"], 50) is None
    sustainability = dimension_evidence(evidence["SUS"], {"SUS-EV-RAISED": Figure(7), "SUS-EV-FLOOR": Figure(80)})
    assert (sustainability.score, sustainability.known, sustainability.of) == (60.0, 1, 5)
    nothing = dimension_evidence(evidence["SAT"], {"SAT-EV-WEAKEST": Figure(50)})
    assert (nothing.score, nothing.known, nothing.of) == (None, 0, 0)


def test_the_newest_earlier_figures_of_the_same_assessment(ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem)
    first, second, third = (make_wave(assessment, title=title) for title in ("Spring", "Autumn", "Winter"))
    keep_values(wave=first, values={"INN-EV-IDEAS": (1.0, ""), "INN-EV-TRIED": (20.0, "")}, by=None)
    assert figures_before(first) == ("", {})
    assert figures_before(third) == ("Spring", {"INN-EV-IDEAS": Figure(1.0), "INN-EV-TRIED": Figure(20.0)})
    keep_values(wave=second, values={"INN-EV-IDEAS": (1.2, "June")}, by=None)
    assert figures_before(third) == ("Autumn", {"INN-EV-IDEAS": Figure(1.2, "June")})


def test_scores_of_indicators_come_from_closed_waves_and_the_newest_with_a_figure(ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem)
    first, second = make_closed_wave(assessment), make_closed_wave(assessment)
    draft = make_wave(assessment)
    keep_values(wave=first, values={"INN-EV-IDEAS": (1.0, ""), "INN-EV-TRIED": (20.0, "")}, by=None)
    keep_values(wave=second, values={"INN-EV-IDEAS": (1.5, "")}, by=None)
    keep_values(wave=draft, values={"INN-EV-IDEAS": (2.0, "")}, by=None)
    text = instrument_text(draft.version)
    assert indicator_scores(ecosystem, text) == {"INN-EV-IDEAS": 75.0, "INN-EV-TRIED": 40.0}
    assert indicator_scores(ecosystem, text, until=first) == {"INN-EV-IDEAS": 50.0, "INN-EV-TRIED": 40.0}
