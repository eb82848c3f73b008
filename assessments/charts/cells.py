"""Table cells and sentences of a value, so that every chart says a number in the same way."""

from assessments.charts.spec import Cell, Look, Missing, Score, Value
from assessments.charts.words import Words
from ecosystems.numerals import number, signed


def missing_words(value: Missing, words: Words) -> str:
    return words.withheld_long if value.withheld else value.reason


def missing_cell(value: Missing, look: Look) -> Cell:
    return Cell(missing_words(value, look.words), withheld=value.withheld, absent=not value.withheld)


def value_cell(value: Value | None, look: Look, digits: int = 0, *, sign: bool = False) -> Cell:
    """The number alone; None (not part of this chart) is an empty cell."""
    if value is None:
        return Cell("")
    if isinstance(value, Missing):
        return missing_cell(value, look)
    return Cell(signed(value.value, digits) if sign else number(value.value, digits))


def interval_cell(value: Value | None, look: Look, digits: int = 0, *, sign: bool = False) -> Cell:
    """The interval in words; a withheld number's interval is withheld with it."""
    if value is None:
        return Cell("")
    if isinstance(value, Missing):
        return missing_cell(value, look)
    ends = value.interval
    return Cell(look.words.span(*ends, digits, sign=sign)) if ends else Cell(look.words.no_interval, absent=True)


def sentence(name: str, value: Value | None, look: Look, digits: int = 0, *, sign: bool = False) -> str:
    """`Adaptability: 48 (95 % interval 44 to 52), n 331`, or what is missing; empty for None."""
    if value is None:
        return ""
    if isinstance(value, Missing):
        return f"{name}: {missing_words(value, look.words)}"
    words = look.words
    said = f"{name}: {value_cell(value, look, digits, sign=sign)}"
    if value.interval:
        said += f" ({words.interval} {words.span(*value.interval, digits, sign=sign)})"
    if value.n is not None:
        said += f", {words.n.format(n=value.n)}"
    return said


def described(parts: list[str], look: Look) -> str:
    """The parts that say something, as one description."""
    return "; ".join(part for part in parts if part) or look.words.no_data


def shown(value: Value | None) -> Score | None:
    """The number if there is one to draw."""
    return value if isinstance(value, Score) else None
