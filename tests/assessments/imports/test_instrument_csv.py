"""An instrument from a table of items."""

import pytest

from assessments.imports.instrument_csv import read_items_table
from assessments.imports.instrument_documents import Reading
from assessments.selectors.definitions import Item, items_of


def read(text: str | bytes) -> Reading:
    return read_items_table(text, code="mine", name="My questions")


def items(reading: Reading) -> list[Item]:
    assert reading.definition is not None, [problem.as_line() for problem in reading.problems]
    return list(items_of(reading.definition))


def said(reading: Reading) -> list[str]:
    return [problem.as_line() for problem in reading.errors]


def test_two_scales_in_one_table() -> None:
    found = items(
        read(
            "code,text,dimension,facet,lo,hi,keying\n"
            "LEAD01,First,LEAD,LEAD,1,5,forward\n"
            "LEAD02,Second,LEAD,LEAD,1,5,reverse\n"
            "HOSTIL01,Third,HOSTIL,HOSTIL,0,4,\n"
        )
    )

    assert [(item.code, item.facet, item.scale.lo, item.scale.hi, item.reverse) for item in found] == [
        ("LEAD01", "LEAD", 1, 5, False),
        ("LEAD02", "LEAD", 1, 5, True),
        ("HOSTIL01", "HOSTIL", 0, 4, False),
    ]
    assert [(item.audiences, item.forms) for item in found] == [(("everyone",), {"full": ("everyone",)})] * 3


def test_other_headings_separators_spans_and_labels() -> None:
    text = (
        "\ufeffItem;Question;Domain;Scale;Labels;Reverse;Asked of;Form\n"
        "A1;Eins;Trust in others;often;Never|Sometimes|Always;yes;Leaders|Our customers;Short\n"
        "A2;Zwei;Trust in others;often;;no;Leaders;Short\n"
        "A3;Drei;INN;1–7;;;Leaders;Long\n"
        "A4;Vier;INN;−2 to 2;;;Leaders;Long\n"
    )
    reading = read(text.encode("utf-8"))
    found = items(reading)

    assert [(item.block, item.scale.code, item.scale.lo, item.scale.hi) for item in found] == [
        ("TRUST-IN-OTHERS", "often", 1, 3),
        ("TRUST-IN-OTHERS", "often", 1, 3),
        ("INN", "from-1-to-7", 1, 7),
        ("INN", "from--2-to-2", -2, 2),
    ]
    assert found[0].scale.labels == {1: "Never", 2: "Sometimes", 3: "Always"}
    assert found[0].forms == {"short": ("leaders", "our-customers")}
    assert reading.definition is not None
    assert reading.definition["audiences"] == {"leaders": "Leaders", "our-customers": "Our customers"}
    assert [block["name"] for block in reading.definition["dimensions"]] == ["Trust in others", "Innovation impact"]


def test_rows_with_one_code_word_an_item_for_several_audiences() -> None:
    (item, _other) = items(
        read("code,text,scale,audience\nA1,For you,1-5,customers\nA1,For people,1-5,leaders\nA2,B,1-5,leaders\n")
    )

    assert item.text == {"customers": "For you", "leaders": "For people"}
    assert (item.audiences, item.forms) == (("customers", "leaders"), {"full": ("customers", "leaders")})


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["There is nothing in it. The first row names the columns, each further row is one entry."]),
        ("code,text\n", ["There is a header but no row below it."]),
        ("code,scale\nA1,1-5\n", ["line 1, text: the column “text” is missing"]),
        ("code,text,scale\nA1,,1-5\n", ["line 2, text: text is missing"]),
        (
            "code,text,scale\nA1,One,1-5\nA1,Two,1-5\n",
            ["line 3, A1: The code A1 is used in row 2 already. Give each item its own code."],
        ),
        (
            "code,text,scale,audience\nA1,One,1-5,us\nA1,Two,1-5,us\n",
            ["line 3, A1: The code A1 is used in row 2 already. Give each item its own code."],
        ),
        ("code,text\nA1,One\n", ["line 2, A1: The scale is not known. Give lo and hi, or a scale such as 1-5."]),
        (
            "code,text,scale\nA1,One,often\n",
            ["line 2, A1: The scale is not known. Give lo and hi, or a scale such as 1-5."],
        ),
        (
            "code,text,lo,hi\nA1,One,5,1\nA2,Two,1,5\n",
            ["line 2, from-5-to-1: The scale runs from 5 to 1. The lowest answer must be below the highest."],
        ),
        (
            "code,text,scale,lo,hi\nA1,One,x,1,5\nA2,Two,x,0,4\n",
            ["line 3, A2: The scale “x” ran from 1 to 5 in an earlier row."],
        ),
        (
            "code,text,scale,keying\nA1,One,1-5,upwards\n",
            ["line 2, keying: “upwards” is not a keying. Write forward or reverse."],
        ),
        ("code,text,lo,hi\nA1,One,one,5\n", ["line 2, lo: “one” is not a whole number."]),
        (
            "code,text,scale\n=1+1,One,1-5\n",
            [
                "line 2, =1+1: “=1+1” does not fit. "
                "Start with a letter; then letters, digits, hyphen, underscore or dot."
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_table(text: str, problems: list[str]) -> None:
    assert said(read(text)) == problems


def test_windows_bytes_and_right_to_left_text() -> None:
    assert items(read("code;text;scale\nA1;Größe;1-5\nA2;x;1-5\n".encode("cp1252")))[0].text == "Größe"
    assert items(read("code,text,scale\nA1,كم مرة؟ 🙂,1-5\nA2,x,1-5\n"))[0].text == "كم مرة؟ 🙂"


def test_a_binary_file_is_refused() -> None:
    assert said(read(b"PK\x03\x04rest")) == ["This file is XLSX, not text. Save the table as CSV and try again."]
