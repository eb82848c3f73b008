"""Tables that people bring as text: CSV from any spreadsheet, or cells pasted from one.

`read_table` takes UTF-8, UTF-16 or Windows-1252/Latin-1, with or without BOM; comma, semicolon, tab or bar; a header in
any order and case, with synonyms. It never raises for bad input: everything wrong is a `Problem` with its row. Row
numbers are those a spreadsheet shows: the header is row 1. Nothing is saved here: callers preview, then save all or
nothing. `write_table` is the way back, safe to open in a spreadsheet.
"""

import csv
import io
import itertools
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystems.text_files import NotText, decode

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

SEPARATORS = ",;\t|"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_BYTES = 10_000_000
LONGEST_CELL = 100_000
SHOWN = 40
"""Characters of a bad cell that a message repeats."""


@dataclass(frozen=True)
class Column:
    """A column to look for.

    `parse` turns a cleaned, non-blank text into a value or raises ValueError with a message for the person.
    `required`: the header must name it and no cell of it may be blank. `unique`: no two rows alike, ignoring case.
    """

    key: str
    label: "str | StrPromise"
    synonyms: "tuple[str | StrPromise, ...]" = ()
    required: bool = True
    unique: bool = False
    max_length: int | None = None
    multiline: bool = False
    parse: Callable[[str], Any] | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(map(_plain_name, (self.key, str(self.label), *map(str, self.synonyms))))


@dataclass(frozen=True)
class Problem:
    """What is wrong and where; `row` is None for the file as a whole, `column` the key or '' for the whole row."""

    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        return (
            self.message
            if self.row is None
            else _("Row %(row)d: %(message)s")
            % {
                "row": self.row,
                "message": self.message,
            }
        )


@dataclass(frozen=True)
class Row:
    """`cells` is the text as cleaned, by column key; `values` what could be parsed; `row[key]` is None otherwise."""

    number: int
    cells: Mapping[str, str]
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key) if key in self.cells else self.values[key]


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    columns: tuple[str, ...] = ()
    """Keys of the columns that were found, in the file's order."""
    ignored: tuple[str, ...] = ()
    """Headings in the file that mean nothing here."""

    @property
    def is_good(self) -> bool:
        return not self.problems

    @cached_property
    def by_row(self) -> Mapping[int, tuple[Problem, ...]]:
        """Problems by row number."""
        found: dict[int, tuple[Problem, ...]] = defaultdict(tuple)
        for problem in self.problems:
            if problem.row is not None:
                found[problem.row] += (problem,)
        return dict(found)

    def with_problems(self, more: Iterable[Problem]) -> "Table":
        """The same table with what the caller found, in the order of rows."""
        every = sorted((*self.problems, *more), key=lambda problem: problem.row or 0)
        return Table(self.rows, tuple(every), self.columns, self.ignored)


def read_table(data: bytes | str, *, columns: Sequence[Column], max_rows: int, max_bytes: int = MAX_BYTES) -> Table:
    """Read a delimited text with a header row; see the module for what is understood."""
    if len(data) > max_bytes:
        limit = max_bytes / 10**6
        return _refused(_("The file is larger than %(limit)g MB. Split it into parts.") % {"limit": limit})
    try:
        text = decode(data)
    except NotText as problem:
        return _refused(str(problem))
    if not text.strip():
        return _refused(_("There is nothing in it. The first row names the columns, each further row is one entry."))
    text, skipped, separator = _find_separator(text, columns)
    return _Reader(columns, max_rows).read(_records(text, skipped, separator))


def _refused(message: str) -> Table:
    return Table(problems=(Problem(None, "", message),))


def _find_separator(text: str, columns: Sequence[Column]) -> tuple[str, int, str]:
    """Text from its header on, how many rows stand before that, and the separator that makes most of the header."""
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own way of saying it
        return rest, 1, first.strip()[-1]
    names = frozenset().union(*(column.names for column in columns))
    start = text[: min(len(text), LONGEST_CELL)]

    def quality(separator: str) -> tuple[int, int]:
        try:
            header = next(filter(any, csv.reader(io.StringIO(start, newline=""), delimiter=separator)), [])
        except csv.Error:
            return 0, 0
        return sum(_plain_name(cell) in names for cell in header), len(header)

    best = max(SEPARATORS, key=quality)
    # a single column needs no separator, so a comma in its texts is only a comma
    return text, 0, best if quality(best)[1] > 1 else "\t"


def _records(text: str, skipped: int, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """(row number, cells), or (row number, message) where the quoting is broken, which ends the reading."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for number in itertools.count(skipped + 1):
        try:
            yield number, next(lines)
        except StopIteration:
            return
        except csv.Error as broken:
            if "field limit" in str(broken):
                yield number, _("a cell is too long, or a quotation mark is not closed")
            else:
                yield number, _('a quotation mark (") is not closed, or is followed by more text in the same cell')
            return


@dataclass
class _Reader:
    columns: Sequence[Column]
    max_rows: int
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, records: Iterator[tuple[int, list[str] | str]]) -> Table:
        filled = (record for record in records if isinstance(record[1], str) or any(map(str.strip, record[1])))
        number, header = next(filled, (1, []))
        if isinstance(header, str):
            return Table(problems=(Problem(number, "", header),))
        places, ignored = self._place(number, header)
        found = tuple(column.key for column in places.values())
        if self.problems:
            return Table(problems=tuple(self.problems), columns=found, ignored=ignored)
        for number, cells in filled:
            if isinstance(cells, str):
                self._note(number, "", cells)
                break
            if len(self.rows) == self.max_rows:
                message = ngettext(
                    "There is more than %(limit)d row. Split the file into parts.",
                    "There are more than %(limit)d rows. Split the file into parts.",
                    self.max_rows,
                )
                self._note(None, "", message % {"limit": self.max_rows})
                break
            self._read_row(number, cells, places, len(header))
        if not self.rows and not self.problems:
            self._note(None, "", _("There is a header but no row below it."))
        return Table(tuple(self.rows), tuple(self.problems), found, ignored)

    def _place(self, number: int, header: Sequence[str]) -> tuple[dict[int, Column], tuple[str, ...]]:
        """Which cell of a row belongs to which column."""
        places: dict[int, Column] = {}
        ignored = []
        for place, heading in enumerate(header):
            name = _plain_name(heading)
            column = next((c for c in self.columns if name in c.names), None)
            if column is None:
                ignored.extend([heading.strip()] if name else [])
            elif column in places.values():
                self._note(number, column.key, _("the column “%(name)s” is there twice") % {"name": column.label})
            else:
                places[place] = column
        if not places:
            names = ", ".join(str(column.label) for column in self.columns)
            self._note(number, "", _("the first row must name the columns. Known names: %(names)s") % {"names": names})
        else:
            for column in self.columns:
                if column.required and column not in places.values():
                    self._note(number, column.key, _("the column “%(name)s” is missing") % {"name": column.label})
        return places, tuple(ignored)

    def _read_row(self, number: int, cells: list[str], places: Mapping[int, Column], width: int) -> None:
        texts = dict.fromkeys((column.key for column in self.columns), "")
        for place, column in places.items():
            texts[column.key] = clean_cell(cells[place] if place < len(cells) else "", multiline=column.multiline)
        values: dict[str, Any] = {}
        if any(cell.strip() for cell in cells[width:]):  # the cells are shifted: what each says is not known
            message = _("has %(cells)d cells, the header has %(width)d. A text that holds the separator needs quotes")
            self._note(number, "", message % {"cells": len(cells), "width": width})
        else:
            self._read_values(number, texts, values)
        self.rows.append(Row(number, texts, values))

    def _read_values(self, number: int, texts: dict[str, str], values: dict[str, Any]) -> None:
        for column in self.columns:
            try:
                values[column.key] = self._value(number, column, texts[column.key])
            except ValueError as problem:
                self._note(number, column.key, str(problem))

    def _value(self, number: int, column: Column, text: str) -> Any:
        if not text:
            if column.required:
                raise ValueError(_("%(name)s is missing") % {"name": column.label})
            return None
        if bad := next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"), None):
            raise ValueError(
                _("%(name)s holds a character that cannot be shown (U+%(code)04X)")
                % {"name": column.label, "code": ord(bad)}
            )
        if column.max_length and len(text) > column.max_length:
            raise ValueError(
                _("%(name)s has %(length)d characters, at most %(limit)d fit")
                % {"name": column.label, "length": len(text), "limit": column.max_length}
            )
        value = column.parse(text) if column.parse else text
        if column.unique:
            first = self.seen.setdefault((column.key, str(value).casefold()), number)
            if first != number:
                raise ValueError(_("“%(text)s” is also in row %(row)d") % {"text": shorten(text), "row": first})
        return value

    def _note(self, row: int | None, column: str, message: str) -> None:
        self.problems.append(Problem(row, column, message))


def clean_cell(text: str, *, multiline: bool = False) -> str:
    """Without the blanks around and inside that copying brings, and without the mark that `neutralised` adds."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
    text = (
        "\n".join(" ".join(line.split()) for line in text.splitlines()).strip() if multiline else " ".join(text.split())
    )
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def shorten(text: str) -> str:
    """A text short enough to be repeated in a message; halves of characters, which no page can hold, are marked."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _plain_name(heading: object) -> str:
    """A heading without case, blanks, dashes and dots: “E-Mail ” and “email” are one."""
    return "".join(c for c in unicodedata.normalize("NFKC", str(heading)).casefold() if c.isalnum())


def neutralised(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV, row by row, with the mark by which spreadsheets know UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for cells in itertools.chain([header], rows):
        writer.writerow(
            [
                "" if cell is None else neutralised(str(cell) if not isinstance(cell, int | float) else cell)
                for cell in cells
            ]
        )
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
