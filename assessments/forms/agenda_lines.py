"""Lists that are typed one a line, and how a changed list finds what it was before.

Votes hang on the keys of items and options, comparisons with waves on their codes: a line that was only reworded
keeps both.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django import forms
from django.utils.translation import gettext as _

from assessments.models.activity_plans import Item, Option, Pair

ARROW: Final = re.compile(r"\s*(?:→|⟶|->|=>|>)\s*")
LONGEST_FACTOR: Final = 80
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """A question with words for the ends of its own scale, where the line brings them."""

    text: str
    low: str = ""
    high: str = ""


class LinesField(forms.CharField):
    """A text of which each line that is not empty is one thing; cleaned to a list of them, each of them once."""

    def __init__(self, *, longest: int, rows: int = 5, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows}),
            required=False,
            max_length=20_000,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = [" ".join(line.split()) for line in text.splitlines()]
        lines = [line for line in lines if line]
        for line in lines:
            if len(line) > self.longest:
                raise forms.ValidationError(
                    _("“%(line)s…” is too long: use at most %(most)s characters a line.")
                    % {"line": line[:40], "most": self.longest}
                )
        doubled = next((line for at, line in enumerate(lines) if _folded(line) in map(_folded, lines[:at])), None)
        if doubled:
            raise forms.ValidationError(_("“%(line)s” stands there twice.") % {"line": doubled[:80]})
        return lines


def read_line(text: str) -> Line:
    """`Question | low end | high end`; a line without both ends is a question as it stands."""
    parts = [part.strip() for part in text.split("|")]
    return Line(*parts) if len(parts) == 3 and parts[0] else Line(text)


def written_line(item: Item) -> str:
    return f"{item.text} | {item.low} | {item.high}" if item.low or item.high else item.text


def read_pairs(lines: Iterable[str]) -> list[tuple[str, str]]:
    """`Trust → Open talk`, also with ->; raises ValidationError naming the line that is none."""
    pairs = []
    for line in lines:
        parts = ARROW.split(line)
        if len(parts) != 2 or not all(parts):
            raise forms.ValidationError(
                _("“%(line)s” is not a link. Write it like this: Trust → Open talk") % {"line": line[:80]}
            )
        if long := next((part for part in parts if len(part) > LONGEST_FACTOR), ""):
            raise forms.ValidationError(
                _("“%(name)s…” is too long for a factor: use at most %(most)s characters.")
                % {"name": long[:40], "most": LONGEST_FACTOR}
            )
        pairs.append((parts[0], parts[1]))
    return pairs


def written_pairs(pairs: Iterable[Pair]) -> str:
    return "\n".join(f"{pair.source} → {pair.target}" for pair in pairs)


def written_options(options: Iterable[Option]) -> str:
    return "\n".join(option.text for option in options)


def matched(texts: Sequence[str], old: Sequence[T], text_of: Callable[[T], str]) -> list[T | None]:
    """For each text what it was before, or None: the same words, else, where as many are left, the one at its place."""
    left = list(old)
    found: list[T | None] = []
    for text in texts:
        same = next((one for one in left if _folded(text_of(one)) == _folded(text)), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    new = [at for at, one in enumerate(found) if one is None]
    if len(new) == len(left):
        for at, one in zip(new, left, strict=True):
            found[at] = one
    return found


def new_key(letter: str, taken: set[str]) -> str:
    """A key that is not taken, and is from now on."""
    number = next(number for number in range(1, len(taken) + 2) if f"{letter}{number}" not in taken)
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"


def options_of(lines: Sequence[str], old: Sequence[Option]) -> tuple[Option, ...]:
    taken = {option.key for option in old}
    before = matched(lines, old, lambda option: option.text)
    return tuple(
        Option(key=was.key if was else new_key("o", taken), text=line) for line, was in zip(lines, before, strict=True)
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
