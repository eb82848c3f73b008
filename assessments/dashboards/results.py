"""The results page of a wave, built once for the page, its fragment and its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.spec import Chart
from assessments.dashboards.answers import Answers, answers
from assessments.dashboards.care import Care, care
from assessments.dashboards.changes import Changes, DriverPanel, changes, drivers, left_out, part_changes
from assessments.dashboards.dimensions import Dimensions, DimensionTrend, dimensions, profile, trends
from assessments.dashboards.evidence import Evidence, evidence
from assessments.dashboards.findings import IndexPanel, finding, index_panel
from assessments.dashboards.groups import Groups, WhoAnswered, gap, groups, who_answered
from assessments.dashboards.leadership import Leadership, leadership
from assessments.dashboards.loading import Loaded, WaveChoice
from assessments.dashboards.material import Material
from assessments.dashboards.talk import Talk, talk
from assessments.enums import WaveState
from assessments.models import Wave
from assessments.selectors.evidence import Figure
from assessments.selectors.waves import WaveProgress, progress_of

State = Literal["draft", "counting", "scoring", "results"]


@dataclass(frozen=True)
class Report:
    """Every part of a page with numbers."""

    live: bool
    of_leadership: bool
    finding: str
    index: IndexPanel | None
    dimensions: Dimensions
    evidence: Evidence | None
    profile: Chart | None
    gap: Chart | None
    gap_reason: str
    gap_sub: str
    groups: Groups | None
    changes: Changes
    answers: Answers | None
    drivers: tuple[DriverPanel, ...]
    drivers_reason: str
    trends: tuple[DimensionTrend, ...]
    leadership: Leadership | None
    talk: Talk
    care: Care
    n: int


@dataclass(frozen=True)
class ResultsPage:
    """`version` grows with every recompute; `stale`: newer answers are being counted right now."""

    wave: Wave
    state: State
    title: str
    intro: str
    version: int
    stale: bool
    progress: WaveProgress
    who: WhoAnswered | None
    report: Report | None
    choices: tuple[WaveChoice, ...]

    @property
    def is_open(self) -> bool:
        return self.wave.state == WaveState.OPEN


def results_page(
    loaded: Loaded, *, figures: Mapping[str, Figure] | None = None, items: str = "", sort: str = ""
) -> ResultsPage:
    """`figures` stand beside the ratings; `items`: whose questions are shown; `sort`: the order of many groups."""
    wave, material = loaded.wave, loaded.material
    progress = progress_of(wave)
    who = who_answered(material, progress) if material else None
    return ResultsPage(
        wave=wave,
        state=_state(wave, material),
        title=_title(wave),
        intro=_intro(wave, who),
        version=wave.scores_done_version,
        stale=wave.is_stale,
        progress=progress,
        who=who,
        report=_report(material, who, figures or {}, items=items, sort=sort) if material and who else None,
        choices=loaded.choices,
    )


def _state(wave: Wave, material: Material | None) -> State:
    if material is not None:
        return "results"
    if wave.state == WaveState.DRAFT:
        return "draft"
    return "scoring" if wave.state == WaveState.CLOSED or wave.live_results else "counting"


def _title(wave: Wave) -> str:
    leader = wave.assessment.leader
    if leader:
        return _("%(wave)s: how working with %(name)s is seen") % {"wave": wave.title, "name": leader.name}
    return _("%(wave)s: how %(name)s is doing") % {"wave": wave.title, "name": wave.assessment.ecosystem.name}


def _intro(wave: Wave, who: WhoAnswered | None) -> str:
    said = [_("Wave %(n)d of “%(name)s”.") % {"n": wave.number, "name": wave.assessment.name}]
    if who:
        said.append(who.said)
    k = wave.min_group_size
    mode = _("Anonymous.") if wave.anonymity == "anonymous" else _("Answers carry names.")
    said += [mode, ngettext("Groups under %(k)d are withheld.", "Groups under %(k)d are withheld.", k) % {"k": k}]
    return " ".join(said)


def _report(material: Material, who: WhoAnswered, figures: Mapping[str, Figure], *, items: str, sort: str) -> Report:
    moved = part_changes(material)
    panels, drivers_reason = drivers(material)
    own_view = gap(material) if not material.results.live else None
    return Report(
        live=material.results.live,
        of_leadership=material.of_leadership,
        finding=finding(material),
        index=index_panel(material),
        dimensions=dimensions(material),
        evidence=evidence(material, figures),
        profile=profile(material),
        gap=own_view,
        gap_reason=_("shown after the wave has closed") if material.results.live else "",
        gap_sub=_gap_sub(material),
        groups=groups(material, sort=sort),
        changes=changes(material, moved),
        answers=answers(material, chosen=items),
        drivers=panels,
        drivers_reason=drivers_reason,
        trends=trends(material),
        leadership=leadership(material),
        talk=talk(material, moved, who),
        care=care(material, who, left_out(material)),
        n=material.results.n,
    )


def _gap_sub(material: Material) -> str:
    own = next((row.gap.own for row in (*material.rows, *material.parts) if row.gap and row.gap.own.n), None)
    ring = _("Ring: %(who)s, n %(n)d.") % {"who": material.own_label, "n": own.n} if own and not material.is_360 else ""
    return f"{ring} {_('Dot: mean of the others, on what both were asked. Bold gaps leave zero out.')}".strip()
