"""A closed wave is rescored while somebody acts on what it said: no two wait for each other."""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest

from assessments.models import Commitment, SummaryMark, Wave
from assessments.services import rescore
from assessments.services.commitment_changes import Origin, Told, make_commitment
from assessments.services.scores import mark_stale
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.at_once import at_once, somebody_waits
from tests.factories.assessments import make_assessment
from tests.factories.results import make_scored_wave
from tests.factories.scenarios import SMALL

pytestmark = pytest.mark.django_db(transaction=True)


def while_rescoring(wave: Wave, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What came of both: the worker holds the wave until the act is over, or waits for somebody."""
    holds, over = Event(), Event()
    save = rescore._save

    def save_later(*given: Any) -> None:
        holds.set()
        assert wait_until(lambda: over.is_set() or somebody_waits(), seconds=60)
        save(*given)

    def acted() -> None:
        assert holds.wait(60)
        act()
        over.set()

    monkeypatch.setattr(rescore, "_save", save_later)
    return at_once(partial(rescore.rescore, wave_id=wave.pk), acted)


def test_something_is_promised_for_the_wave(
    ecosystem: Ecosystem, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = make_scored_wave(make_assessment(ecosystem), answers=SMALL)
    mark_stale(wave=wave)
    before = SummaryMark.objects.get().version
    promise = partial(
        make_commitment, ecosystem=ecosystem, told=Told("Call them", "Marta"), by=leader, origin=Origin(wave=wave)
    )
    assert while_rescoring(wave, promise, monkeypatch) == [True, None]
    assert Commitment.objects.get().wave == wave
    assert SummaryMark.objects.get().version == before + 2
    assert not Wave.objects.get(pk=wave.pk).is_stale
