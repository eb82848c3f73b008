"""An instrument from a table of items, one row an item; several rows with one code word it for several audiences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.imports.instrument_documents import Reading, check_document
from assessments.imports.instrument_problems import Path, Problem
from assessments.imports.instrument_rules import MOST_ITEMS
from ecosystems.delimited import Column, Row, read_table

FIVE_DIMENSIONS = {
    "INN": gettext_lazy("Innovation impact"),
    "ECO": gettext_lazy("Ecosystem health"),
    "ADA": gettext_lazy("Adaptability"),
    "SAT": gettext_lazy("Stakeholder satisfaction"),
    "SUS": gettext_lazy("Sustainability"),
}
MOST_ROWS = MOST_ITEMS * 4
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
SPAN = re.compile(r"\s*([-−]?\d{1,4})\s*(?:-|–|—|to|\.\.)\s*([-−]?\d{1,4})\s*")
FORWARD = {"forward", "f", "+", "+1", "1", "normal", "positive", "no", "false", "0"}
REVERSE = {"reverse", "reversed", "r", "-", "−", "-1", "−1", "negative", "yes", "true"}


def _keying(text: str) -> str:
    word = text.strip().lower()
    if word in FORWARD:
        return "forward"
    if word in REVERSE:
        return "reverse"
    raise ValueError(_("“%(value)s” is not a keying. Write forward or reverse.") % {"value": text})


def _whole(text: str) -> int:
    try:
        return int(text.replace("−", "-"))
    except ValueError:
        raise ValueError(_("“%(value)s” is not a whole number.") % {"value": text}) from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in re.split(r"[|;,/]", text) if word.strip()]


def columns() -> tuple[Column, ...]:
    """What a table of items may hold; only code and text must be there."""
    return (
        Column("code", _("code"), ("item", "item code", "id"), max_length=60),
        Column("text", _("text"), ("item text", "question", "wording"), max_length=300),
        Column("dimension", _("dimension"), ("domain",), required=False, max_length=60),
        Column("facet", _("facet"), ("construct", "subscale"), required=False, max_length=60),
        Column("scale", _("scale"), ("response scale",), required=False, max_length=40),
        Column("lo", _("lo"), ("low", "lowest", "min", "minimum"), required=False, parse=_whole),
        Column("hi", _("hi"), ("high", "highest", "max", "maximum"), required=False, parse=_whole),
        Column("labels", _("labels"), ("answers", "levels"), required=False),
        Column("keying", _("keying"), ("reverse", "reversed", "key"), required=False, parse=_keying),
        Column("audience", _("audience"), ("audiences", "asked of"), required=False, parse=_words),
        Column("form", _("form"), ("forms",), required=False, parse=_words),
    )


def read_items_table(data: bytes | str, *, code: str, name: str) -> Reading:
    """Read and check a table of items; problems carry the row as a spreadsheet counts it (the header is row 1)."""
    table = read_table(data, columns=columns(), max_rows=MOST_ROWS)
    if table.problems:
        found = (Problem(problem.message, place=problem.column, row=problem.row) for problem in table.problems)
        return Reading(None, tuple(found))
    maker = _Maker(code=code, name=name)
    for row in table.rows:
        maker.add(row)
    document = maker.document()
    if maker.problems:
        return Reading(None, tuple(maker.problems))
    return check_document(document, maker.rows)


@dataclass
class _Maker:
    code: str
    name: str
    problems: list[Problem] = field(default_factory=list)
    rows: dict[Path, int] = field(default_factory=dict)
    audiences: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, str]] = field(default_factory=dict)
    scales: dict[str, dict[str, Any]] = field(default_factory=dict)
    blocks: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(default_factory=dict)
    """Dimension → facet → item code → item; the codes are as written, the order is that of the rows."""
    names: dict[str, str] = field(default_factory=dict)
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    item_rows: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        code = row["code"]
        audiences = [self._key(word, self.audiences) for word in row["audience"] or ()]
        if code in self.homes:
            self._another_wording(row, audiences)
            return
        dimension = self._code(row["dimension"] or "ITEMS")
        facet = self._code(row["facet"] or row["dimension"] or "ITEMS")
        item: dict[str, Any] = {"code": code, "text": row["text"], "scale": self._scale(row)}
        item["keying"] = row["keying"] or "forward"
        if audiences:
            item["audiences"] = audiences
        if row["form"]:
            item["form_names"] = [self._form(word) for word in row["form"]]
        self.homes[code], self.item_rows[code] = (dimension, facet), row.number
        self.blocks.setdefault(dimension, {}).setdefault(facet, {})[code] = item

    def document(self) -> dict[str, Any]:
        audiences = self.audiences or {"everyone": _("Everyone who is asked")}
        forms: Mapping[str, Any] = self.forms or {"full": {"title": self.name}}
        dimensions = []
        for b, (block, facets) in enumerate(self.blocks.items()):
            entries = []
            for f, (facet, items) in enumerate(facets.items()):
                for i, item in enumerate(items.values()):
                    self.rows[("dimensions", b, "facets", f, "items", i)] = self.item_rows[item["code"]]
                    item.setdefault("audiences", list(audiences))
                    item["forms"] = {form: [*item["audiences"]] for form in item.pop("form_names", forms)}
                entries.append({"code": facet, "name": self.names[facet], "items": list(items.values())})
                self.rows[("dimensions", b, "facets", f)] = self.item_rows[next(iter(items))]
            dimensions.append({"code": block, "name": self.names[block], "facets": entries})
            self.rows[("dimensions", b)] = self.rows[("dimensions", b, "facets", 0)]
        return {
            "code": self.code,
            "name": self.name,
            "audiences": audiences,
            "scales": self.scales,
            "forms": forms,
            "dimensions": dimensions,
        }

    def _another_wording(self, row: Row, audiences: list[str]) -> None:
        block, facet = self.homes[row["code"]]
        item = self.blocks[block][facet][row["code"]]
        known = item.get("audiences", [])
        if not audiences or not known or set(audiences) & set(known):
            message = _("The code %(code)s is used in row %(row)d already. Give each item its own code.")
            self._problem(row, message % {"code": row["code"], "row": self.item_rows[row["code"]]})
            return
        texts = item["text"] if isinstance(item["text"], dict) else dict.fromkeys(known, item["text"])
        item["text"] = {**texts, **dict.fromkeys(audiences, row["text"])}
        item["audiences"] = [*known, *audiences]

    def _scale(self, row: Row) -> str:
        name, low, high = row["scale"] or "", row["lo"], row["hi"]
        span = SPAN.fullmatch(name)
        if span:
            low, high = (int(end.replace("−", "-")) for end in span.groups())
        labels = [label.strip() for label in (row["labels"] or "").split("|") if label.strip()]
        if labels and low is None:
            low = 1
        if labels and high is None:
            high = low + len(labels) - 1
        key = self._code(name) if name and not span else f"from-{low}-to-{high}"
        known = self.scales.get(key)
        if low is None or high is None:
            if known is None:
                self._problem(row, _("The scale is not known. Give lo and hi, or a scale such as 1-5."))
            return key
        scale: dict[str, Any] = {"lo": low, "hi": high}
        if labels:
            scale["levels"] = {str(low + at): label for at, label in enumerate(labels)}
        if known is not None and (known["lo"], known["hi"]) != (low, high):
            values = {"scale": name, "lo": known["lo"], "hi": known["hi"]}
            self._problem(row, _("The scale “%(scale)s” ran from %(lo)s to %(hi)s in an earlier row.") % values)
        elif known is None or (labels and "levels" not in known):
            self.scales[key] = scale
            self.rows.setdefault(("scales", key), row.number)
        return key

    def _code(self, text: str) -> str:
        """A code as written where it can be one, else made from the words; the words stay as the name."""
        code = text if CODE.fullmatch(text) else slugify(text).upper()
        if not CODE.fullmatch(code):
            code = f"C-{code or len(self.names) + 1}"
        self.names.setdefault(code, str(FIVE_DIMENSIONS.get(code, text)))
        return code

    def _key(self, word: str, known: dict[str, str]) -> str:
        key = slugify(word) or f"audience-{len(known) + 1}"
        key = key if key[0].isalpha() else f"audience-{key}"
        known.setdefault(key[:40], word)
        return key[:40]

    def _form(self, word: str) -> str:
        titles: dict[str, str] = {}
        key = self._key(word, titles)
        self.forms.setdefault(key, {"title": word})
        return key

    def _problem(self, row: Row, message: str) -> None:
        self.problems.append(Problem(message, place=row["code"], row=row.number))
