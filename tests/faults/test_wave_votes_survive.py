"""Votes of a closed wave: a killed worker leaves none of them, and one that was away for long counts each once."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from assessments.models import FeedbackSummary, Wave, WaveMap
from assessments.services.wave_link_votes import origin_of
from assessments.services.waves import close_wave
from assessments.tasks import sweep_stale_scores, sweep_stale_summaries
from ecosystems.models import Ecosystem, LinkVote, MapVersion
from ecosystems.selectors.causal_maps import map_of
from metasystem.processes import wait_until
from tests.at_once import somebody_waits
from tests.factories.link_votes import ask_about, say
from tests.factories.maps import MapMaker
from tests.faults.conftest import WorkerMaker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE = 40


def make_asking_wave(ecosystem: Ecosystem) -> Wave:
    """An open wave with forty answers about two links."""
    maker = MapMaker(ecosystem)
    trust, speed, quality = (maker.factor(name) for name in ("Trust", "Speed", "Quality"))
    wave = ask_about(ecosystem, (trust, speed), (speed, quality))
    say(wave, *[(2, -1)] * PEOPLE)
    return wave


def is_done(wave: Wave) -> bool:
    return WaveMap.objects.filter(wave=wave, drawn__isnull=True, version__isnull=False).exists()


def on_links(wave: Wave) -> list[int]:
    found = LinkVote.objects.filter(origin=origin_of(wave)).order_by("effect")
    return list(found.values_list("effect", flat=True))


def test_a_worker_killed_in_the_middle_leaves_no_vote_and_the_next_counts_each_once(
    ecosystem: Ecosystem, workers: WorkerMaker
) -> None:
    wave = make_asking_wave(ecosystem)
    before = map_of(ecosystem)
    close_wave(wave=wave, by=None)
    with transaction.atomic():
        with connection.cursor() as cursor:  # votes can be written, and the map with them cannot be kept
            cursor.execute("LOCK TABLE ecosystems_mapversion IN EXCLUSIVE MODE")
        first = workers()
        assert wait_until(somebody_waits, seconds=60), first.output()
        first.kill()
    assert not LinkVote.objects.exists()
    assert not MapVersion.objects.exists()
    assert map_of(ecosystem) == before
    leases = Wave.objects.filter(pk=wave.pk, scores_lease_until__gt=timezone.now())
    # the lease of the dead runs out
    assert leases.update(scores_lease_until=timezone.now() - timedelta(seconds=1)) == 1
    second = workers()
    sweep_stale_scores.delay()
    assert wait_until(lambda: is_done(wave), seconds=60), second.output()
    assert on_links(wave) == [-1] * PEOPLE + [2] * PEOPLE
    assert MapVersion.objects.count() == 1
    assert "Traceback" not in second.output()


def test_a_worker_that_was_away_counts_each_vote_once(ecosystem: Ecosystem, workers: WorkerMaker) -> None:
    wave = make_asking_wave(ecosystem)
    close_wave(wave=wave, by=None)
    with redis.Redis.from_url(settings.REDIS_URL) as client:  # as after a restart: it keeps nothing
        client.delete("default", "unacked", "unacked_index")
    MapMaker(ecosystem).factor("Later")
    running = [workers(), workers()]
    for _turn in range(5):
        sweep_stale_scores.delay()
    assert wait_until(lambda: is_done(wave) and not Wave.objects.get(pk=wave.pk).is_stale, seconds=60), running[
        0
    ].output()
    assert on_links(wave) == [-1] * PEOPLE + [2] * PEOPLE
    kept = WaveMap.objects.get(wave=wave).version
    assert kept is not None
    assert (kept.number, sorted(one["name"] for one in kept.content["factors"])) == (1, ["Quality", "Speed", "Trust"])
    assert [one["n"] for one in kept.content["voted"]] == [PEOPLE, PEOPLE]
    sweep_stale_summaries.delay()
    assert wait_until(lambda: FeedbackSummary.objects.filter(wave=wave).exists(), seconds=60), running[1].output()
    assert "Traceback" not in running[0].output() + running[1].output()
