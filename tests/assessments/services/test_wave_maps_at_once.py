"""Votes of a closed wave are counted while somebody counts them too, opens the wave again or deletes it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from assessments.models import Wave, WaveMap
from assessments.services.wave_maps import count_votes
from assessments.services.waves import close_wave, delete_wave, reopen_wave, today
from ecosystems.models import CausalMap, Ecosystem, LinkVote, MapVersion, User
from ecosystems.services.map_writing import locked_map
from metasystem.processes import wait_until
from tests.at_once import at_once, somebody_waits
from tests.factories.link_votes import ask_about, say
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    """Closed, with five votes to count."""
    maker = MapMaker(ecosystem)
    made = ask_about(ecosystem, (maker.factor("Trust"), maker.factor("Speed")))
    say(made, *[(2,)] * 5)
    return close_wave(wave=made, by=None)


def while_counting(wave: Wave, act: Callable[[], object]) -> list[object]:
    """What came of both: one holds the wave until the worker has written all votes and wants it, and goes on."""
    holds = Event()

    def meanwhile() -> object:
        with transaction.atomic():
            Wave.objects.select_for_update().get(pk=wave.pk)
            holds.set()
            assert wait_until(somebody_waits, seconds=60)
            return act()

    def work() -> bool:
        holds.wait(60)
        return count_votes(wave_id=wave.pk)

    return at_once(meanwhile, work)


def test_two_workers_count_once(wave: Wave) -> None:
    assert while_counting(wave, lambda: count_votes(wave_id=wave.pk)) == [True, False]
    assert (LinkVote.objects.count(), MapVersion.objects.count()) == (5, 1)


def test_what_was_said_until_the_second_closing_counts_and_once(wave: Wave) -> None:
    def one_more() -> None:
        say(reopen_wave(wave=wave, by=None, closes_on=today() + timedelta(days=7)), (-1,))
        close_wave(wave=wave, by=None)

    assert while_counting(wave, one_more) == [None, False]
    assert not LinkVote.objects.exists()
    assert count_votes(wave_id=wave.pk)
    assert sorted(LinkVote.objects.values_list("effect", flat=True)) == [-1, 2, 2, 2, 2, 2]


def test_a_wave_that_is_open_again_has_no_votes(wave: Wave) -> None:
    def open_again() -> None:
        reopen_wave(wave=wave, by=None, closes_on=today() + timedelta(days=7))

    assert while_counting(wave, open_again) == [None, False]
    assert not LinkVote.objects.exists()
    assert not WaveMap.objects.exists()


def test_a_deleted_wave_leaves_none(wave: Wave, admin: User) -> None:
    assert while_counting(wave, lambda: delete_wave(wave=wave, by=admin, typed=wave.title)) == [None, False]
    assert not LinkVote.objects.exists()


def test_while_votes_are_written_the_wave_and_the_map_can_be_changed(wave: Wave, ecosystem: Ecosystem) -> None:
    def others_go_on() -> None:
        with transaction.atomic():
            Wave.objects.select_for_update(nowait=True).get(pk=wave.pk)
            CausalMap.objects.select_for_update(nowait=True).get(ecosystem=ecosystem)
        MapMaker(ecosystem).factor("Quality")

    holds, counted = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE ecosystems_linkvote IN SHARE MODE")
            holds.set()
            assert wait_until(somebody_waits, seconds=60)
            others_go_on()
        counted.wait(60)

    def work() -> bool:
        holds.wait(60)
        found = count_votes(wave_id=wave.pk)
        counted.set()
        return found

    assert at_once(hold, work) == [None, True]
    assert LinkVote.objects.count() == 5
    kept = WaveMap.objects.get().version
    assert kept is not None
    assert sorted(one["name"] for one in kept.content["factors"]) == ["Speed", "Trust"]


def test_a_wave_is_opened_again_while_somebody_edits_the_map(ecosystem: Ecosystem) -> None:
    maker, holds = MapMaker(ecosystem), Event()
    made = ask_about(ecosystem, (maker.factor("Trust"), maker.factor("Speed")))
    say(made, (2,), (2,))  # too few to stand on the map
    wave = close_wave(wave=made, by=None)
    assert count_votes(wave_id=wave.pk)

    def edit() -> None:
        with transaction.atomic():
            locked_map(ecosystem=ecosystem)
            holds.set()
            assert wait_until(somebody_waits, seconds=60)
            maker.factor("Quality")

    def open_again() -> None:
        holds.wait(60)
        reopen_wave(wave=wave, by=None, closes_on=today() + timedelta(days=7))

    assert at_once(edit, open_again) == [None, None]
    assert not LinkVote.objects.exists()
