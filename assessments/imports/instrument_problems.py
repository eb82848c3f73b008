"""What is wrong with an instrument document, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document to what the problem is about."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. An error keeps the document from being used; a warning does not."""

    message: str
    path: Path = ()
    place: str = ""
    """The code of the item, facet, dimension, scale or form that it is about; '' for the whole document."""
    is_warning: bool = False
    row: int | None = None
    """Line of the YAML file, or row of the CSV table (the header is row 1)."""

    def as_line(self) -> str:
        """Place and message in one line: “line 12, INN-FLOW-1: …”."""
        places = [_("line %(n)s") % {"n": self.row} if self.row else "", self.place]
        where = ", ".join(place for place in places if place)
        return f"{where}: {self.message}" if where else self.message


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if not problem.is_warning)


def located(problems: Iterable[Problem], rows: Mapping[Path, int]) -> tuple[Problem, ...]:
    """The problems in the order of the file, each with the row of what it is about, or of what is around that."""
    found = [
        problem if problem.row is not None else replace(problem, row=_row(problem.path, rows)) for problem in problems
    ]
    return tuple(sorted(found, key=lambda problem: (problem.is_warning, problem.row or 0)))


def _row(path: Path, rows: Mapping[Path, int]) -> int | None:
    for length in range(len(path), -1, -1):
        if path[:length] in rows:
            return rows[path[:length]]
    return None
