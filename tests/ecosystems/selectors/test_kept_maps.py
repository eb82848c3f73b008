"""The map as it stood when a wave closed, told from the version kept then."""

from datetime import timedelta

import pytest

from assessments.services.maps import edits
from assessments.services.maps.versions import keep_version
from assessments.services.wave_maps import count_votes
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem, LinkVote, MapVersion, User
from ecosystems.selectors.causal_maps import map_of
from ecosystems.selectors.kept_maps import map_at, state_of
from tests.factories.assessments import make_open_wave
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


def test_the_map_of_a_wave_is_the_one_kept_when_it_closed(maker: MapMaker, ecosystem: Ecosystem) -> None:
    trust, speed, waste = maker.factor("Trust", "BEL"), maker.factor("Speed"), maker.factor("Waste")
    maker.link(trust, speed, -1, 1, 2)
    maker.link(speed, waste)
    maker.link(speed, waste, -1)  # two opinions that cancel out
    for effect, delay in ((3, 1), (2, 1), (2, 1), (1, 2), (-1, None), (3, 1)):
        LinkVote.objects.create(
            ecosystem=ecosystem, source_id=waste, target_id=trust, effect=effect, delay=delay, origin="workshop:1"
        )
    before = state_of(map_of(ecosystem))
    wave = close_wave(wave=make_open_wave(ecosystem), by=None)
    maker.do(edits.change_factor, factor=trust, name="Confidence")
    maker.do(edits.remove_factor, factor=waste)
    count_votes(wave_id=wave.pk)
    assert wave.closed_at is not None
    then = map_at(ecosystem, wave.closed_at)
    assert then is not None
    assert (then.version, then.factors, then.graph, then.names) == (1, before.factors, before.graph, before.names)
    assert [(link.pair, link.sign) for link in then.graph.links] == [
        ((str(trust), str(speed)), -1),
        ((str(waste), str(trust)), 1),
    ]


def test_without_a_version_of_then_there_is_none(maker: MapMaker, ecosystem: Ecosystem) -> None:
    maker.factor("Trust")
    first = maker.do(edits.add_factor, name="Speed")
    assert map_at(ecosystem, first.made_at) is None
    keep_version(ecosystem=ecosystem, by=None, name="Spring")
    found = map_at(ecosystem, first.made_at)
    assert found is not None
    assert [one.name for one in found.factors] == ["Speed", "Trust"]
    assert map_at(ecosystem, first.made_at - timedelta(days=1)) is None
    version = MapVersion.objects.get()
    version.content.pop("held")
    version.save()
    assert map_at(ecosystem, first.made_at) is None
