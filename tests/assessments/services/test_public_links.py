"""Starting by a public link: a full hall at once, no flood, and never kept out for want of a counter."""

import pytest
import redis

from assessments.models import Draft, WaveGroup
from assessments.services import public_links
from assessments.services.drafts import NotOpen
from assessments.services.public_links import TooManyStarts, start_by_public_link, starts_a_minute
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> WaveGroup:
    monkeypatch.setattr(public_links.time, "time", lambda: 1_800_000_030.0)
    return make_open_wave(ecosystem).groups.get(key="customers")


@pytest.mark.parametrize(("expected", "most"), [(None, 1_000), (1, 60), (60, 60), (1_000, 1_000), (10_000_000, 10**7)])
def test_all_who_are_expected_may_start_at_once(expected: int | None, most: int) -> None:
    assert starts_a_minute(expected) == most


@pytest.mark.parametrize("expected", [None, 1_000])
def test_a_thousand_people_start_in_one_minute_and_one_more_waits(group: WaveGroup, expected: int | None) -> None:
    group.expected = expected
    for _person in range(1_000):
        start_by_public_link(group=group)
    with pytest.raises(TooManyStarts):
        start_by_public_link(group=group)
    assert Draft.objects.filter(group=group, invitation=None).count() == 1_000


def test_each_group_is_counted_alone(group: WaveGroup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_links, "UNKNOWN_A_MINUTE", 1)
    start_by_public_link(group=group)
    with pytest.raises(TooManyStarts):
        start_by_public_link(group=group)
    start_by_public_link(group=group.wave.groups.exclude(pk=group.pk)[0])


def test_a_counter_that_is_away_keeps_nobody_out(group: WaveGroup, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(public_links.cache, "add", away)
    assert start_by_public_link(group=group).group == group


def test_a_closed_wave_takes_nobody(group: WaveGroup) -> None:
    close_wave(wave=group.wave, by=None)
    with pytest.raises(NotOpen):
        start_by_public_link(group=group)
