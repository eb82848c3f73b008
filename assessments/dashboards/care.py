"""What to read with care: how small a change this wave could show, and what its numbers leave out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.groups import WhoAnswered
from assessments.dashboards.material import Material
from assessments.scoring.results import ReliabilityResult
from ecosystems.numerals import number

LOW_RELIABILITY = 0.7
MANY = 10


@dataclass(frozen=True)
class Care:
    sentences: tuple[str, ...]


def care(material: Material, who: WhoAnswered, left_out: str) -> Care:
    """Sentences that hold for this wave; there is always the first one when there are scores with intervals."""
    said = [_smallest_change(material), _many(material), _waiting(who), who.thin, left_out, *_measurement(material)]
    if material.before and material.before.wave.version_id != material.wave.version_id:
        said.append(_("The two waves asked with different versions of the questions: only what both have is compared."))
    return Care(tuple(one for one in said if one))


def _smallest_change(material: Material) -> str:
    """The change of a dimension that two waves like this one could tell from chance: √2 times half the interval."""
    halves = [
        (cell.high - cell.low) / 2
        for row in material.rows
        if (cell := material.cell(row)).low is not None and cell.high is not None and cell.low is not None
    ]
    if not halves:
        return ""
    points = max(1, round(2**0.5 * sorted(halves)[len(halves) // 2]))
    n = material.results.n
    return ngettext(
        "%(n)d answer is enough to see a change of about %(points)s points. Smaller moves are noise until a second"
        " wave repeats them.",
        "%(n)d answers are enough to see a change of about %(points)s points. Smaller moves are noise until a second"
        " wave repeats them.",
        n,
    ) % {"n": n, "points": number(points)}


def _many(material: Material) -> str:
    """Whoever compares much finds something: what looks clear among many comparisons may still be chance."""
    compared = sum(
        found is not None and found.difference.low is not None
        for found in (material.change(row) for row in (*material.rows, *material.parts))
    )
    if compared < MANY:
        return ""
    return _("Of %(n)d comparisons with the wave before, about one in twenty looks clear by chance alone.") % {
        "n": compared
    }


def _waiting(who: WhoAnswered) -> str:
    if not who.waiting:
        return ""
    return ngettext(
        "%(n)d new answer waits: alone it could be read off the difference. It counts once enough others join it.",
        "%(n)d new answers wait: so few could be read off the difference. They count once enough others join them.",
        who.waiting,
    ) % {"n": who.waiting}


def _measurement(material: Material) -> list[str]:
    """Dimensions whose questions hang together poorly, or against each other."""
    codes = [row.code for row in material.rows]
    found: dict[str, ReliabilityResult] = {}
    for one in material.results.reliability:
        if one.code in codes and one.code not in found and one.alpha is not None:
            found[one.code] = one
    weak = [
        material.name(code) for code, one in found.items() if not one.keying_error and _alpha(one) < LOW_RELIABILITY
    ]
    wrong = [material.name(code) for code, one in found.items() if one.keying_error]
    said = []
    if weak:
        said.append(
            _("The questions hang together less than usual in %(names)s: compare people’s answers there, not decimals.")
            % {"names": ", ".join(weak)}
        )
    if wrong:
        said.append(
            _("Questions contradict each other in %(names)s: check whether one is keyed the wrong way.")
            % {"names": ", ".join(wrong)}
        )
    return said


def _alpha(one: ReliabilityResult) -> float:
    return one.alpha if one.alpha is not None else 1.0
