"""Forms for the people of a group: a list that is pasted or brought as a file, and the public link."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import WaveGroup
from assessments.services.invitations import Person
from ecosystems.delimited import SEPARATORS, Column, Problem, Table, read_table
from ecosystems.text_files import NotText, decode

MOST_ROWS = 10_000
MOST_BYTES = 2 * 2**20
MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
LIKE_ADDRESS = re.compile(r"@|[\[(]at[\])]", re.IGNORECASE)
"""An address that is misspelled, or stands in the cell of a name: nobody of that name waits for a link on paper."""


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("“%(text)s” is not an e-mail address") % {"text": text[:60]}) from None
    return text.lower()


COLUMNS: Sequence[Column] = (
    Column("name", gettext_lazy("Name"), ("full name", "person", "who"), required=False, max_length=120),
    Column(
        "email",
        gettext_lazy("E-mail"),
        ("mail", "e-mail address", "email address", "address"),
        required=False,
        max_length=254,
        parse=_address,
    ),
)


def read_people(text: str) -> Table:
    """People in a delimited text; a list without a header whose first line holds an address is taken, too."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "@" not in first or len(text) > MOST_BYTES:
        table = read_table(text, columns=COLUMNS, max_rows=MOST_ROWS, max_bytes=MOST_BYTES)
    else:  # each line is read on its own, and the first row is that of the first person
        table = read_table(_as_table(text), columns=COLUMNS, max_rows=MOST_ROWS, max_bytes=2 * MOST_BYTES)
        table = replace(
            table,
            rows=tuple(replace(row, number=row.number - 1) for row in table.rows),
            problems=tuple(replace(one, row=one.row and one.row - 1) for one in table.problems),
        )
    return table.with_problems(_problems(table))


def _problems(table: Table) -> Iterator[Problem]:
    """Rows that name nobody, and addresses that are there before."""
    seen: dict[str, int] = {}
    for row in table.rows:
        if not row.cells.get("name") and not row.cells.get("email"):
            yield Problem(row.number, "", _("has neither a name nor an e-mail address"))
        elif LIKE_ADDRESS.search(name := row.cells.get("name", "")):
            yield Problem(
                row.number, "name", _("“%(text)s” is neither a name nor an e-mail address") % {"text": name[:60]}
            )
        if address := row["email"]:
            first = seen.setdefault(address, row.number)
            if first != row.number:
                message = _("“%(address)s” is also in row %(row)d")
                yield Problem(row.number, "email", message % {"address": row.cells["email"], "row": first})


def _as_table(text: str) -> str:
    """A list without a header as a table of names and addresses, line for line."""
    lines = text.splitlines()
    first = next(filter(str.strip, lines))
    usual = max(SEPARATORS, key=first.count)
    only_addresses = not _name_and_address(first, usual, only_addresses=False)[0]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("name", "email"))
    for line in lines:
        if line.strip():
            writer.writerow(_name_and_address(line, usual, only_addresses=only_addresses))
        else:
            out.write("\n")
    return out.getvalue()


def _name_and_address(line: str, usual: str, *, only_addresses: bool) -> tuple[str, str]:
    """One person as people write them: cells in any order, “Ida <ida@x.example>”, “Ida ida@x.example”, or one alone."""
    if written := MAILBOX.fullmatch(line.strip().rstrip(",;")):
        name, address = written["name"].strip(" \t\"',;"), written["address"].strip()
        return ("" if name.lower() == address.lower() else name), address
    separator = usual if usual in line else max(SEPARATORS, key=line.count)
    try:
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=separator), []) if cell.strip()]
    except csv.Error:  # a cell of any length: the table says so
        return line, ""
    if len(cells) == 1 and "@" in cells[0] and " " in cells[0]:
        cells = cells[0].rsplit(None, 1)
    address = next((cell for cell in cells if "@" in cell), "")
    names = [cell for cell in cells if cell != address]
    if only_addresses and not address:
        return "", " ".join(names)
    return (names[0] if names else ""), address


class PeopleForm(forms.Form):
    """A list of people, pasted or uploaded; `table` is what it says. The text is kept whatever is wrong with it."""

    text = forms.CharField(
        label=gettext_lazy("Paste a list"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One person a line: name and e-mail, as copied from a spreadsheet, or addresses alone. "
            "Somebody without e-mail gets a link that you hand over."
        ),
    )
    file = forms.FileField(label=gettext_lazy("or bring a CSV file"), required=False)

    def __init__(self, *args: Any, group: WaveGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        self.table: Table | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        text = cleaned.get("text") or ""
        if upload:
            if upload.size > MOST_BYTES:
                self.add_error("file", _("The file is larger than 2 MB. Split it into parts."))
                return cleaned
            try:
                text = decode(upload.read())
            except NotText as problem:
                self.add_error("file", str(problem))
                return cleaned
            # what was read stands in the box from now on: it can be corrected there, and is not uploaded twice
            self.data = {**dict(self.data.items()), self.add_prefix("text"): text}
            cleaned["text"] = text
        if not text.strip():
            self.add_error("text", _("Paste a list or choose a file"))
            return cleaned
        self.table = read_people(text)
        if not self.table.is_good:
            self.add_error("text", _("Nothing was added. Correct the rows below and check again."))
        return cleaned

    @property
    def people(self) -> list[Person]:
        rows = self.table.rows if self.table else ()
        return [Person(name=row["name"] or "", email=row["email"] or "") for row in rows]


class PublicLinkForm(forms.Form):
    """One link for everybody of a group."""

    on = forms.BooleanField(
        label=gettext_lazy("Public link"),
        required=False,
        help_text=gettext_lazy(
            "Everybody who has it can answer, more than once if they want to. No names, no reminders."
        ),
    )
    expected = forms.IntegerField(
        label=gettext_lazy("How many people have it"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=gettext_lazy("Your estimate. It tells how large the share of answers is."),
    )
