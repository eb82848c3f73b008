"""One scenario as its page shows it: the finding, the charts, what it rests on, guesses and what came."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.forecast import MOST_AGREE, ForecastRow, forecast
from assessments.charts.scenario_steps import StepRow, scenario_steps
from assessments.charts.spec import WITHHELD, Chart, Look, Score, Value, absent
from assessments.dashboards.scenarios.words import problem_words
from assessments.dashboards.words import chart_words
from assessments.enums import UNDER_WAY, ScenarioState
from assessments.models import Scenario
from assessments.selectors.scenario_records import (
    Basis,
    BasisDimension,
    Came,
    Lever,
    Moved,
    Ran,
    Spread,
    basis_of,
    came_of,
    levers_of,
    ran_of,
)
from ecosystems.numerals import number, signed

NOTHING: float = 0.5
"""Points under which nothing is said to move."""


@dataclass(frozen=True)
class LeverLine:
    name: str
    move: str


@dataclass(frozen=True)
class BetLine:
    """One person's guesses in the order of the dimensions, '' where they made none."""

    who: str
    guesses: tuple[str, ...]


@dataclass(frozen=True)
class Bets:
    """Guesses by person; the last rows are what the maps say and what came, where they are known."""

    dimensions: tuple[str, ...]
    lines: tuple[BetLine, ...]
    forecast: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """A dimension, and what is to be said of it in sentences."""

    code: str
    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ScenarioPage:
    scenario: Scenario
    is_working: bool
    is_done: bool
    problem: str
    levers: tuple[LeverLine, ...]
    wave: str
    finding: str = ""
    forecast: Chart | None = None
    sub: str = ""
    steps: Chart | None = None
    settling: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    ways: tuple[Passage, ...] = ()
    matters: tuple[Passage, ...] = ()
    came: str = ""


def scenario_page(scenario: Scenario) -> ScenarioPage:
    basis, levers, ran = basis_of(scenario.basis), levers_of(scenario.levers), ran_of(scenario.result)
    came = came_of(scenario.told_outcome)
    is_done = scenario.state == ScenarioState.DONE and ran is not None
    bare = ScenarioPage(
        scenario=scenario,
        is_working=scenario.state in UNDER_WAY,
        is_done=is_done,
        problem=problem_words(scenario.problem) if scenario.state == ScenarioState.FAILED else "",
        levers=lever_lines(levers),
        wave=scenario.wave.title if scenario.wave else "",
    )
    if ran is None or not is_done:
        return bare
    watched = [dimension for dimension in basis.dimensions if ran.of(dimension.code)]
    return ScenarioPage(
        **{name: getattr(bare, name) for name in ("scenario", "is_working", "is_done", "problem", "levers", "wave")},
        finding=finding_of(basis, ran),
        forecast=forecast_chart(basis, ran, came),
        sub=_(
            "Ring: now. Diamond: scenario. Pale bar: 5 to 95 %% of %(draws)s draws from what people said of the links."
        )
        % {"draws": f"{ran.draws:,}"},
        steps=_steps_chart(basis, ran),
        settling=(drawn_words(scenario, ran), *settling_words(ran), *later_words(ran)),
        unwatched=tuple(dimension.name for dimension in basis.dimensions if not dimension.factors),
        ways=tuple(_ways(dimension, ran) for dimension in watched),
        matters=tuple(_matters(dimension, ran) for dimension in watched),
        came=came.wave if came else "",
    )


def lever_lines(levers: tuple[Lever, ...]) -> tuple[LeverLine, ...]:
    return tuple(LeverLine(lever.name, lever_words(lever)) for lever in levers)


def lever_words(lever: Lever) -> str:
    """`higher by 10 points: 48 to 58`; from the middle where nothing was measured."""
    points, target = lever.points, number(lever.target)
    if points is None:
        return _("set to %(target)s; not measured, so it starts from 50") % {"target": target}
    far, now = number(abs(points)), number(lever.now or 0.0)
    if far == "0":
        return _("held where it is, at %(now)s") % {"now": now}
    if points > 0:
        return _("higher by %(far)s: %(now)s to %(target)s") % {"far": _points(far), "now": now, "target": target}
    return _("lower by %(far)s: %(now)s to %(target)s") % {"far": _points(far), "now": now, "target": target}


def finding_of(basis: Basis, ran: Ran) -> str:
    """One sentence a person could say aloud."""
    names = {dimension.code: dimension.name for dimension in basis.dimensions}
    most = max(ran.moved, key=lambda one: abs(one.change.median), default=None)
    if most is None or abs(most.change.median) < NOTHING:
        return _("By these maps, no dimension would move by as much as a point")
    words = {"name": names[most.code]}
    if most.change.median > 0:
        if most.agree >= MOST_AGREE:
            return _("%(name)s would gain most, and the maps agree on it") % words
        return _("%(name)s would gain most, but the maps do not agree on it") % words
    if most.agree >= MOST_AGREE:
        return _("%(name)s would lose most, and the maps agree on it") % words
    return _("%(name)s would lose most, but the maps do not agree on it") % words


def forecast_chart(basis: Basis, ran: Ran, came: Came | None) -> Chart:
    rows = []
    for dimension in basis.dimensions:
        moved = ran.of(dimension.code)
        now = _now(dimension)
        then: Value = absent(_("no factor on the map"))
        if moved is not None:
            then = shifted(dimension, moved.change) or now
        outcome: Value | None = None
        if came is not None:
            outcome = _came(dimension.code, came)
        # where no draw moves it at all, there is nothing to agree on
        agree = moved.agree if moved is not None and (moved.change.low or moved.change.high) else None
        rows.append(ForecastRow(dimension.code, dimension.name, now, then, agree, outcome))
    return forecast(rows, title=finding_of(basis, ran), look=Look(words=chart_words(), salt="forecast"))


def shifted(dimension: BasisDimension, change: Spread) -> Score | None:
    """The dimension's score moved by the change of its factors, within 0–100; None where it has no score."""
    if dimension.score is None:
        return None
    low, middle, high = (min(max(dimension.score + by, 0.0), 100.0) for by in (change.low, change.median, change.high))
    return Score(middle, low, high)


def bets_of(scenario: Scenario) -> Bets:
    """Who guessed what, named; for readers who have seen the run, or will not guess."""
    basis, ran, came = basis_of(scenario.basis), ran_of(scenario.result), came_of(scenario.told_outcome)
    by_person: dict[int, tuple[str, dict[str, int]]] = {}
    for bet in scenario.bets.all():
        name = bet.by.name or bet.by.email if bet.by else _("somebody who has left")
        by_person.setdefault(bet.by_id or -bet.pk, (name, {}))[1][bet.dimension] = bet.points
    codes = [dimension.code for dimension in basis.dimensions]
    before = {dimension.code: dimension.score for dimension in basis.dimensions}

    def changed(code: str) -> str:
        now, then = before.get(code), came.scores.get(code) if came else None
        return "" if now is None or then is None else signed(then - now)

    def foreseen(code: str) -> str:
        moved = ran.of(code) if ran else None
        return signed(moved.change.median) if moved else ""

    return Bets(
        dimensions=tuple(dimension.name for dimension in basis.dimensions),
        lines=tuple(
            BetLine(name, tuple(signed(made[code]) if code in made else "" for code in codes))
            for name, made in by_person.values()
        ),
        forecast=tuple(foreseen(code) for code in codes) if ran else (),
        came=tuple(changed(code) for code in codes) if came else (),
    )


def drawn_words(scenario: Scenario, ran: Ran) -> str:
    """How often was drawn, and by which rule each map was run."""
    draws = ngettext("%(n)s draw of the weights", "%(n)s draws of the weights", ran.draws) % {"n": f"{ran.draws:,}"}
    return _("%(draws)s, each run by the rule “%(rule)s”.") % {"draws": draws, "rule": scenario.get_rule_display()}


def settling_words(ran: Ran) -> tuple[str, ...]:
    """Whether the draws came to rest, as what it is."""
    found = []
    if ran.rested == ran.draws:
        if ran.assured:
            found.append(_("Every draw comes to rest; links this weak leave no other way."))
        else:
            found.append(_("Every draw came to rest; that was seen, not certain beforehand."))
    else:
        found.append(
            _("%(rested)s of %(draws)s draws came to rest.") % {"rested": f"{ran.rested:,}", "draws": f"{ran.draws:,}"}
        )
    for period, draws in ran.cycles.items():
        found.append(
            ngettext(
                "%(n)s draw goes round in a cycle of %(period)s steps and counts with its mean.",
                "%(n)s draws go round in a cycle of %(period)s steps and count with their mean.",
                draws,
            )
            % {"n": f"{draws:,}", "period": period}
        )
    if ran.unsettled:
        found.append(
            ngettext(
                "%(n)s draw neither came to rest nor repeated itself and is left out.",
                "%(n)s draws neither came to rest nor repeated themselves and are left out.",
                ran.unsettled,
            )
            % {"n": f"{ran.unsettled:,}"}
        )
    if ran.assumed:
        found.append(_("No score, so started in the middle: %(names)s.") % {"names": ", ".join(ran.assumed)})
    return tuple(found)


def _points(far: str) -> str:
    return _("1 point") if far == "1" else _("%(far)s points") % {"far": far}


def _now(dimension: BasisDimension) -> Value:
    if dimension.withheld:
        return WITHHELD
    return absent(_("no score yet")) if dimension.score is None else Score(dimension.score)


def _came(code: str, came: Came) -> Value:
    if code in came.withheld:
        return WITHHELD
    return Score(came.scores[code]) if code in came.scores else absent(_("not measured"))


def later_words(ran: Ran) -> tuple[str, ...]:
    """That the drawn steps end before the map rests, where a reader would find two numbers for one change."""
    for moved in ran.moved:
        if moved.steps and round(moved.steps[-1].median) != round(moved.change.median):
            words = _("After the %(n)s steps drawn here the map still moves. The changes above are those at its end.")
            return (words % {"n": len(moved.steps) - 1},)
    return ()


def _steps_chart(basis: Basis, ran: Ran) -> Chart:
    rows = []
    for dimension in basis.dimensions:
        moved = ran.of(dimension.code)
        if moved is None:
            rows.append(StepRow(dimension.code, dimension.name, absent(_("no factor on the map"))))
        else:
            steps = tuple(Score(step.median, step.low, step.high) for step in moved.steps[1:])
            rows.append(StepRow(dimension.code, dimension.name, steps))
    return scenario_steps(rows, title=_("How the change spreads, step by step"), look=Look(words=chart_words()))


def _ways(dimension: BasisDimension, ran: Ran) -> Passage:
    moved = ran.of(dimension.code)
    assert moved is not None
    said = []
    for way in moved.ways:
        names = " → ".join(way.factors)
        if way.strength > 0:
            said.append(_("%(way)s: same direction") % {"way": names})
        else:
            said.append(_("%(way)s: opposite direction") % {"way": names})
    if not said:
        said.append(_("No way leads here from the levers, or a lever is itself part of it."))
    if not moved.ways_complete:
        said.append(_("The map has too many ways to look at them all; these are the strongest found."))
    return Passage(dimension.code, dimension.name, tuple(said))


def _matters(dimension: BasisDimension, ran: Ran) -> Passage:
    moved = ran.of(dimension.code)
    assert moved is not None
    said = [_carries(moved)] if not ran.too_large_for_links else []
    doubted = moved.doubted
    if doubted is not None and doubted.doubt:
        said.append(
            _("Most of the doubt comes from %(link)s: people see it differently.")
            % {"link": f"{doubted.source} → {doubted.target}"}
        )
    if ran.too_large_for_links:
        said.append(_("The map is too large to try it without each of its links."))
    return Passage(dimension.code, dimension.name, tuple(said))


def _carries(moved: Moved) -> str:
    link = moved.matters
    if link is None or link.without is None or abs(link.without) < NOTHING / 5:
        return _("No single link changes the result.")
    return _("Most rests on %(link)s: without it, %(points)s points.") % {
        "link": f"{link.source} → {link.target}",
        "points": signed(link.without, 1),
    }
