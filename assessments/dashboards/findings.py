"""The one sentence that a page opens with, the index, and what to read with care. Never surer than the intervals."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.charts.spec import Chart
from assessments.charts.trend import TrendPoint, trend
from assessments.dashboards.material import Material, short_name
from assessments.dashboards.values import chart_value, reason_words
from assessments.scoring.absent import Reason
from assessments.scoring.results import Difference, Index, Score
from assessments.scoring.talk import nearest
from assessments.scoring.wave_change import index_change
from ecosystems.numerals import number


@dataclass(frozen=True)
class IndexPanel:
    """`changes`: (since when, change). `reason` in words where there is no index."""

    index: Index
    reason: str
    note: str
    changes: tuple[tuple[str, Difference, str], ...]
    chart: Chart | None
    url: str


def index_panel(material: Material) -> IndexPanel | None:
    """The Generative Value Index with its band, changes and trend; None for a page about leadership."""
    if material.of_leadership:
        return None
    index = material.results.index
    changes = []
    if index.value is not None and material.before:
        changes.append((_("since %(wave)s") % {"wave": material.before.wave.title}, material.before.results.index))
    if index.value is not None and material.first:
        changes.append((_("since the first wave"), material.first.results.index))
    compared = [(words, index_change(earlier, index)) for words, earlier in changes]
    return IndexPanel(
        index=index,
        reason=index_reason(material),
        note=_("%(low)s to %(high)s under every fair way of counting")
        % {"low": number(index.band.low), "high": number(index.band.high)}
        if index.band
        else "",
        changes=tuple(
            (words, change, "" if change.value is not None else reason_words(change.reason))
            for words, change in compared
        ),
        chart=_index_trend(material),
        url=material.index_url,
    )


def index_reason(material: Material) -> str:
    """Why there is no index; '' where there is one."""
    index = material.results.index
    if index.value is not None:
        return ""
    if index.reason is Reason.MISSING_DIMENSION and index.missing and len(index.missing) < len(index.weights):
        names = ", ".join(material.name(code) for code in index.missing)
        return _("needs all dimensions; without a score: %(names)s") % {"names": names}
    return reason_words(index.reason)


def _index_trend(material: Material) -> Chart | None:
    points = []
    for wave in material.history.waves:
        cell = material.history.cell(wave, "index", "GVI")
        if cell is not None and cell.shown:
            points.append(TrendPoint(wave.title, chart_value(cell), short_name(wave)))
    if not points or material.results.index.value is None:
        return None
    return trend(
        "",
        points,
        title=_("Generative Value Index over the waves"),
        band_label=_("where the index stays in 9 of 10 recalculations"),
        wide=720,
        look=material.look,
    )


def finding(material: Material) -> str:
    """What a person would say aloud: how the whole moved, then what stands against it."""
    if material.results.n == 0:
        return _("There is nothing to read yet: nobody’s answers can be shown.")
    if not any(material.cell(row).shown for row in material.rows):
        return _("No group is large enough to be shown, so there is no score to read.")
    if material.is_360 or material.of_leadership:
        return _leadership(material)
    first, worse = _whole(material)
    second = _against(material, worse=worse)
    return f"{first} {second}" if second else first


def _whole(material: Material) -> tuple[str, bool]:
    """How the whole stands or moved, and whether that is bad news already."""
    subject, index = material.wave.assessment.ecosystem.name, material.results.index
    values = {"subject": subject}
    for since in (material.before, material.first):
        if since is None or index.value is None:
            continue
        change = index_change(since.results.index, index)
        if change.clear and change.value is not None:
            values["wave"] = since.wave.title
            if change.value > 0:
                return _("%(subject)s creates more value than in %(wave)s.") % values, False
            return _("%(subject)s creates less value than in %(wave)s.") % values, True
    if index.value is not None and material.before:
        values |= {"wave": material.before.wave.title, "score": number(index.value)}
        return _("%(subject)s stands at %(score)s of 100, with no clear change since %(wave)s.") % values, False
    if index.value is not None:
        return _("%(subject)s stands at %(score)s of 100.") % {**values, "score": number(index.value)}, False
    return _("%(subject)s: there is no index.") % values, False


def _against(material: Material, *, worse: bool) -> str:
    """The clearest drop, with whether leaders see it; else the clearest gap; else what is clearly lowest."""
    drops = []
    for row in (*material.parts, *material.rows):
        change = material.change(row)
        if change is None or not change.difference.clear or change.difference.value is None:
            continue
        if (change.difference.value > 0) is row.barrier:
            drops.append((nearest(change.difference), row, change.difference.value))
    if drops:
        _strength, row, value = max(drops, key=lambda one: one[0])
        name, points = material.name(row.code), number(abs(value))
        values = {"name": name, "points": points}
        if row.barrier:
            return _("“%(name)s”, a barrier, grew by %(points)s points.") % values
        seen = not (row.gap and row.gap.difference.clear and (row.gap.difference.value or 0) > 0)
        if worse and seen:
            return _("“%(name)s” fell most clearly, by %(points)s points.") % values
        if worse:
            return _("“%(name)s” fell most clearly, by %(points)s points; leaders rate it higher than others.") % values
        if seen:
            return _("But “%(name)s” fell by %(points)s points.") % values
        return _("But “%(name)s” fell by %(points)s points, and leaders rate it higher than others do.") % values
    gaps = [row for row in material.rows if row.gap and row.gap.difference.clear]
    if gaps:
        row = max(gaps, key=lambda one: nearest(one.gap.difference) if one.gap else 0.0)
        value = (row.gap and row.gap.difference.value) or 0.0
        words = (
            _("Leaders rate “%(name)s” %(points)s points higher than everyone else.")
            if value > 0
            else _("Leaders rate “%(name)s” %(points)s points lower than everyone else.")
        )
        return words % {"name": material.name(row.code), "points": number(abs(value))}
    return _lowest(material)


def _lowest(material: Material) -> str:
    """The lowest dimension, only where its interval lies below every other's number."""
    cells = [(material.cell(row), row) for row in material.rows if material.cell(row).shown]
    if len(cells) < 2:
        return ""
    cell, row = min(cells, key=lambda one: one[0].value or 0.0)
    others = [other.low for other, one in cells if one is not row]
    if cell.high is None or any(low is None or low <= cell.high for low in others):
        return _("No dimension is clearly ahead of or behind all others.")
    return _("It is clearly lowest in “%(name)s”.") % {"name": material.name(row.code)}


def _leadership(material: Material) -> str:
    rows: list[Score] = [row for row in material.parts if row.gap] or [row for row in material.rows if row.gap]
    clear = [row for row in rows if row.gap and row.gap.difference.clear]
    leader = material.own_label if material.is_360 else _("Leaders")
    if not rows:
        return _("These are the views on leadership of %(n)d people.") % {"n": material.results.n}
    if not clear:
        return _("%(leader)s’s own view and that of the others differ nowhere clearly.") % {"leader": leader}
    row = max(clear, key=lambda one: nearest(one.gap.difference) if one.gap else 0.0)
    value = (row.gap and row.gap.difference.value) or 0.0
    words = (
        _("%(leader)s sees “%(name)s” %(points)s points higher than the others do.")
        if value > 0
        else _("%(leader)s sees “%(name)s” %(points)s points lower than the others do.")
    )
    return words % {"leader": leader, "name": material.name(row.code), "points": number(abs(value))}
