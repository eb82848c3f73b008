"""Once people have been told the privacy rules, these become stricter or stay."""

from typing import Any

import pytest

from assessments.enums import Anonymity
from assessments.models import Wave
from assessments.services.wave_setup import Promised, change_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_open_wave, make_wave

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "before", "looser"),
    [
        ("anonymity", Anonymity.ANONYMOUS, Anonymity.NAMED),
        ("min_group_size", 6, 5),
        ("comment_min_group_size", 10, 8),
        ("live_results", False, True),
    ],
)
def test_nothing_that_was_promised_is_taken_back(ecosystem: Ecosystem, name: str, before: Any, looser: Any) -> None:
    told = {"min_group_size": 5, "comment_min_group_size": 8, name: before}
    wave = make_open_wave(ecosystem, **told)
    with pytest.raises(Promised):
        change_wave(wave=wave, by=None, **{name: looser})
    assert getattr(Wave.objects.get(pk=wave.pk), name) == before
    in_preparation = change_wave(wave=make_wave(ecosystem, **told), by=None, **{name: looser})
    assert getattr(in_preparation, name) == looser


def test_an_open_wave_becomes_stricter_until_the_first_answer(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, anonymity=Anonymity.NAMED, min_group_size=4, live_results=True)
    stricter = {"anonymity": Anonymity.ANONYMOUS, "min_group_size": 6, "live_results": False}
    change_wave(wave=wave, by=None, **stricter)
    wave.refresh_from_db()
    assert {name: getattr(wave, name) for name in stricter} == stricter
