"""What a worker does for a wave that was closed: votes on links onto the map, and the map of its close kept."""

from datetime import timedelta

import pytest
from django.db import connection

from assessments.models import FeedbackSummary, Response, Wave, WaveMap, WaveResult
from assessments.scoring.feedback import Feedback
from assessments.services import wave_link_votes, wave_maps
from assessments.services.maps import edits
from assessments.services.maps.versions import keep_if_changed, keep_version
from assessments.services.rescore import rescore
from assessments.services.scores import mark_stale
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from assessments.services.wave_link_votes import are_shown, origin_of
from assessments.services.wave_maps import count_votes
from assessments.services.waves import close_wave, reopen_wave, today
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, LinkVote, MapEdit, MapVersion, User
from ecosystems.selectors.causal_maps import map_of
from ecosystems.selectors.map_versions import content_of
from tests.factories.assessments import make_assessment, make_open_wave
from tests.factories.link_votes import ask_about, say
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave
from tests.factories.scenarios import SMALL

pytestmark = pytest.mark.django_db
FIVE = ((3,), (2,), (2,), (1,), (-1,))


@pytest.fixture
def maker(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


@pytest.fixture
def link(maker: MapMaker) -> tuple[int, int]:
    """Trust → speed, drawn as lowering it; its voters see it raised."""
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    maker.link(trust, speed, -1)
    return trust, speed


@pytest.fixture
def wave(ecosystem: Ecosystem, link: tuple[int, int]) -> Wave:
    """Open, with five answers about one link."""
    made = ask_about(ecosystem, link)
    say(made, *FIVE)
    return made


def effects(wave: Wave) -> list[int]:
    return sorted(LinkVote.objects.filter(origin=origin_of(wave)).values_list("effect", flat=True))


def test_votes_wait_for_the_worker_that_scores_the_wave_and_the_map_is_kept_with_them(
    wave: Wave, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    before = content_of(ecosystem)
    closed = close_wave(wave=wave, by=maker.by)
    assert (effects(wave), are_shown(closed), content_of(ecosystem)) == ([], False, before)
    assert not MapVersion.objects.exists()
    assert Wave.objects.get(pk=wave.pk).is_stale
    assert rescore(wave_id=wave.pk)
    assert (effects(wave), are_shown(closed)) == ([-1, 1, 2, 2, 3], True)
    kept = WaveMap.objects.get()
    version = MapVersion.objects.get()
    assert (kept.wave, kept.drawn, kept.version) == (wave, None, version)
    assert (version.name, version.note, version.by) == (wave.title, "Kept when the wave was closed.", maker.by)
    assert (version.content, version.revision) == (content_of(ecosystem), map_of(ecosystem).revision)
    assert [one["effect"] for one in version.content["voted"]] == [0.467]
    assert keep_if_changed(ecosystem=ecosystem, by=None) is None


def test_twice_is_the_same_as_once(wave: Wave, ecosystem: Ecosystem) -> None:
    close_wave(wave=wave, by=None)
    assert count_votes(wave_id=wave.pk)
    votes, revision = set(LinkVote.objects.values_list("key", flat=True)), map_of(ecosystem).revision
    assert not count_votes(wave_id=wave.pk)
    assert rescore(wave_id=wave.pk)
    assert set(LinkVote.objects.values_list("key", flat=True)) == votes
    assert map_of(ecosystem).revision == revision
    assert MapVersion.objects.count() == 1


def test_an_open_wave_has_nothing_to_count(wave: Wave) -> None:
    mark_stale(wave=wave)
    assert rescore(wave_id=wave.pk)
    assert not count_votes(wave_id=wave.pk)
    assert (effects(wave), WaveMap.objects.count()) == ([], 0)


def test_the_map_is_kept_as_it_was_drawn_at_the_close_however_long_the_worker_was_away(
    wave: Wave, link: tuple[int, int], ecosystem: Ecosystem, maker: MapMaker
) -> None:
    trust, speed = link
    revision = map_of(ecosystem).revision
    close_wave(wave=wave, by=None)
    maker.do(edits.change_factor, factor=speed, name="Pace", facet="", indicator="")
    maker.do(edits.remove_factor, factor=trust)
    keep_version(ecosystem=ecosystem, by=None, name="Meanwhile")
    assert count_votes(wave_id=wave.pk)
    version = WaveMap.objects.get().version
    assert version is not None
    assert (version.number, version.revision) == (2, revision)
    assert [one["name"] for one in version.content["factors"]] == ["Trust", "Speed"]
    assert [(one["source"], one["target"], one["sign"]) for one in version.content["held"]] == [(trust, speed, 1)]
    assert [one["n"] for one in version.content["voted"]] == [5]
    now = map_of(ecosystem)
    assert (list(now.names.values()), now.links) == (["Pace"], ())
    assert len(effects(wave)) == 5


def test_each_of_two_waves_that_closed_together_has_its_own_votes(
    wave: Wave, link: tuple[int, int], ecosystem: Ecosystem
) -> None:
    other = ask_about(ecosystem, link)
    say(other, *[(-3,)] * 6)
    close_wave(wave=wave, by=None)
    close_wave(wave=other, by=None)
    for one in (wave, other):
        assert count_votes(wave_id=one.pk)
    told = [[vote["n"] for vote in version.content["voted"]] for version in MapVersion.objects.order_by("number")]
    assert told == [[5], [11]]
    assert WaveMap.objects.get(wave=other).version == MapVersion.objects.get(revision=map_of(ecosystem).revision)


def test_a_wave_that_is_opened_again_before_its_votes_are_counted_gives_all_of_them_at_the_end(
    wave: Wave, link: tuple[int, int], ecosystem: Ecosystem, maker: MapMaker
) -> None:
    close_wave(wave=wave, by=None)
    again = reopen_wave(wave=wave, by=None, closes_on=today() + timedelta(days=7))
    assert not WaveMap.objects.exists()
    assert not count_votes(wave_id=wave.pk)
    say(again, (3,))
    maker.factor("Quality")
    close_wave(wave=again, by=None)
    assert rescore(wave_id=wave.pk)
    assert effects(wave) == [-1, 1, 2, 2, 3, 3]
    assert [len(version.content["factors"]) for version in MapVersion.objects.all()] == [3]


def test_nothing_stands_on_the_map_after_a_failure_and_the_wave_is_taken_up_again(
    wave: Wave, ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = map_of(ecosystem)
    close_wave(wave=wave, by=None)
    with monkeypatch.context() as broken:
        broken.setattr(wave_maps, "note_votes", None)
        with pytest.raises(TypeError):
            rescore(wave_id=wave.pk)
    assert (effects(wave), map_of(ecosystem)) == ([], before)
    assert not WaveResult.objects.filter(wave=wave).exists()
    assert Wave.objects.get(pk=wave.pk).is_stale
    assert rescore(wave_id=wave.pk)
    assert len(effects(wave)) == 5


def test_a_large_wave_is_counted_by_handfuls_and_each_vote_once(
    ecosystem: Ecosystem, maker: MapMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wave_link_votes, "HANDFUL", 4)
    first, second, third = (maker.factor(name) for name in ("First", "Second", "Third"))
    wave = ask_about(ecosystem, (first, second), (second, third))
    say(wave, *[(effect, other) for effect in range(-3, 4) for other in (-2, 2, None)])
    close_wave(wave=wave, by=None)
    assert count_votes(wave_id=wave.pk)
    votes = LinkVote.objects.filter(origin=origin_of(wave))
    on_first = votes.filter(source=first).values_list("effect", flat=True)
    assert sorted(on_first) == [effect for effect in range(-3, 4) for _other in range(3)]
    assert sorted(votes.filter(source=second).values_list("effect", flat=True)) == [-2] * 7 + [2] * 7
    assert votes.values("voice").distinct().count() == 21


def test_the_order_of_votes_tells_nothing_of_the_order_of_responses(
    ecosystem: Ecosystem, link: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty people in handfuls of one, each told by effect and delay as far as it goes."""
    monkeypatch.setattr(wave_link_votes, "HANDFUL", 1)
    wave = ask_about(ecosystem, link)
    say(wave, *[(number % 7 - 3,) for number in range(40)])
    close_wave(wave=wave, by=None)
    assert count_votes(wave_id=wave.pk)
    stored = [values[0] for values in Response.objects.order_by("key").values_list("link_values", flat=True) if values]
    with connection.cursor() as cursor:
        cursor.execute("SELECT effect FROM ecosystems_linkvote ORDER BY ctid")
        laid = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT (link_values)[1] FROM assessments_response ORDER BY ctid")
        lain = [row[0] for row in cursor.fetchall()]
    assert sorted(laid) == sorted(stored)
    assert laid not in (stored, lain)


def test_a_map_on_which_nothing_was_voted_is_kept_once(ecosystem: Ecosystem, maker: MapMaker) -> None:
    maker.factor("Trust")
    first = make_open_wave(ecosystem)
    for wave in (first, make_open_wave(first.assessment)):
        close_wave(wave=wave, by=None)
        assert count_votes(wave_id=wave.pk)
    version = MapVersion.objects.get()
    assert list(WaveMap.objects.values_list("version", flat=True)) == [version.pk, version.pk]
    assert not MapEdit.objects.filter(kind=MapEditKind.VOTES).exists()


def test_where_nobody_has_begun_a_map_nothing_is_kept(ecosystem: Ecosystem) -> None:
    wave = close_wave(wave=make_open_wave(ecosystem), by=None)
    assert not count_votes(wave_id=wave.pk)
    assert not MapVersion.objects.exists()


def test_a_wave_is_summed_up_once_its_votes_are_counted_and_later_on_the_map_of_its_close(
    ecosystem: Ecosystem, maker: MapMaker
) -> None:
    trust, speed = maker.factor("Trust", "ADA"), maker.factor("Speed", "INN")
    maker.link(speed, trust)
    first = make_scored_wave(make_assessment(ecosystem), answers=SMALL)
    Wave.objects.filter(pk=first.pk).update(state="open", closed_at=None, map_links=[[trust, speed, "Trust", "Speed"]])
    say(first, *FIVE)
    close_wave(wave=first, by=None)
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    assert summarise(ecosystem_id=ecosystem.pk)
    assert not FeedbackSummary.objects.exists()  # it has numbers of the time before, and no votes yet
    assert rescore(wave_id=first.pk)
    assert summarise(ecosystem_id=ecosystem.pk)
    assert loops_of(first) == (0, [{str(trust), str(speed)}])
    maker.do(edits.remove_factor, factor=speed)
    make_scored_wave(first.assessment, answers=SMALL)
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    assert summarise(ecosystem_id=ecosystem.pk)
    assert loops_of(first) == (1, [{str(trust), str(speed)}])


def loops_of(wave: Wave) -> tuple[int, list[set[str]]]:
    """The version of the map on which its loops were found, and their members."""
    feedback = Feedback.from_json(FeedbackSummary.objects.get(wave=wave).results)
    return feedback.map_version, [set(loop.members) for loop in feedback.loops]
