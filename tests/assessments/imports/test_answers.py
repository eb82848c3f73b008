"""Files of answers as people have them: whatever is wrong is said with its row, and nothing is kept."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assessments.enums import CANT_SAY
from assessments.imports.answers import MOST_GROUPS, Problem, UnreadableFile, read_layout, read_rows
from assessments.models import Response, Wave, WaveGroup
from assessments.services.wave_imports import MOST_PROBLEMS, check_file, import_wave
from ecosystems.models import Ecosystem
from tests.factories.instruments import make_instrument

pytestmark = pytest.mark.django_db

QUOTES = "A quotation mark is not closed, or stands in the middle of a cell."
GOOD = "group,A1,A2,B1,C1,D1\nSales,1,2,3,4,5\nStores,5,4,3,2,1\n"
Try = Callable[..., Wave]


@pytest.fixture
def attempt(ecosystem: Ecosystem, tmp_path: Path) -> Try:
    """Import this content; after a refusal nothing of it may be there."""
    version = make_instrument(ecosystem.organization)

    def run(content: str | bytes, *, encoding: str = "utf-8", group_column: str = "") -> Wave:
        path = tmp_path / "answers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        try:
            return import_wave(path=path, version=version, ecosystem=ecosystem, group_column=group_column)
        except UnreadableFile as refusal:
            assert not Wave.objects.exists() or pytest.fail("a refused file left a wave")
            assert not Response.objects.exists()
            refusal.said = [str(one) for one in refusal.problems]  # type: ignore[attr-defined]
            raise

    return run


def said(attempt: Try, content: str | bytes, **options: str) -> list[str]:
    with pytest.raises(UnreadableFile) as refusal:
        attempt(content, **options)
    return refusal.value.said  # type: ignore[attr-defined, no-any-return]


def kept(wave: Wave) -> dict[str, list[list[int | None]]]:
    return {group.label: sorted((one.values for one in group.responses.all()), key=str) for group in wave.groups.all()}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (GOOD, "utf-8"),
        (GOOD, "utf-8-sig"),
        (GOOD, "utf-16"),
        (GOOD, "cp1252"),
        (GOOD.replace(",", ";"), "utf-8-sig"),
        (GOOD.replace(",", "\t"), "utf-16"),
        (GOOD.replace(",", "|"), "latin-1"),
        (GOOD.replace("\n", "\r\n"), "utf-8"),
        (GOOD.rstrip("\n"), "utf-8"),
        (GOOD.replace("Stores", '"Stores"') + "\n,,,,,\n", "utf-8"),
        (GOOD.replace("A1", " a1 ").replace("group", "GROUP"), "utf-8"),
        (GOOD.replace("3,4,5", "3.0,4.,5"), "utf-8"),
        (GOOD.replace(",", ";").replace("3;4;5", "3,0;4;5"), "utf-8"),
    ],
    ids=[
        "plain",
        "BOM",
        "UTF-16",
        "cp1252",
        "semicolons",
        "tabs",
        "bars",
        "CRLF",
        "no last newline",
        "quotes and empty rows",
        "case",
        "zeros",
        "decimal comma",
    ],
)
def test_what_spreadsheets_write_is_read(attempt: Try, content: str, encoding: str) -> None:
    assert kept(attempt(content, encoding=encoding)) == {"Sales": [[1, 2, 3, 4, 5]], "Stores": [[5, 4, 3, 2, 1]]}


def test_names_in_latin_1_right_to_left_and_emoji_arrive(attempt: Try) -> None:
    assert set(kept(attempt("group,A1\nZürich,1\n", encoding="latin-1"))) == {"Zürich"}
    assert set(kept(attempt("group,A1\nמכירות 🌱,1\n"))) == {"מכירות 🌱"}


def test_blank_and_cant_say_are_told_apart(attempt: Try) -> None:
    wave = attempt("A1,A2,B1,C1,D1\n,NA,x,Can't say,1\n")
    assert kept(wave) == {"Everyone": [[None, None, CANT_SAY, CANT_SAY, 1]]}


def test_spellings_of_one_group_are_one_group(attempt: Try) -> None:
    wave = attempt("group,A1\nCustomers,1\ncustomers,2\n  CUSTOMERS ,3\nsales,4\nSales,5\n")
    assert list(wave.groups.values_list("key", "label", "kind")) == [
        ("customers", "Customers", "stakeholder"),
        ("sales", "sales", "unit"),
    ]
    assert [group.responses.count() for group in wave.groups.all()] == [3, 2]


def test_columns_that_are_not_there_stay_blank_and_others_are_named(attempt: Try, tmp_path: Path) -> None:
    wave = attempt("B1,remark,A1\n2,=1+1,1\n")
    assert kept(wave) == {"Everyone": [[1, None, 2, None, None]]}
    found = check_file(path=tmp_path / "answers.csv", version=wave.version)
    assert (found.layout.missing, found.layout.ignored) == (("A2", "C1", "D1"), ("remark",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty. Its first row must name the columns."),
        (b"\xef\xbb\xbf\n\n", "The file is empty. Its first row must name the columns."),
        ("group,A1\n", "The file has a header but no answers below it."),
        (
            "name,age\nx,1\n",
            "row 1: No column is named after an item. Name the columns by item code, such as A1, A2, B1.",
        ),
        ("A1,a1\n1,2\n", "row 1, column A1: This column stands there more than once. Keep one of them."),
        ("group,A1,Group\nx,1,y\n", "row 1, column group: This column stands there more than once. Keep one of them."),
        ("A1\n6\n", "row 2, column A1: 6 is off the scale, which runs from 1 to 5."),
        ("A1\n0\n", "row 2, column A1: 0 is off the scale, which runs from 1 to 5."),
        ("A1\n-32768\n", "row 2, column A1: -32768 is off the scale, which runs from 1 to 5."),
        ("A1\n99999999\n", "row 2, column A1: 99999999 is off the scale, which runs from 1 to 5."),
        ("A1\n3.5\n", "row 2, column A1: “3.5” is not a whole number."),
        ("A1\n--5\n", "row 2, column A1: “--5” is not a whole number."),
        ("A1\n٣\n", "row 2, column A1: “٣” is not a whole number."),
        ("A1\n=1+1\n", "row 2, column A1: “=1+1” is not a whole number."),
        ("A1\nagree\n", "row 2, column A1: “agree” is not a whole number."),
        ("group,A1\n,3\n", "row 2: The group is missing."),
        (f"group,A1\n{'x' * 61},3\n", "row 2: The group’s name has 61 characters; at most 60 fit."),
        ("A1,A2\n1,2\n3\n", "row 3: The row has 1 columns, but the first row names 2."),
        ("A1,A2\n1,2,3\n", "row 2: The row has 3 columns, but the first row names 2."),
        ('A1,remark\n1,fine\n2,"never closed\n3,x\n', f"row 3: {QUOTES}"),
        ('A1,remark\n1,"a" b\n', f"row 2: {QUOTES}"),
        ('A1,"remark\n1,x\n', f"row 1: {QUOTES}"),
        (
            f"A1,remark\n1,{'x' * 200_000}\n",
            "row 2: A cell has more than 131072 characters. Perhaps a quotation mark is not closed.",
        ),
        (b"A1,A2\n1,\x002\n", "This is not a text file. Save the table as CSV and try again."),
        ("A1\n1\n".encode("utf-16-le"), "This is not a text file. Save the table as CSV and try again."),
        (
            "A1\n1\n".encode("utf-16") + b"\x00",
            "row 3: Some characters cannot be read. Save the table as CSV in UTF-8 and try again.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(attempt: Try, content: str | bytes, message: str) -> None:
    assert said(attempt, content) == [message]


def test_a_spreadsheet_that_was_renamed_is_named(attempt: Try, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    assert said(attempt, (tmp_path / "book.xlsx").read_bytes()) == [
        "This is a spreadsheet file. In the spreadsheet, choose “Save as” and then CSV, and try again."
    ]


def test_a_group_column_that_is_not_there_is_named_with_those_that_are(attempt: Try) -> None:
    message = "There is no column “team”. The file has: group, A1, A2, B1, C1, D1."
    assert said(attempt, GOOD, group_column="team") == [message]
    assert len(kept(attempt(GOOD, group_column=" Group "))) == 2


def test_rows_are_counted_as_a_spreadsheet_shows_lines(attempt: Try) -> None:
    content = 'remark,A1\n"two\nlines",1\n\nx,9\n'
    assert said(attempt, content) == ["row 5, column A1: 9 is off the scale, which runs from 1 to 5."]


def test_at_most_a_hundred_problems_are_told(attempt: Try) -> None:
    told = said(attempt, "A1,A2\n" + "9,9\n" * 5_000)
    assert len(told) == MOST_PROBLEMS
    assert told[-1] == "row 51, column A2: 9 is off the scale, which runs from 1 to 5."


def test_a_problem_after_many_good_rows_takes_all_of_them_back(attempt: Try) -> None:
    told = said(attempt, "group,A1\n" + "a,3\n" * 12_000 + "a,7\n")
    assert told == ["row 12002, column A1: 7 is off the scale, which runs from 1 to 5."]
    assert not WaveGroup.objects.exists()


def test_three_thousand_groups_are_persons(attempt: Try) -> None:
    told = said(attempt, "group,A1\n" + "".join(f"p{number},3\n" for number in range(3_000)))
    assert told == [f"There are more than {MOST_GROUPS} groups. Choose a column that names groups, not persons."]


@pytest.mark.slow
def test_a_quarter_of_a_million_rows_stream_through_without_piling_up(ecosystem: Ecosystem, tmp_path: Path) -> None:
    import tracemalloc

    from assessments.scoring.blueprint import Blueprint

    items = Blueprint.from_definition(make_instrument(ecosystem.organization).definition).items
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("A1,A2\n")
        for _ in range(250):
            file.write("1,5\n" * 1_000)
    layout = read_layout(path, items=items)
    tracemalloc.start()
    rows = sum(not isinstance(row, Problem) for row in read_rows(path, layout, items=items))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == 250_000
    assert peak < 512 << 10  # two bytes a row: nothing of one is kept


def test_reading_leaves_the_csv_module_as_it_was(attempt: Try) -> None:
    attempt(GOOD)
    assert csv.field_size_limit() == 131_072
