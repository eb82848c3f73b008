import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.delimited import Column, Problem, neutralised, read_table, write_table

NOTHING = "There is nothing in it. The first row names the columns, each further row is one entry."
SHIFTED = "has 3 cells, the header has 2. A text that holds the separator needs quotes"
QUOTES = 'a quotation mark (") is not closed, or is followed by more text in the same cell'


def number(text: str) -> int:
    if not text.isdigit():
        raise ValueError(f"“{text}” is not a number")
    return int(text)


COLUMNS = (
    Column("name", "name", synonyms=("party",), max_length=20),
    Column("email", "e-mail", synonyms=("mail address",), required=False, unique=True),
    Column("age", "age", required=False, parse=number),
)


def read(data, max_rows=100, columns=COLUMNS, **more):
    return read_table(data, columns=columns, max_rows=max_rows, **more)


def names(table):
    return [row["name"] for row in table.rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text,
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("cp1252"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end(separator, encode, newline):
    text = newline.join(
        [separator.join(["E-Mail", " PARTY ", "age"]), separator.join(["a@b.example", "Zoë Né", "4"]), ""]
    )
    table = read(encode(text))
    assert table.problems == ()
    assert table.columns == ("email", "name", "age")
    assert [dict(row.values) for row in table.rows] == [{"name": "Zoë Né", "email": "a@b.example", "age": 4}]
    assert [row.number for row in table.rows] == [2]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    table = read('name,age\n"Two\nlines",1\n\n ,\nLast,x\n')
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(2, "Two lines"), (5, "Last")]
    assert table.problems == (Problem(5, "age", "“x” is not a number"),)
    assert str(table.problems[0]) == "Row 5: “x” is not a number"
    assert table.by_row == {5: table.problems}


@pytest.mark.parametrize(
    ("data", "row", "column", "message"),
    [
        ("", None, "", NOTHING),
        (b"\xef\xbb\xbf  \n", None, "", NOTHING),
        ("name", None, "", "There is a header but no row below it."),
        ("Ann,Bob\nCy,Dee", 1, "", "the first row must name the columns. Known names: name, e-mail, age"),
        ("email\na@b.example", 1, "name", "the column “name” is missing"),
        ("name,party\nA,B", 1, "name", "the column “name” is there twice"),
        ("name,age\n,3", 2, "name", "name is missing"),
        ("name\n" + "x" * 21, 2, "name", "name has 21 characters, at most 20 fit"),
        ("name\nA\x07B", 2, "name", "name holds a character that cannot be shown (U+0007)"),
        ("name,email\nA,x@y.example\nB,X@Y.EXAMPLE", 3, "email", "“X@Y.EXAMPLE” is also in row 2"),
        ("name,age\nSmith, John,3", 2, "", SHIFTED),
        ('name,age\nA,1\n"B,2\nC,3', 3, "", QUOTES),
        ('name,age\nA,"1"x', 2, "", QUOTES),
        ('name,age\n"' + "x" * 200_000, 2, "", "a cell is too long, or a quotation mark is not closed"),
        ("name\n\0", None, "", "This is not a text file. Save the table as CSV and try again."),
        (b"PK\x03\x04rest", None, "", "This file is XLSX, not text. Save the table as CSV and try again."),
        (b"%PDF-1.7", None, "", "This file is PDF, not text. Save the table as CSV and try again."),
        (b"\xff\xfea", None, "", "This file says it is UTF-16 but is not. Save it as CSV UTF-8 and try again."),
    ],
)  # fmt: skip
def test_one_problem_said_where_it_is(data, row, column, message):
    assert read(data).problems == (Problem(row, column, message),)


def test_limits():
    assert read("name\nA\nB", max_rows=2).is_good
    table = read("name\nA\nB\nC", max_rows=2)
    assert names(table) == ["A", "B"]
    assert table.problems == (Problem(None, "", "There are more than 2 rows. Split the file into parts."),)
    large = read("name\n" + "A" * 2**19, max_bytes=500_000)
    assert [problem.message for problem in large.problems] == ["The file is larger than 0.5 MB. Split it into parts."]


def test_separator_of_excel_and_a_single_column():
    assert names(read("sep=;\nname;age\nA, B;1")) == ["A, B"]
    assert names(read("name\nSmith, John\n")) == ["Smith, John"]
    assert [row.number for row in read("sep=;\nname;age\nA;1").rows] == [3]


def test_unknown_headings_are_named_not_an_error():
    table = read("name,Shoe size,\nA,40,")
    assert (table.is_good, table.ignored) == (True, ("Shoe size",))


def test_callers_add_problems_in_the_order_of_rows():
    table = read("name,age\nA,1\nB,x").with_problems([Problem(2, "name", "already here")])
    assert [problem.row for problem in table.problems] == [2, 3]


def test_formulas_leave_as_text_and_come_back():
    rows = [["=1+1"], ["-5 °C"], ["@home"], ["'=1"], ["'quoted'"], ["＝1"], ["plain"]]
    text = "".join(write_table(["name"], rows))
    assert text.startswith("\ufeffname\r\n'=1+1\r\n'-5 °C\r\n'@home\r\n")
    assert names(read(text)) == ["=1+1", "-5 °C", "@home", "=1", "'quoted'", "＝1", "plain"]
    assert (neutralised(-5), neutralised(1.5)) == (-5, 1.5)


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split()).lstrip("'\ufeff").strip() or "x"
)


@given(st.lists(st.tuples(TEXTS, st.integers(0, 99)), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows):
    import unicodedata

    table = read("".join(write_table(["name", "age"], rows)).encode(), columns=[Column("name", "name"), COLUMNS[2]])
    assert table.problems == ()
    assert [(row["name"], row["age"]) for row in table.rows] == [(unicodedata.normalize("NFC", n), a) for n, a in rows]


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_nothing_raises(data):
    table = read(data)
    assert table.rows or table.problems


def test_ten_thousand_rows_are_read_quickly():
    import time

    data = "name,email,age\n" + "".join(f"Person {i},p{i}@x.example,{i % 90}\n" for i in range(10_000))
    started = time.process_time()
    table = read(data, max_rows=20_000)
    assert (len(table.rows), table.problems) == (10_000, ())
    assert time.process_time() - started < 2
