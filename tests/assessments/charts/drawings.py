"""Reading drawings back: what a chart really shows, for the tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from assessments.charts.spec import Chart
from assessments.charts.svg import size_of
from assessments.charts.text import text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Words:
    """One text element and the box it needs."""

    text: str
    classes: str
    left: float
    right: float
    top: float
    bottom: float


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def words(svg: str) -> list[Words]:
    """Every text that is read, halos left out."""
    found = []
    for element in parsed(svg).iter(f"{SVG}text"):
        if element.get("aria-hidden"):
            continue
        classes, text = element.get("class", ""), element.text or ""
        size = size_of(classes)
        width = text_width(text, size, "t-b" in classes.split())
        shift = {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        left, base = float(element.get("x", "0")) - shift, float(element.get("y", "0"))
        found.append(Words(text, classes, left, left + width, base - 0.75 * size, base + 0.2 * size))
    return found


def texts(svg: str, css_class: str = "") -> list[str]:
    return [w.text for w in words(svg) if not css_class or css_class in w.classes.split()]


def with_class(svg: str, css_class: str) -> list[ElementTree.Element]:
    return [e for e in parsed(svg).iter() if css_class in e.get("class", "").split()]


def hatches(svg: str) -> list[ElementTree.Element]:
    return [e for e in parsed(svg).iter(f"{SVG}rect") if e.get("fill", "").startswith("url(#")]


def tips(svg: str) -> list[str]:
    """What the marks say when pointed at."""
    return [mark.find(f"{SVG}title").text or "" for mark in with_class(svg, "mark")]  # type: ignore[union-attr]


def table(chart: Chart) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in chart.spec.rows]


def outside(svg: str, slack: float = 1.0) -> Iterator[Words]:
    """Texts that would leave the drawing."""
    root = parsed(svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for word in words(svg):
        if word.left < -slack or word.right > width + slack or word.top < -slack or word.bottom > height + slack:
            yield word
