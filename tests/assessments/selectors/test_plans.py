"""Which groups can be asked with which form."""

import pytest

from assessments.enums import GroupKind
from assessments.selectors.plans import group_label, offers_of
from ecosystems.models import Ecosystem, Organization, User
from tests.factories.assessments import make_assessment, make_version, make_wave
from tests.factories.instruments import make_instrument

pytestmark = pytest.mark.django_db


def test_the_default_questions_offer_a_pulse_to_everybody(ecosystem: Ecosystem) -> None:
    version = make_version()
    offers = offers_of(assessment=make_assessment(ecosystem), version=version)
    assert {offer.key: {form.form: form.questions for form in offer.forms} for offer in offers} == {
        "customers": {"stakeholder": 15, "pulse": 5},
        "employees": {"stakeholder": 15, "pulse": 5},
        "partners": {"stakeholder": 15, "pulse": 5},
        "communities": {"stakeholder": 15, "pulse": 5},
        "leaders": {"full": 93, "pulse": 5},
    }


def test_a_360_offers_the_leader_and_others(ecosystem: Ecosystem, leader: User) -> None:
    version = make_version()
    offers = offers_of(assessment=make_assessment(ecosystem, leader=leader), version=version)
    assert [(offer.key, offer.kind, [form.questions for form in offer.forms]) for offer in offers] == [
        ("self", GroupKind.SELF, [49]),
        ("others", GroupKind.OTHERS, [49]),
    ]


def test_an_instrument_of_ones_own_is_asked_as_it_is(ecosystem: Ecosystem, organization: Organization) -> None:
    version = make_instrument(organization)
    wave = make_wave(make_assessment(ecosystem, instrument=version.instrument))
    assert [(group.key, group.kind) for group in wave.groups.all()] == [("leaders", GroupKind.LEADERS)]


def test_labels_are_short(ecosystem: Ecosystem) -> None:
    assert group_label("customers", "People who buy") == "Customers"
    assert group_label("self", "A leader", leader="Ada") == "Ada"
    assert group_label("others", "x", leader="A" * 120)[:24] == "People who work with AAA"
    assert len(group_label("others", "x", leader="A" * 120)) == 120
    assert group_label("night-shift", "Who works at night") == "Who works at night"
