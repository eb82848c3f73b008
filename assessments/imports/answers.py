"""Reading a wide file of answers: one row a respondent, one column an item code; row by row, in constant memory."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.scoring.blueprint import ItemSpec

BLANKS = frozenset({"", "na", "n/a", "nan", "null", "none", "."})
CANT_SAYS = frozenset({"x", "can't say", "can’t say", "cant say", "can't_say", "don't know", "dk"})
DELIMITERS = (",", ";", "\t", "|")
WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,9})(?:[.,]0*)?")
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
LONGEST_CELL = csv.field_size_limit()
LONGEST_GROUP = 60
MOST_GROUPS = 2_000


@dataclass(frozen=True)
class Problem:
    """What is wrong in one place of the file; `row` counts lines as a spreadsheet does, None: the file as a whole."""

    message: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [_("row %(row)s") % {"row": self.row}] if self.row else []
        place += [_("column %(column)s") % {"column": self.column}] if self.column else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


class UnreadableFile(Exception):
    """The file cannot be read as a table of answers; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Layout:
    """How a file is written and which of its columns are used. `columns[i]`: place of item i, None where absent."""

    encoding: str
    delimiter: str
    columns: tuple[int | None, ...]
    group_column: int | None
    ignored: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """`group` as it is written in this row; groups are told apart by `group_key`."""

    line: int
    group: str
    values: tuple[int | None, ...]


def group_key(name: str) -> str:
    """“Sales”, “sales” and “ SALES ” are one group."""
    return name.casefold()


def read_layout(path: Path, *, items: Sequence[ItemSpec], group_column: str = "") -> Layout:
    """Find encoding, delimiter and columns; raises UnreadableFile."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            first = file.readline(1_000_000)
        except UnicodeError as problem:
            raise UnreadableFile(_unreadable(problem, 1)) from problem
        if not first.strip():
            raise UnreadableFile(Problem(_("The file is empty. Its first row must name the columns.")))
        delimiter = max(DELIMITERS, key=first.count)
        file.seek(0)
        header = _next_cells(csv.reader(file, delimiter=delimiter, strict=True))
    names = [name.strip() for name in header]
    folded = [name.casefold() for name in names]
    wanted = group_column.strip().casefold()
    if wanted and wanted not in folded:
        message = _("There is no column “%(name)s”. The file has: %(names)s.")
        raise UnreadableFile(Problem(message % {"name": group_column, "names": ", ".join(names[:40])}))
    codes = {item.code.casefold(): item.code for item in items}
    group = wanted or ("group" if "group" in folded and "group" not in codes else "")
    twice = [name for name, times in Counter(folded).items() if times > 1 and (name in codes or name == group)]
    if twice:
        message = _("This column stands there more than once. Keep one of them.")
        raise UnreadableFile(*(Problem(message, row=1, column=names[folded.index(name)]) for name in twice))
    place = {name: position for position, name in enumerate(folded)}
    columns = tuple(place.get(item.code.casefold()) for item in items)
    if all(column is None for column in columns):
        message = _("No column is named after an item. Name the columns by item code, such as %(codes)s.")
        raise UnreadableFile(Problem(message % {"codes": ", ".join(item.code for item in items[:3])}, row=1))
    return Layout(
        encoding=encoding,
        delimiter=delimiter,
        columns=columns,
        group_column=place[group] if group else None,
        ignored=tuple(name for name, low in zip(names, folded, strict=True) if low not in codes and low != group),
        missing=tuple(item.code for item, column in zip(items, columns, strict=True) if column is None),
    )


def read_rows(path: Path, layout: Layout, *, items: Sequence[ItemSpec]) -> Iterator[Row | Problem]:
    """Every respondent of the file, or what is wrong with a row; blank lines are passed over."""
    needed = max([column for column in (*layout.columns, layout.group_column) if column is not None]) + 1
    with path.open(encoding=layout.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=layout.delimiter, strict=True)
        named = len(_next_cells(reader))
        while True:
            start = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeError) as problem:
                yield _unreadable(problem, start)
                return
            if not any(map(str.strip, cells)):
                continue
            if len(cells) < needed or any(map(str.strip, cells[named:])):
                message = _("The row has %(found)s columns, but the first row names %(named)s.")
                yield Problem(message % {"found": len(cells), "named": named}, row=start)
                continue
            yield from _row(cells, start, layout, items)


def _row(cells: Sequence[str], line: int, layout: Layout, items: Sequence[ItemSpec]) -> Iterator[Row | Problem]:
    problems = []
    group = " ".join(cells[layout.group_column].split()) if layout.group_column is not None else ""
    if layout.group_column is not None and not group:
        problems.append(Problem(_("The group is missing."), row=line))
    elif max(len(group), len(group_key(group))) > LONGEST_GROUP:
        message = _("The group’s name has %(found)s characters; at most %(most)s fit.")
        problems.append(Problem(message % {"found": len(group), "most": LONGEST_GROUP}, row=line))
    values: list[int | None] = []
    for item, column in zip(items, layout.columns, strict=True):
        text = cells[column].strip() if column is not None else ""
        folded = text.casefold()
        if folded in BLANKS:
            values.append(None)
        elif folded in CANT_SAYS:
            values.append(CANT_SAY)
        elif (number := WHOLE_NUMBER.fullmatch(text)) is None:
            problems.append(Problem(_("“%(text)s” is not a whole number.") % {"text": text[:40]}, line, item.code))
        elif not item.lo <= (value := int(number[1])) <= item.hi:
            message = _("%(value)s is off the scale, which runs from %(low)g to %(high)g.")
            problems.append(Problem(message % {"value": value, "low": item.lo, "high": item.hi}, line, item.code))
        else:
            values.append(value)
    if problems:
        yield from problems
    else:
        yield Row(line=line, group=group, values=tuple(values))


def _encoding(path: Path) -> str:
    """UTF-8, UTF-16 with its mark, else what Western spreadsheets write. Raises UnreadableFile for what is no text."""
    with path.open("rb") as file:
        start = file.read(8)
        if start.startswith(SPREADSHEETS):
            message = _("This is a spreadsheet file. In the spreadsheet, choose “Save as” and then CSV, and try again.")
            raise UnreadableFile(Problem(message))
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        file.seek(0)
        for chunk in iter(lambda: file.read(1 << 20), b""):
            if b"\0" in chunk:
                raise UnreadableFile(Problem(_("This is not a text file. Save the table as CSV and try again.")))
    return next(name for name in ("utf-8-sig", "cp1252", "latin-1") if _decodes(path, name))


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(1 << 16):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _next_cells(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader)
    except (csv.Error, UnicodeError) as problem:
        raise UnreadableFile(_unreadable(problem, 1)) from problem


def _unreadable(problem: Exception, row: int) -> Problem:
    """What to look for, in the row where the reading stopped."""
    if isinstance(problem, UnicodeError):
        return Problem(_("Some characters cannot be read. Save the table as CSV in UTF-8 and try again."), row=row)
    if "field limit" in str(problem):
        message = _("A cell has more than %(most)s characters. Perhaps a quotation mark is not closed.")
        return Problem(message % {"most": LONGEST_CELL}, row=row)
    return Problem(_("A quotation mark is not closed, or stands in the middle of a cell."), row=row)
