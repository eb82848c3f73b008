"""Recomputing a wave: claimed once, saved whole or not at all, and nothing withheld in what is kept."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import CANT_SAY, GroupKind, WaveState
from assessments.models import Assessment, Response, Score, Wave, WaveGroup, WaveResult
from assessments.services import rescore as module
from assessments.services.rescore import rescore
from assessments.services.scores import forget_scores, mark_stale, stale_waves
from ecosystems.models import Ecosystem
from tests.factories.instruments import make_instrument

pytestmark = pytest.mark.django_db
ITEMS = 5
STALE = {"scores_version": 1}


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    """A closed wave of two groups that nobody has answered."""
    version = make_instrument(ecosystem.organization)
    assessment = Assessment.objects.create(ecosystem=ecosystem, instrument=version.instrument, name="Small")
    made = Wave.objects.create(
        assessment=assessment,
        number=1,
        title="Spring",
        version=version,
        state=WaveState.CLOSED,
        is_imported=True,
        **STALE,
    )
    for place, key in enumerate(("customers", "partners")):
        WaveGroup.objects.create(
            wave=made, position=place, key=key, label=key, kind=GroupKind.STAKEHOLDER, audience="leaders", form=""
        )
    return made


def say(wave: Wave, group: str, *answers: int | list[int | None] | None) -> None:
    """One response each: the same answer to every item, or one answer an item."""
    of = wave.groups.get(key=group)
    Response.objects.bulk_create(
        Response(wave=wave, group=of, values=one if isinstance(one, list) else [one] * ITEMS) for one in answers
    )


def now(wave: Wave) -> Wave:
    return Wave.objects.get(pk=wave.pk)


def again(wave: Wave) -> dict:
    mark_stale(wave=wave)
    assert rescore(wave_id=wave.pk)
    return WaveResult.objects.get(wave=wave).results


def overall(results: dict, code: str = "INN") -> dict:
    return next(row["overall"] for row in results["dimensions"] if row["code"] == code)


def test_a_wave_is_recomputed_once_for_a_mark(wave: Wave) -> None:
    say(wave, "customers", 1, 2, 3, 4, 5)
    assert rescore(wave_id=wave.pk)
    assert not rescore(wave_id=wave.pk)
    assert (now(wave).scores_done_version, now(wave).scores_lease_until) == (1, None)
    assert WaveResult.objects.get(wave=wave).scores_version == 1
    assert overall(WaveResult.objects.get(wave=wave).results)["value"] == 50.0


def test_a_wave_that_somebody_works_on_is_left_alone_until_the_lease_is_over(wave: Wave) -> None:
    Wave.objects.filter(pk=wave.pk).update(scores_lease_until=timezone.now() + timedelta(minutes=1))
    assert not rescore(wave_id=wave.pk)
    assert list(stale_waves()) == []
    Wave.objects.filter(pk=wave.pk).update(scores_lease_until=timezone.now() - timedelta(seconds=1))
    assert list(stale_waves()) == [wave]
    assert rescore(wave_id=wave.pk)


def test_a_lease_that_ran_out_meanwhile_is_not_taken_from_whoever_has_it_now(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = timezone.now() + timedelta(hours=1)
    original = module.results_of

    def taken_over(*, wave: Wave):
        Wave.objects.filter(pk=wave.pk).update(scores_lease_until=other)
        return original(wave=wave)

    monkeypatch.setattr(module, "results_of", taken_over)
    assert rescore(wave_id=wave.pk)
    assert now(wave).scores_lease_until == other


def test_the_same_answers_give_the_same_numbers_whatever_their_keys(wave: Wave) -> None:
    say(wave, "customers", *([1, 2, 3, 4, 5, CANT_SAY, None] * 3))
    first = again(wave)
    answers = [(one.group_id, one.values) for one in Response.objects.filter(wave=wave)]
    Response.objects.filter(wave=wave).delete()
    Response.objects.bulk_create(Response(wave=wave, group_id=group, values=values) for group, values in answers)
    assert again(wave) == first


def test_a_failure_leaves_the_wave_stale_and_its_numbers_as_they_were(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(wave, "customers", 3, 3, 3, 3, 3)
    before = again(wave)
    rows = list(Score.objects.order_by("pk").values_list("pk", flat=True))
    mark_stale(wave=wave)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(module, "insert", broken)
    with pytest.raises(RuntimeError, match=r"^broken$"):
        rescore(wave_id=wave.pk)
    assert WaveResult.objects.get(wave=wave).results == before
    assert list(Score.objects.order_by("pk").values_list("pk", flat=True)) == rows
    assert list(stale_waves()) == [wave]


def test_answers_that_arrive_meanwhile_leave_the_wave_stale(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    original, woken = module.results_of, []

    def slow(*, wave: Wave):
        found = original(wave=wave)
        mark_stale(wave=wave)
        return found

    monkeypatch.setattr(module, "results_of", slow)
    monkeypatch.setattr(module, "wake_rescore", woken.append)
    assert rescore(wave_id=wave.pk)
    assert (now(wave).scores_done_version, now(wave).scores_version) == (1, 2)
    assert woken == [wave.pk]


@pytest.mark.parametrize("change", ["closed", "deleted"])
def test_a_wave_that_changed_its_state_meanwhile_is_not_saved(
    wave: Wave, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.OPEN)
    original = module.results_of

    def changed(*, wave: Wave):
        found = original(wave=wave)
        if change == "deleted":
            Wave.objects.filter(pk=wave.pk).delete()
        else:
            Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED)
        return found

    monkeypatch.setattr(module, "results_of", changed)
    monkeypatch.setattr(module, "wake_rescore", lambda pk: None)
    assert not rescore(wave_id=wave.pk)
    assert not WaveResult.objects.exists()
    assert stale_waves().count() == (0 if change == "deleted" else 1)


def test_a_wave_that_does_not_exist_is_no_work() -> None:
    assert not rescore(wave_id=10**9)


def test_a_group_below_the_minimum_is_nowhere_in_what_is_kept(wave: Wave) -> None:
    say(wave, "customers", 1, 1, 1, 1, 1)
    say(wave, "partners", 5, 5, 5, 5)
    results = again(wave)
    assert results["n"] == 5
    group = next(one for one in results["groups"] if one["key"] == "partners")
    assert group["withheld"] is True
    assert group["n"] is None
    for row in (*results["dimensions"], *results["facets"]):
        assert row["groups"]["partners"] == {"withheld": True}
        assert row["overall"]["value"] == 0.0
    kept = Score.objects.filter(wave=wave, group_key="partners")
    assert set(kept.values_list("withheld", "value", "n", "low", "high", "sd", "agreement", "coverage")) == {
        (True, None, None, None, None, None, None, None)
    }
    assert "100.0" not in json.dumps({key: results[key] for key in ("dimensions", "facets", "items", "index")})


def test_score_rows_hold_what_the_results_hold(wave: Wave) -> None:
    say(wave, "customers", *range(1, 6))
    say(wave, "partners", *range(1, 6))
    results = again(wave)
    row = Score.objects.get(wave=wave, level="dimension", code="INN", group_key="customers")
    cell = next(one for one in results["dimensions"] if one["code"] == "INN")["groups"]["customers"]
    assert (row.value, row.n, row.low, row.high, row.sd) == tuple(
        cell[key] for key in ("value", "n", "low", "high", "sd")
    )
    assert Score.objects.get(wave=wave, level="index").n == 10
    assert set(Score.objects.filter(level="item").values_list("code", flat=True)) == {"A1", "A2", "B1", "C1", "D1"}


@pytest.mark.parametrize(
    "answers",
    [[], [3], [3, 4], [4] * 6, [None] * 6, [CANT_SAY] * 6, [[1, None, None, None, None]] * 6],
    ids=["nobody", "one", "two", "all equal", "all blank", "all can't say", "one item only"],
)
def test_a_wave_with_little_in_it_has_reasons_instead_of_numbers(wave: Wave, answers: list) -> None:
    say(wave, "customers", *answers)
    results = again(wave)
    assert results["index"].get("value") == (75.0 if answers == [4] * 6 else None)
    assert answers == [4] * 6 or results["index"]["reason"]
    assert results["notes"]
    assert Score.objects.filter(wave=wave, level="index").count() == 1


class TestWhileOpen:
    @pytest.fixture
    def wave(self, wave: Wave) -> Wave:
        Wave.objects.filter(pk=wave.pk).update(state=WaveState.OPEN)
        return now(wave)

    def test_only_index_and_dimensions_are_kept(self, wave: Wave) -> None:
        say(wave, "customers", *range(1, 6))
        results = again(wave)
        assert results["live"] is True
        assert overall(results)["value"] == 50.0
        assert "items" not in results
        assert {tuple(row["overall"].items()) for row in results["facets"]} == {(("reason", "after_closing"),)}

    def test_nothing_is_kept_where_the_wave_shows_nothing_yet(self, wave: Wave) -> None:
        say(wave, "customers", *range(1, 6))
        again(wave)
        Wave.objects.filter(pk=wave.pk).update(live_results=False)
        mark_stale(wave=wave)
        assert rescore(wave_id=wave.pk)
        assert not WaveResult.objects.exists()
        assert not Score.objects.exists()
        assert list(stale_waves()) == []

    def test_what_is_shown_grows_by_at_least_the_minimum(self, wave: Wave) -> None:
        say(wave, "customers", *([1] * 5))
        assert overall(again(wave))["n"] == 5
        assert now(wave).results_shown
        say(wave, "customers", *([5] * 4))
        waiting = again(wave)
        assert (overall(waiting)["n"], overall(waiting)["value"]) == (5, 0.0)
        assert next(one for one in waiting["groups"] if one["key"] == "customers")["waiting"] == 4
        assert Response.objects.filter(released=True).count() == 5
        say(wave, "customers", 5)
        joined = again(wave)
        assert (overall(joined)["n"], overall(joined)["value"]) == (10, 50.0)
        assert Response.objects.filter(released=True).count() == 10

    def test_after_closing_the_few_that_came_last_stay_out(self, wave: Wave) -> None:
        say(wave, "customers", *([1] * 5))
        again(wave)
        say(wave, "customers", *([5] * 4))
        Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED)
        closed = again(wave)
        assert (overall(closed)["n"], overall(closed)["value"]) == (5, 0.0)
        assert next(one for one in closed["groups"] if one["key"] == "customers")["waiting"] == 4
        assert "live" not in closed or closed["live"] is False

    def test_after_closing_all_count_where_nothing_was_shown_before(self, wave: Wave) -> None:
        say(wave, "customers", *([1] * 5), *([5] * 4))
        Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED)
        assert overall(again(wave))["n"] == 9

    def test_forgetting_starts_again(self, wave: Wave) -> None:
        say(wave, "customers", *range(1, 6))
        again(wave)
        forget_scores(wave=wave)
        assert not Response.objects.filter(released=True).exists()
        assert not WaveResult.objects.exists()
        assert list(stale_waves()) == [wave]
