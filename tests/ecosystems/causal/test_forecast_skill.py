import pytest

from ecosystems.causal.forecast_skill import Forecast, ForecastSkill, forecast_skill


def test_worked_by_hand():
    found = forecast_skill(
        [
            Forecast(expected=56, before=48, outcome=54, low=50, high=62),
            Forecast(expected=60, before=58, outcome=55, low=57, high=63),
            Forecast(expected=70, before=66, outcome=66),
        ]
    )
    assert found == ForecastSkill(
        n=3,
        mean_absolute_error=pytest.approx(11 / 3),
        no_change_error=3.0,
        bias=pytest.approx(11 / 3),
        skill=pytest.approx(1 - 11 / 9),
        covered=1,
        banded=2,
        same_direction=1,
        moved=2,
    )


def test_perfect_and_no_better_than_no_change():
    perfect = forecast_skill([Forecast(60, 50, 60), Forecast(41, 50, 41)])
    assert perfect is not None
    assert (perfect.skill, perfect.mean_absolute_error, perfect.same_direction) == (1, 0, 2)
    still = forecast_skill([Forecast(50, 50, 60), Forecast(50, 50, 41)])
    assert still is not None
    assert (still.skill, still.same_direction) == (0, 0)


def test_nothing_changed():
    found = forecast_skill([Forecast(55, 50, 50)])
    assert found is not None
    assert (found.skill, found.no_change_error, found.moved) == (None, 0, 0)


def test_no_forecast():
    assert forecast_skill([]) is None


@pytest.mark.parametrize(
    ("options", "message"),
    [({"low": 1.0}, "two ends"), ({"low": 2.0, "high": 1.0}, "backwards"), ({"outcome": float("nan")}, "finite")],
)
def test_bad_forecasts(options: dict[str, float], message: str):
    with pytest.raises(ValueError, match=message):
        Forecast(**({"expected": 50.0, "before": 50.0, "outcome": 50.0} | options))
