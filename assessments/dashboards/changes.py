"""What changed since the wave before, and which leadership topics go with which dimension."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.change import ChangeRow, change
from assessments.charts.spec import Chart
from assessments.dashboards.material import Material
from assessments.dashboards.values import difference_value, reason_words
from assessments.scoring.absent import Reason
from assessments.scoring.quality import FEWEST_ANSWERS
from assessments.scoring.results import Difference, Driver, DriverSet
from ecosystems.numerals import number

MOST_CHANGES = 8
MOST_DRIVERS = 5


@dataclass(frozen=True)
class Changes:
    chart: Chart | None
    reason: str
    left_out: str


def part_changes(material: Material) -> dict[str, Difference]:
    """Change of every row and of every facet since the wave before, by code; what cannot be compared is left out."""
    found = {}
    for row in (*material.rows, *material.parts):
        compared = material.change(row)
        if compared and compared.difference.value is not None:
            found[row.code] = compared.difference
    return found


def changes(material: Material, moved: dict[str, Difference]) -> Changes:
    """The facets that moved most, largest rise first. While a wave is open there are no facets."""
    if material.before is None:
        return Changes(None, reason_words(Reason.NEEDS_TWO_WAVES), "")
    if material.results.live:
        return Changes(None, reason_words(Reason.AFTER_CLOSING), "")
    parts = [part for part in material.parts if part.code in moved]
    parts.sort(key=lambda part: -abs(moved[part.code].value or 0.0))
    kept = sorted(parts[:MOST_CHANGES], key=lambda part: -(moved[part.code].value or 0.0))
    if not kept:
        return Changes(None, _("the two waves did not ask the same"), "")
    title = _("What changed since %(wave)s") % {"wave": material.before.wave.title}
    rows = [
        ChangeRow(material.mark(part.code), material.name(part.code), difference_value(moved[part.code]))
        for part in kept
    ]
    return Changes(change(rows, title=title, look=material.look), "", left_out(material))


def left_out(material: Material) -> str:
    """Groups that only one of the two waves shows: a change leaves them out, or it would be one of who was asked."""
    keys: list[str] = []
    for row in material.rows:
        compared = material.change(row)
        keys += [key for key in (compared.left_out if compared else ()) if key not in keys]
    if not keys or material.before is None:
        return ""
    earlier = {group.key: group.label for group in material.before.results.groups}
    names = [material.labels.get(key) or earlier.get(key, key) for key in keys]
    return ngettext(
        "Left out of the comparison, since only one of the two waves shows it: %(names)s.",
        "Left out of the comparison, since only one of the two waves shows them: %(names)s.",
        len(names),
    ) % {"names": ", ".join(names)}


@dataclass(frozen=True)
class DriverRow:
    """`share` is the topic's part of what leadership goes with, in per cent."""

    code: str
    name: str
    url: str
    share: str
    r: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class DriverPanel:
    """What goes with one dimension, strongest first, or why that cannot be said."""

    code: str
    mark: str
    name: str
    reason: str
    note: str
    rows: tuple[DriverRow, ...]


def drivers(material: Material) -> tuple[tuple[DriverPanel, ...], str]:
    """One panel for each dimension with numbers, and one sentence where there are none at all."""
    results = material.results
    if material.of_leadership:
        return (), ""
    if results.live:
        return (), reason_words(Reason.AFTER_CLOSING)
    if not results.drivers:
        return (), reason_words(Reason.NO_LEADERSHIP)
    panels = tuple(_panel(material, found) for found in results.drivers)
    if not any(panel.rows for panel in panels) and len({panel.reason for panel in panels}) == 1:
        return (), panels[0].reason
    return panels, ""


def _panel(material: Material, found: DriverSet) -> DriverPanel:
    return DriverPanel(
        code=found.outcome,
        mark=material.mark(found.outcome),
        name=material.name(found.outcome),
        reason=_refusal(material, found),
        note=""
        if found.r2 is None
        else _("Together they go with %(share)s %% of its differences between people, n %(n)s.")
        % {"share": number(100 * found.r2), "n": found.n},
        rows=tuple(_driver(material, one) for one in found.drivers[:MOST_DRIVERS]),
    )


def _driver(material: Material, one: Driver) -> DriverRow:
    return DriverRow(
        code=one.code,
        name=material.name(one.code),
        url=material.url(one.code),
        share="" if one.share is None else number(100 * one.share),
        r=one.r,
        low=one.r_low,
        high=one.r_high,
    )


def _refusal(material: Material, found: DriverSet) -> str:
    if found.reason is None:
        return ""
    if found.reason is Reason.TOO_FEW_ANSWERS:
        return _("needs %(need)d people who answered both about leadership and about the network") % {
            "need": FEWEST_ANSWERS
        }
    names = ", ".join(material.name(code) for code in found.culprits)
    return f"{reason_words(found.reason)}: {names}" if names else reason_words(found.reason)
