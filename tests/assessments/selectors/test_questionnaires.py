"""What each audience of the default instrument is asked."""

from typing import Any

import pytest

from assessments.enums import CANT_SAY
from assessments.imports.instrument_documents import read_instrument
from assessments.models import Instrument, InstrumentVersion
from assessments.selectors.questionnaires import (
    AudienceChoice,
    Level,
    NotAsked,
    Questionnaire,
    answer_problem,
    choices_of,
    questionnaire,
)
from assessments.services.instruments import DEFAULT_INSTRUMENT, load_default_instrument


def unsaved(definition: dict[str, Any]) -> InstrumentVersion:
    return InstrumentVersion(instrument=Instrument(name="x"), definition=definition)


@pytest.fixture(scope="module")
def default() -> InstrumentVersion:
    definition = read_instrument(DEFAULT_INSTRUMENT.read_bytes()).definition
    assert definition is not None
    return unsaved(definition)


def ask(version: InstrumentVersion, form: str, audience: str, leader: str = "") -> Questionnaire:
    return questionnaire(
        version=version, form=form, audience=audience, ecosystem_name="Rivermark Food Network", leader_name=leader
    )


@pytest.mark.parametrize(
    ("form", "audience", "questions", "minutes"),
    [
        ("full", "leaders", 93, 16),
        ("full", "self", 49, 8),
        ("full", "others", 49, 8),
        ("stakeholder", "customers", 15, 3),
        ("stakeholder", "employees", 15, 3),
        ("stakeholder", "partners", 15, 3),
        ("stakeholder", "communities", 15, 3),
        ("pulse", "leaders", 5, 1),
        ("pulse", "communities", 5, 1),
    ],
)
def test_how_much_each_audience_is_asked(
    default: InstrumentVersion, form: str, audience: str, questions: int, minutes: int
) -> None:
    asked = ask(default, form, audience)

    assert (len(asked.questions), len(set(asked.codes)), asked.minutes) == (questions, questions, minutes)
    assert [question.number for question in asked.questions] == list(range(1, questions + 1))
    assert all(question.text and question.levels for question in asked.questions)


def test_leaders_answer_about_the_network_and_then_about_themselves(default: InstrumentVersion) -> None:
    sections = ask(default, "full", "leaders").sections

    assert [section.code for section in sections] == [
        *("INN", "ECO", "ADA", "SAT", "SUS"),
        *("MND", "PRI", "PRA", "CON", "RES"),
    ]
    assert [section.dimension for section in sections] == ["inn", "eco", "ada", "sta", "sus", "", "", "", "", ""]
    assert [section.about for section in sections[5:]] == ["leader", "leader", "leader", "network", "leader"]
    assert sections[3].title == "What it brings people"
    assert sections[5].questions[0].text == "How often did you look for the cause of a problem before acting?"


def test_a_question_in_the_words_of_its_audience(default: InstrumentVersion) -> None:
    question = ask(default, "stakeholder", "communities").by_code["INN-QUAL-1"]

    assert question.text == "How often did something new solve a real problem for people here?"
    assert question.levels[0] == Level(value=1, label="Never", anchor="nothing new helped")
    assert [level.value for level in question.levels] == [1, 2, 3, 4, 5]
    assert (question.cant_say, question.facet, question.scale_question) == ("Can’t say", "INN-QUAL", "How often?")


def test_the_title_of_a_section_follows_the_audience(default: InstrumentVersion) -> None:
    assert [section.title for section in ask(default, "stakeholder", "customers").sections] == [
        "New ideas",
        "Working together",
        "Responding to change",
        "What it brings you",
        "Lasting well",
    ]


def test_a_pulse_is_one_page(default: InstrumentVersion) -> None:
    (section,) = ask(default, "pulse", "partners").sections

    assert (section.code, section.title, section.dimension) == ("pulse", "One-minute pulse", "")
    assert len(section.questions) == 5


def test_notes_say_whom_the_questions_mean(default: InstrumentVersion) -> None:
    network = "“This network” means Rivermark Food Network: the people and organizations who work together there."
    too_new = "If you have been here for less than two months, choose “Can’t say” where you are unsure."

    assert ask(default, "stakeholder", "customers").notes == (network, too_new)
    assert ask(default, "full", "self").notes == (network, too_new)
    assert ask(default, "full", "others").notes == (
        network,
        "“This leader” is the person named in your invitation.",
        too_new,
    )
    assert ask(default, "full", "others", leader="Ana Kovač").notes[1] == "“This leader” means Ana Kovač."


def test_braces_in_a_name_stay_what_they_are(default: InstrumentVersion) -> None:
    asked = questionnaire(
        version=default,
        form="pulse",
        audience="leaders",
        ecosystem_name="{0} {ecosystem!r} <b>",
        leader_name="{leader}",
    )

    assert asked.notes[0].startswith("“This network” means {0} {ecosystem!r} <b>: the people")


@pytest.mark.parametrize(
    ("form", "audience"), [("full", "customers"), ("workshop", "leaders"), ("none", "leaders"), ("full", "nobody")]
)
def test_what_is_not_asked(default: InstrumentVersion, form: str, audience: str) -> None:
    with pytest.raises(NotAsked):
        ask(default, form, audience)


def test_choices_for_setting_up_a_wave(default: InstrumentVersion) -> None:
    forms = {choice.code: choice for choice in choices_of(default)}

    assert list(forms) == ["full", "stakeholder", "pulse"]
    assert forms["full"].title == "Full assessment"
    assert forms["full"].audiences == (
        AudienceChoice("leaders", "Leaders, about the network", 93, 16),
        AudienceChoice("self", "A leader, about themselves", 49, 8),
        AudienceChoice("others", "People who work with a leader, about this leader", 49, 8),
    )
    assert [audience.code for audience in forms["stakeholder"].audiences] == [
        "customers",
        "employees",
        "partners",
        "communities",
    ]


@pytest.mark.parametrize("value", [None, 1, 5, CANT_SAY])
def test_answers_that_fit(default: InstrumentVersion, value: int | None) -> None:
    assert answer_problem(ask(default, "pulse", "leaders").questions[0], value) is None


@pytest.mark.parametrize("value", [0, 6, -1, 32767])
def test_an_answer_off_the_scale(default: InstrumentVersion, value: int) -> None:
    problem = answer_problem(ask(default, "pulse", "leaders").questions[0], value)

    assert problem == f"{value} is not an answer to this question. Choose 1 to 5."


def test_an_answer_to_what_is_not_asked(default: InstrumentVersion) -> None:
    question = ask(default, "pulse", "leaders").by_code.get("MND-SYST-1")

    assert answer_problem(question, 3) == "This question is not part of this form."


def test_cant_say_only_where_it_is_offered() -> None:
    version = unsaved(
        {
            "audiences": {"everyone": "Everyone"},
            "forms": {"full": {"title": "All"}},
            "scales": {"plain": {"lo": 0, "hi": 4}},
            "dimensions": [
                {
                    "code": "H",
                    "facets": [
                        {
                            "code": "H1",
                            "items": [
                                {
                                    "code": "H01",
                                    "text": "One",
                                    "scale": "plain",
                                    "audiences": ["everyone"],
                                    "forms": {"full": ["everyone"]},
                                }
                            ],
                        }
                    ],
                }
            ],
        }
    )
    (question,) = ask(version, "full", "everyone").questions

    assert question.levels == tuple(Level(value, str(value), "") for value in range(5))
    assert answer_problem(question, CANT_SAY) == "This question has no “can’t say”. Choose one of its answers."


@pytest.mark.django_db
def test_the_database_keeps_the_order_of_forms_and_audiences() -> None:
    version, _new = load_default_instrument()
    stored = InstrumentVersion.objects.get(pk=version.pk)

    assert [choice.code for choice in choices_of(stored)] == ["full", "stakeholder", "pulse"]
    assert [one.code for one in choices_of(stored)[1].audiences] == [
        "customers",
        "employees",
        "partners",
        "communities",
    ]


@pytest.mark.django_db
def test_a_published_version_is_read_once(django_assert_num_queries: Any) -> None:
    version, _new = load_default_instrument()
    ask(version, "stakeholder", "customers")
    deferred = InstrumentVersion.objects.defer("definition", "item_codes").get(pk=version.pk)

    with django_assert_num_queries(0):
        assert ask(deferred, "stakeholder", "customers").title == "Five minutes for your view"


def test_a_draft_is_read_anew() -> None:
    version = unsaved(read_instrument(DEFAULT_INSTRUMENT.read_bytes()).definition or {})
    before = ask(version, "pulse", "leaders").title
    version.definition["forms"]["pulse"]["title"] = "Short one"

    assert (before, ask(version, "pulse", "leaders").title) == ("One-minute pulse", "Short one")
