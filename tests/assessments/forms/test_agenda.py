"""The forms of agenda steps: what is typed becomes a plan, and a changed list finds what it was before."""

from typing import Any

import pytest

from assessments.enums import ActivityKind
from assessments.forms.agenda import StepForm
from assessments.forms.agenda_kinds import FORMS, KIND_HINTS
from assessments.models import Activity, Workshop
from assessments.models.activity_plans import (
    BetPlan,
    CommitPlan,
    DotsPlan,
    IdeasPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    RankingPlan,
    RatePlan,
    TalkPlan,
)
from ecosystems.forms.fields import choice_field
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_wave
from tests.factories.maps import MapMaker
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db
WORDS = {"title": "Step", "minutes": "8", "place": "1"}
RATE: dict[str, Any] = {"scale": "1-10", "reasons": "on"}


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, state="draft")


def form(workshop: Workshop, kind: str, activity: Activity | None = None, **typed: Any) -> StepForm:
    steps = workshop.activities.count()
    place = {"place": str(activity.position + 1 if activity else steps + 1)}
    return FORMS[ActivityKind(kind)]({**WORDS, **place, **typed}, workshop=workshop, steps=steps, activity=activity)


def plan(given: StepForm) -> Any:
    assert given.is_valid(), given.errors
    return given.plan


def test_every_kind_has_a_form_and_a_word_about_it() -> None:
    assert set(FORMS) == set(KIND_HINTS) == set(ActivityKind)


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("talk", {}, TalkPlan()),
        ("talk", {"promises": "on"}, TalkPlan(promises=True)),
        ("ideas", {"per_person": "4"}, IdeasPlan(4)),
        ("check", {"per_person": "1"}, IdeasPlan(1)),
        ("commit", {}, CommitPlan()),
        (
            "ranking",
            {"options": "Tea\n\n  Coffee  now "},
            RankingPlan((Option("o1", "Tea"), Option("o2", "Coffee now"))),
        ),
        (
            "dots",
            {"options": "Tea\nCoffee", "dots": "4", "most": "2"},
            DotsPlan((Option("o1", "Tea"), Option("o2", "Coffee")), 4, 2),
        ),
        (
            "rate",
            {**RATE, "scale": "0-10", "written": "How?\nReady? | no | fully", "low_label": "low", "confidence": "on"},
            RatePlan((Item("q1", "How?"), Item("q2", "Ready?", low="no", high="fully")), 0, 10, "low", "", True, True),
        ),
        (
            "links",
            {"pairs": "Trust → Open talk\nLoad->Trust", "delays": "on"},
            LinksPlan((Pair("p1", "Trust", "Open talk"), Pair("p2", "Load", "Trust"))),
        ),
        (
            "bet",
            {"written": "Members", "lowest": "-5", "highest": "50", "unit": "people"},
            BetPlan((Item("b1", "Members"),), -5, 50, "people"),
        ),
    ],
)
def test_what_is_typed_becomes_a_plan(workshop: Workshop, kind: str, typed: dict[str, Any], expected: object) -> None:
    assert plan(form(workshop, kind, **typed)) == expected


@pytest.mark.parametrize(
    ("kind", "typed", "errors"),
    [
        ("rate", RATE, {"written": ["Ask between 1 and 20 questions in one step."]}),
        ("rate", {**RATE, "written": "How?", "scale": "1-9"}, {"scale": None}),
        ("rate", {**RATE, "written": "How?\nhow?"}, {"written": ["“how?” stands there twice."]}),
        ("rate", {**RATE, "written": "x" * 301}, {"written": None}),
        ("rate", {**RATE, "written": "\n".join(map(str, range(21)))}, {"written": None}),
        ("rate", {**RATE, "written": "How?", "chosen": "NO-SUCH"}, {"chosen": None}),
        ("links", {"pairs": "Trust"}, {"pairs": ["“Trust” is not a link. Write it like this: Trust → Open talk"]}),
        ("links", {"pairs": "Trust → trust"}, {"pairs": ["A link needs two different factors."]}),
        ("links", {"pairs": "A → B → C"}, {"pairs": None}),
        ("links", {"factors": "Alone"}, {"pairs": None}),
        ("links", {"factors": "a\nb\nc\nd\ne\nf"}, {"pairs": ["Ask about 1 to 20 links in one step."]}),
        ("links", {"pairs": f"{'x' * 81} → B"}, {"pairs": None}),
        ("dots", {"dots": "3", "most": "2", "options": "One"}, {"options": None}),
        ("dots", {"dots": "3", "most": "4", "options": "One\nTwo"}, {"most": ["Nobody has more than 3 dots to give."]}),
        ("ranking", {}, {"options": ["Write at least two options, or choose a step that collects ideas."]}),
        ("bet", {"written": "A", "lowest": "9", "highest": "9"}, {"written": None}),
        ("ideas", {"per_person": "21"}, {"per_person": None}),
        ("talk", {"minutes": "0"}, {"minutes": None}),
        ("talk", {"place": "2"}, {"place": None}),
        ("talk", {"title": ""}, {"title": None}),
        ("talk", {"code": "NO-SUCH"}, {"code": None}),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    workshop: Workshop, kind: str, typed: dict[str, Any], errors: dict[str, list[str] | None]
) -> None:
    given = form(workshop, kind, **typed)
    assert list(given.errors) == list(errors)
    for name, words in errors.items():
        assert words is None or given.errors[name] == words


def test_factors_are_asked_in_all_directions_beside_links_of_their_own(workshop: Workshop) -> None:
    given = plan(form(workshop, "links", pairs="A → B\nX → Y", factors="A\nB\nC"))
    ends = [(pair.source, pair.target) for pair in given.pairs]
    assert ends == [("A", "B"), ("X", "Y"), ("A", "C"), ("B", "A"), ("B", "C"), ("C", "A"), ("C", "B")]
    assert len({pair.key for pair in given.pairs}) == 7


def test_links_of_the_map_are_offered_by_what_an_answer_would_tell(workshop: Workshop) -> None:
    assert "on_map" not in form(workshop, "links").fields  # an empty map offers nothing
    maker = MapMaker(workshop.ecosystem)
    load, trust, talk = (maker.factor(name) for name in ("Workload", "Trust between growers and buyers", "Open talk"))
    maker.link(load, trust, -1)
    maker.link(trust, talk)
    offered = choice_field(form(workshop, "links"), "on_map").choices
    assert {name for _key, name in offered} == {
        "Workload → Trust between growers and buyers",
        "Trust between growers and buyers → Open talk",
    }
    given = plan(
        form(workshop, "links", on_map=[f"{load}-{trust}"], pairs="workload → trust between growers and buyers")
    )
    assert [(pair.source, pair.target) for pair in given.pairs] == [("Workload", "Trust between growers and buyers")]
    step = make_activity(workshop, kind=ActivityKind.LINKS, plan=given)
    kept = form(workshop, "links", step)
    assert [key for key, _name in choice_field(kept, "on_map").choices] == [f"{trust}-{talk}"]
    gone = "This link is not among the map's links any more, or was voted on. Write it below instead."
    assert form(workshop, "links", on_map=[f"{talk}-{load}"]).errors == {"on_map": [gone]}


def test_names_of_facets_tie_links_to_the_instrument(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", wave=make_wave(ecosystem))
    named = form(workshop, "links").offered()  # type: ignore[attr-defined]
    one = next(facet for facet in named.values() if not facet.is_dimension)
    given = plan(form(workshop, "links", pairs=f"Weather → {one.name.upper()}", chosen=[one.code, "INN"]))
    assert {(pair.source_facet, pair.target_facet) for pair in given.pairs} == {
        ("", one.code),
        ("INN", one.code),
        (one.code, "INN"),
    }


def test_questions_of_the_instrument_bring_their_codes_and_ends(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", wave=make_wave(ecosystem))
    given = plan(form(workshop, "rate", **RATE, chosen=["INN-FLOW-2"], written="And why?"))
    assert given.items == (
        Item(
            key="INN-FLOW-2",
            text="How easy is it for someone outside this room to bring us an idea?",
            item="INN-FLOW-2",
            facet="INN-FLOW",
            dimension="INN",
            low="very hard",
            high="very easy",
        ),
        Item(key="q1", text="And why?"),
    )


def test_questions_made_for_a_room_keep_their_scale(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", wave=make_wave(ecosystem))
    given = form(workshop, "rate", **{**RATE, "scale": "1-5"}, chosen=["INN-FLOW-2"])
    assert given.errors == {"scale": ["Questions made for a room are asked on 1 to 10. Choose that scale."]}


def test_a_bet_on_a_dimension_carries_its_code(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", wave=make_wave(ecosystem))
    given = plan(form(workshop, "bet", chosen=["INN", "INN-FLOW"], lowest="0", highest="100"))
    assert [(item.key, item.facet, item.dimension) for item in given.items] == [
        ("INN", "", "INN"),
        ("INN-FLOW", "INN-FLOW", "INN"),
    ]


def test_without_an_instrument_everything_can_be_written(workshop: Workshop) -> None:
    assert form(workshop, "rate", **RATE, written="How?").offer_chapters == []  # type: ignore[attr-defined]


def test_a_reworded_question_keeps_its_key_codes_and_place(workshop: Workshop) -> None:
    old = RatePlan(items=(Item("inn", "Ideas grow.", dimension="INN"), Item("eco", "We trust.", dimension="ECO")))
    step = make_activity(workshop, plan=old, current=False)
    given = plan(form(workshop, "rate", step, **RATE, written="We trust.\nIdeas grow here."))
    assert given.items == (
        Item("inn", "Ideas grow here.", dimension="INN"),
        Item("eco", "We trust.", dimension="ECO"),
    )


def test_a_question_that_replaces_two_is_a_new_one(workshop: Workshop) -> None:
    old = RatePlan(items=(Item("q1", "One?"), Item("q2", "Two?"), Item("q3", "Three?")))
    step = make_activity(workshop, plan=old, current=False)
    assert plan(form(workshop, "rate", step, **RATE, written="One?\nOther?")).items == (
        Item("q1", "One?"),
        Item("q4", "Other?"),
    )


def test_links_keep_their_keys(workshop: Workshop) -> None:
    old = LinksPlan(pairs=(Pair("p1", "A", "B"), Pair("p2", "B", "C")))
    step = make_activity(workshop, kind="links", plan=old, current=False)
    assert plan(form(workshop, "links", step, pairs="B → C\nC → A")).pairs == (
        Pair("p2", "B", "C"),
        Pair("p3", "C", "A"),
    )


def test_a_form_shows_the_plan_as_it_was_typed_and_saves_it_unchanged(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", wave=make_wave(ecosystem))
    asked = plan(form(workshop, "rate", **RATE, chosen=["INN-FLOW-2"], written="A?\nB? | l | h", low_label="no"))
    for kind, old in (
        ("rate", asked),
        ("links", LinksPlan((Pair("p1", "A", "B"),), delays=False)),
        (
            "bet",
            BetPlan(
                (Item("INN", "Innovation impact", dimension="INN"), Item("b1", "Own")), 1, 9, "points", {"b1": 4.0}
            ),
        ),
        ("dots", DotsPlan((Option("x", "One"), Option("y", "Two")), 7, 7)),
        ("commit", CommitPlan("INN-FLOW")),
        ("talk", TalkPlan("INN", promises=True)),
        ("check", IdeasPlan(2)),
    ):
        step = make_activity(workshop, kind=kind, plan=old, current=False)
        shown = FORMS[ActivityKind(kind)](workshop=workshop, steps=workshop.activities.count(), activity=step)
        typed = {name: shown[name].value() for name in shown.fields}
        kept = {name: value for name, value in typed.items() if value not in (None, False)}
        assert plan(form(workshop, kind, step, **kept)) == old


def test_options_come_from_a_step_or_are_written(workshop: Workshop) -> None:
    ideas = make_activity(workshop, kind="ideas", current=False)
    talk = make_activity(workshop, kind="talk", current=False)
    given = form(workshop, "ranking", source=str(ideas.pk))
    assert (plan(given), given.words["source"]) == (RankingPlan(), ideas)
    both = form(workshop, "ranking", source=str(ideas.pk), options="A\nB")
    assert both.errors == {"options": ["Write options or take them from a step, not both."]}
    assert list(form(workshop, "ranking", source=str(talk.pk)).errors) == ["source"]


def test_what_was_asked_is_fixed_and_its_words_are_not(workshop: Workshop) -> None:
    step = make_activity(workshop, current=False)
    typed = {**WORDS, "title": "Other words", "scale": "1-5", "written": "Other question?"}
    given = FORMS[ActivityKind.RATE](typed, workshop=workshop, steps=1, activity=step, fixed=True)
    assert given.is_valid(), given.errors
    assert (given.plan, given.words) == (None, {"title": "Other words", "prompt": "", "minutes": 8, "notes": ""})
