"""A causal map as a file tells it: factors and links by name, each with the place where it was found."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from django.utils.translation import gettext as _

from assessments.imports.maps.effects import read_effect, read_number
from ecosystems.delimited import clean_cell, shorten
from ecosystems.names import name_key, visible

LONGEST_NAME: Final = 80
LONGEST_CODE: Final = 60
MOST_FACTORS: Final = 200
MOST_LINKS: Final = 1_000
MOST_TOLD: Final = 5 * MOST_LINKS
"""Links that a file may tell of before they are counted once: the rest of it is not looked at."""
MOST_BYTES: Final = 5_000_000
MOST_PROBLEMS: Final = 200
"""From there on a file is only read to its end if that costs nothing: nobody mends more at a time."""
VOTED, DRAWN, HELD, NOT_HELD = "voted", "drawn", "yes", "no"
"""What files say of where a link comes from, and whether it is on the map."""
FARTHEST: Final = 20_000.0
"""Units of the drawing."""


@dataclass(frozen=True, slots=True)
class ReadFactor:
    """`place` says where in the file, in words; '' for a factor that only a link names."""

    name: str
    facet: str = ""
    indicator: str = ""
    x: float | None = None
    y: float | None = None
    place: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class ReadLink:
    """Names of both ends; sign ±1, strength 1–3, delay 0–2. `voted`: the file says that votes told this, not a pen."""

    source: str
    target: str
    sign: int
    strength: int
    delay: int
    voted: bool = False
    place: str = field(default="", compare=False)

    @property
    def pair(self) -> tuple[str, str]:
        return name_key(self.source), name_key(self.target)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What keeps a file from being imported, or is worth a look; `place` is '' for the file as a whole."""

    place: str
    message: str

    def __str__(self) -> str:
        if not self.place:
            return self.message
        return _("%(place)s: %(message)s") % {"place": self.place, "message": self.message}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. With problems nothing of it may be imported; `notes` do not stand in the way."""

    factors: tuple[ReadFactor, ...] = ()
    links: tuple[ReadLink, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    notes: tuple[FileProblem, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.problems


def refused(message: str, place: str = "") -> Reading:
    """A file that cannot be read at all."""
    return Reading(problems=(FileProblem(place, message),))


class TooMany(Exception):
    """The file holds more than a map can take, or more mistakes than anybody reads."""


@dataclass
class MapReader:
    """Takes factors and links as a file gives them, in its order, and keeps what is wrong with them."""

    factors: dict[str, ReadFactor] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """What the file calls a factor → its name."""
    links: dict[tuple[str, str, int], ReadLink] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[FileProblem] = field(default_factory=list)
    told: int = 0
    """Links so far, each as often as the file tells of it."""

    def factor(self, place: str, cells: Mapping[str, str], *, id: str = "") -> None:
        """`cells`: name, facet, indicator, x, y as texts; `id` is what links call it, where that is not its name."""
        name = self._name(place, cells.get("name", ""))
        if name is None:
            return
        known = self.factors.get(name_key(name))
        if known is not None and known.place:
            self.wrong(
                place, _("“%(name)s” is there already (%(place)s)") % {"name": shorten(name), "place": known.place}
            )
            return
        if id and id in self.ids:
            self.wrong(place, _("the id “%(id)s” is there twice") % {"id": shorten(id)})
            return
        x, y = (self._position(place, cells.get(axis, "")) for axis in ("x", "y"))
        if (x is None) != (y is None):
            x = y = None
        facet, indicator = (cells.get(code, "").strip() for code in ("facet", "indicator"))
        for code in (facet, indicator):
            if len(code) > LONGEST_CODE or not code.isprintable():
                self.wrong(place, _("“%(code)s” is no code of a facet or an indicator") % {"code": shorten(code)})
        self._add(ReadFactor(name, facet, indicator, x, y, place))
        if id:
            self.ids[id] = name

    def link(self, place: str, source: str, target: str, told: Mapping[str, str]) -> None:
        """Between two names; a factor that nothing else names is added. `told`: see `read_effect`."""
        ends = [self._name(place, end) for end in (source, target)]
        if ends[0] is None or ends[1] is None:
            return
        for name in (ends[0], ends[1]):
            if name_key(name) not in self.factors:
                self._add(ReadFactor(name))
        self._link(place, ends[0], ends[1], told)

    def link_by_id(self, place: str, source: str, target: str, told: Mapping[str, str]) -> None:
        """Between two factors that the file has told of before, by their ids or else their names."""
        ends = []
        for end in (source, target):
            name = self.ids.get(end)
            if name is None and (known := self.factors.get(name_key(_seen(end)))) is not None:
                name = known.name
            if name is None:
                shown = shorten(end) or "?"
                self.wrong(place, _("names the factor “%(name)s”, which the file does not hold") % {"name": shown})
            else:
                ends.append(name)
        if len(ends) == 2:
            self._link(place, ends[0], ends[1], told)

    def wrong(self, place: str, message: str) -> None:
        self.problems.append(FileProblem(place, message))
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(FileProblem("", _("There is more. Mend these first, then look again.")))
            raise TooMany

    def note(self, place: str, message: str) -> None:
        if len(self.notes) < MOST_PROBLEMS:
            self.notes.append(FileProblem(place, message))

    def reading(self) -> Reading:
        if not self.factors and not self.problems:
            return refused(_("There is no factor and no link in it."))
        return Reading(
            tuple(self.factors.values()), tuple(self.links.values()), tuple(self.problems), tuple(self.notes)
        )

    def _add(self, factor: ReadFactor) -> None:
        known = self.factors.get(factor.key)
        self.factors[factor.key] = factor if known is None or factor.place else known
        if len(self.factors) > MOST_FACTORS:
            message = _("There are more than %(most)d factors. A map takes at most that many.")
            self.problems.append(FileProblem("", message % {"most": MOST_FACTORS}))
            raise TooMany

    def _link(self, place: str, source: str, target: str, told: Mapping[str, str]) -> None:
        self.told += 1
        if self.told > MOST_TOLD:
            self._too_many_links()
        if name_key(source) == name_key(target):
            self.wrong(
                place, _("“%(name)s” is linked to itself. Take the link out of the file.") % {"name": shorten(source)}
            )
            return
        if told.get("basis", "").strip() == VOTED and told.get("held", "").strip() == NOT_HELD:
            self.note(place, _("passed over: most who voted there see no effect"))
            return
        try:
            sign, strength, delay = read_effect(told)
        except ValueError as problem:
            self.wrong(place, str(problem))
            return
        link = ReadLink(source, target, sign, strength, delay, told.get("basis", "").strip() == VOTED, place)
        known = self.links.get((*link.pair, sign))
        if known is not None:
            self._doubled(link, known)
            return
        if (*link.pair, -sign) in self.links:
            values = {"source": shorten(source), "target": shorten(target)}
            self.note(place, _("“%(source)s” both raises and lowers “%(target)s”: both opinions are kept") % values)
        self.links[(*link.pair, sign)] = link
        if len(self.links) > MOST_LINKS:
            self._too_many_links()

    def _too_many_links(self) -> NoReturn:
        message = _("There are more than %(most)s links. A map takes at most that many.")
        self.problems.append(FileProblem("", message % {"most": f"{MOST_LINKS:,}"}))
        raise TooMany

    def _doubled(self, link: ReadLink, known: ReadLink) -> None:
        if (link.strength, link.delay) == (known.strength, known.delay):
            self.note(link.place, _("the same as %(place)s; it is taken once") % {"place": known.place})
            return
        message = _("the same link stands at %(place)s with another strength or delay. Keep one of them.")
        self.wrong(link.place, message % {"place": known.place})

    def _name(self, place: str, given: str) -> str | None:
        name = _seen(given)
        if not name:
            self.wrong(place, _("a name is missing"))
        elif len(name) > LONGEST_NAME:
            values = {"name": shorten(name), "length": len(name), "limit": LONGEST_NAME}
            self.wrong(place, _("“%(name)s” has %(length)d characters, at most %(limit)d fit") % values)
        elif any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
            self.wrong(place, _("a name holds a character that cannot be shown"))
        else:
            return name
        return None

    def _position(self, place: str, text: str) -> float | None:
        if not text.strip():
            return None
        try:
            value = read_number(text)
        except ValueError:
            value = FARTHEST + 1
        if abs(value) > FARTHEST:
            self.note(place, _("its place on the drawing cannot be read; it is laid out anew"))
            return None
        return round(value, 2)


def _seen(name: str) -> str:
    """One line of what can be seen of it."""
    return " ".join(visible(clean_cell(name)).split())
