"""What is accepted as an instrument, and what is said about what is not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assessments.imports.instrument_documents import LARGEST_FILE, Reading, check_document, read_instrument
from assessments.selectors.definitions import item_codes_of, items_of, schema
from assessments.services.instruments import DEFAULT_INSTRUMENT

LQ2002 = Path(__file__).parents[2] / "data" / "lq2002_instrument.yaml"
SOUND = """\
code: small
name: Small one
audiences: {leaders: Leaders, customers: Customers}
scales:
  often:
    question: How often?
    levels: {1: Never, 2: Sometimes, 3: Always}
    cant_say: Can’t say
forms:
  full: {title: Everything}
dimensions:
  - code: INN
    name: Innovation
    facets:
      - code: INN-A
        name: Ideas
        items:
          - code: A1
            text: {all: How often now?, leaders: How often here?}
            scale: often
            anchors: {1: none, 2: some, 3: all}
          - code: A2
            text: How often wrong?
            scale: often
            keying: reverse
"""


def said(reading: Reading) -> list[str]:
    return [problem.as_line() for problem in reading.problems]


def changed(old: str, new: str) -> list[str]:
    assert old in SOUND
    return said(read_instrument(SOUND.replace(old, new)))


def test_the_default_instrument_is_without_a_fault() -> None:
    reading = read_instrument(DEFAULT_INSTRUMENT.read_bytes())

    assert reading.problems == ()
    assert reading.definition is not None
    assert len(item_codes_of(reading.definition)) == 97


def test_scales_may_be_mixed_and_have_no_labels() -> None:
    reading = read_instrument(LQ2002.read_bytes())

    assert reading.errors == ()
    assert reading.definition is not None
    scales = {item.code: (item.scale.lo, item.scale.hi) for item in items_of(reading.definition)}
    assert len(scales) == 19
    assert (scales["LEAD11"], scales["TSIG03"], scales["HOSTIL05"]) == ((1, 5), (1, 5), (0, 4))


def test_a_scale_of_too_many_answers() -> None:
    text = LQ2002.read_text(encoding="utf-8").replace("hi: 4", "hi: 200")

    assert [problem.as_line() for problem in read_instrument(text).errors] == [
        "line 14, from-zero: The scale has 201 answers; at most 101 are allowed."
    ]


def test_what_may_be_left_out_is_filled_in() -> None:
    definition = read_instrument(SOUND).definition

    assert definition is not None
    first, second = items_of(definition)
    assert (first.audiences, first.forms) == (("leaders", "customers"), {"full": ("leaders", "customers")})
    assert (first.reverse, second.reverse, definition["language"]) == (False, True, "en")
    assert definition["order"] == {"audiences": ["leaders", "customers"], "forms": ["full"], "scales": ["often"]}
    assert check_document(definition).definition == definition


def test_a_byte_order_mark_is_no_fault() -> None:
    assert said(read_instrument(SOUND.encode("utf-8-sig"))) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: A2", "code: a1", "line 22, a1: The code a1 is used by more than one item. Give each its own code."),
        (
            "scale: often\n            keying",
            "scale: oftn\n            keying",
            "line 24, A2: There is no scale “oftn”. Did you mean “often”?",
        ),
        (
            "keying: reverse",
            "keying: backward",
            "line 25, A2: “keying” is “backward”. Choose one of: forward, reverse.",
        ),
        ("keying: reverse", "keyin: reverse", "line 25, A2: “keyin” is not a known name. Did you mean “keying”?"),
        ("code: A2", "code: 2", "line 22, INN-A: “code” is read as the value 2. Put it in quotes to make it text."),
        (
            "code: A2",
            "code: A 2",
            "line 22, A 2: “A 2” does not fit. Start with a letter; then letters, digits, hyphen, underscore or dot.",
        ),
        ("code: small", "code: Small!", "line 1: “Small!” does not fit. Use small letters, digits and single hyphens."),
        (
            "levels: {1: Never, 2: Sometimes, 3: Always}",
            "lo: 5\n    hi: 1",
            "line 5, often: The scale runs from 5 to 1. The lowest answer must be below the highest.",
        ),
        ("2: Sometimes, ", "", "line 7, often: The scale runs from 1 to 3, but has no label for 2."),
        ("1: Never,", "x: Never,", "line 7, often: “x” does not fit. Give the level as a whole number."),
        (
            "levels: {1: Never, 2: Sometimes, 3: Always}",
            "note: none",
            "line 5, often: The scale has no levels. List them under “levels”, or give “lo” and “hi”.",
        ),
        (
            "anchors: {1: none, 2: some, 3: all}",
            "anchors: {1: none, 3: all}",
            "line 21, A1: The item has anchors, but none for 2. Give one for each answer, or none at all.",
        ),
        (
            "anchors: {1: none, 2: some, 3: all}",
            "anchors: {1: none, 2: some, 3: all, 4: more}",
            "line 21, A1: There is an anchor for 4, but the scale runs from 1 to 3.",
        ),
        ("{all: How often now?, leaders", "{leaders", "line 19, A1: The item has no text for “customers”."),
        (
            "leaders: How often here?",
            "leader: How often here?",
            "line 19, A1: There is no audience “leader”. Did you mean “leaders”?",
        ),
        (
            "keying: reverse",
            "keying: reverse\n            audiences: [leader]",
            "line 26, A2: There is no audience “leader”. Did you mean “leaders”?",
        ),
        (
            "keying: reverse",
            "keying: reverse\n            forms: {pulse: [leaders]}",
            "line 26, A2: There is no form “pulse”. There are: full.",
        ),
        (
            "keying: reverse",
            "keying: reverse\n            audiences: [leaders]\n            forms: {full: [customers]}",
            "line 27, A2: The form “full” asks “customers”, which is not among the item’s audiences.",
        ),
        (
            "keying: reverse",
            "keying: reverse\n            audiences: []",
            "line 26, A2: The item has no audience. Name at least one.",
        ),
        (
            "How often wrong?",
            '"How often\\0 wrong?"',
            "line 23, A2: There is an invisible control character (U+0000) in the text. Delete it.",
        ),
        ("How often wrong?", "x" * 301, "line 23, A2: “text” has 301 characters; at most 300 fit."),
        ("            text: How often wrong?\n", "", "line 22, A2: “text” is missing."),
        ("How often wrong?", "[How, often]", "line 23, A2: “text” should be text, or a text for each audience."),
        ("name: Ideas", "name: Ideas\n        weight: -1", "line 17, INN-A: “weight” is -1, which is out of range."),
        ("{leaders: Leaders, customers: Customers}", "[leaders]", "line 3: “audiences” should be names with values."),
        ("name: Small one", "name:", "line 2: “name” is empty."),
        ("name: Small one", "name: Small one\nname: Other", "line 3: “name” stands here twice. Keep one of them."),
    ],
)
def test_one_fault_is_said_once_with_its_line(old: str, new: str, message: str) -> None:
    assert changed(old, new) == [message]


def test_an_instrument_without_items() -> None:
    text = SOUND[: SOUND.index("    facets:")] + "    facets: []\n"

    assert said(read_instrument(text)) == [
        "line 11: The instrument has no items. Add at least one item to a facet.",
        "line 12, INN: “INN” has no facets. Add one, or delete it.",
        "line 10, full: No item belongs to the form “full”.",
    ]


def test_one_item_is_allowed_with_a_warning() -> None:
    reading = read_instrument(SOUND[: SOUND.index("          - code: A2")])

    assert reading.definition is not None
    assert said(reading) == [
        "line 15, INN-A: The facet “INN-A” has only 1 item. Two or more say more than one.",
        "line 18, A1: There is only one item. A score of one item cannot say how reliable it is.",
    ]


def test_warnings_do_not_keep_an_instrument_from_being_used() -> None:
    reading = read_instrument(SOUND.replace("keying: reverse", "keying: forward").replace("code: INN\n", "code: INO\n"))

    assert reading.definition is not None
    assert said(reading) == [
        "line 12, INO: No item of “INO” is reverse-keyed, so people who agree with everything score high.",
        "line 12, INO: “INO” is not one of the five dimensions (INN, ECO, ADA, SAT, SUS). "
        "It is scored, without a colour and sign.",
    ]


def test_more_items_than_anyone_answers() -> None:
    many = "".join(f"          - {{code: X{n}, text: T, scale: often, keying: reverse}}\n" for n in range(499))

    assert said(read_instrument(SOUND + many)) == [
        "line 15: There are more than 500 items, which is more than anybody answers."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is not a list of names with values"),
        ("- a\n- b\n", "The file is not a list of names with values"),
        ("just words", "The file is not a list of names with values"),
        ("a: [1, 2\nb: 3\n", "This is not valid YAML"),
        ("a: \x07\n", "There is a control character"),
        ("a: 1\nb: &x [1]\nc: *x\n", "References (*name) are not read."),
        ("a: &a [*a]\n", "References (*name) are not read."),
        ("a: !!python/object/apply:os.system [ls]\n", ""),
        ("a: !secret x\n", "“!secret” is not read."),
        ("? [a, b]\n: c\n", "A name must be a word, not a list."),
        ("a: " + "[" * 50 + "]" * 50, "Lists stand more than 20 deep"),
        ("a: " + "[" * 100_000, "Lists stand more than 20 deep"),
        ("a: [" + "1," * 70_000 + "]", "The file has more than 60000 values."),
        ("a: 1\n---\nb: 2\n", "This is not valid YAML"),
    ],
)
def test_hostile_and_broken_files(text: str, message: str) -> None:
    reading = read_instrument(text)

    assert reading.definition is None
    assert reading.errors[0].message.startswith(message)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    "text",
    [
        SOUND + "".join(f"k{n}: 1\n" for n in range(19_000)),
        SOUND.replace("anchors: {", "anchors: {" + "".join(f"k{n}: 1, " for n in range(19_000))),
        SOUND + "".join(f"          - {{c: X{n}}}\n" for n in range(9_000)),
    ],
)
def test_thousands_of_faults_are_cut_short(text: str) -> None:
    reading = read_instrument(text)

    assert reading.definition is None
    assert 1 <= len(reading.problems) <= 201


def test_a_file_far_too_large() -> None:
    assert said(read_instrument(b"a" * (LARGEST_FILE + 1))) == [
        "The file has more than 1,000,000 characters. An instrument is far smaller; is this the right file?"
    ]


def test_a_file_that_is_not_text() -> None:
    assert said(read_instrument(SOUND.replace("Always", "Chaque été").replace("’", "").encode("latin-1"))) == [
        "line 7: The file is not UTF-8 text. Save it as UTF-8 and try again."
    ]


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    definition = read_instrument(SOUND.replace("1: Never", "1: No").replace("3: Always", "3: 2026-01-01")).definition

    assert definition is not None
    assert definition["scales"]["often"]["levels"] == {"1": "No", "2": "Sometimes", "3": "2026-01-01"}


UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.text("aZ09 -_.:é🙂\0\ud800", max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
PARTS = ["code", "name", "audiences", "scales", "forms", "dimensions", "leadership", "order", "version", "scoring"]


@UNHURRIED
@given(st.dictionaries(st.sampled_from(PARTS), JSON), st.sampled_from(PARTS))
def test_no_document_breaks_the_check(parts: dict[str, object], replaced: str) -> None:
    sound = read_instrument(SOUND).definition
    assert sound is not None

    assert check_document(dict(parts)).definition is None
    check_document({**sound, replaced: parts.get(replaced)})


@UNHURRIED
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert read_instrument(data).definition is None
