"""What every part of the results is made from: one wave's numbers, those it is compared with, texts and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.template.defaultfilters import date as formatted
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.charts.spec import Look
from assessments.dashboards.words import chart_words
from assessments.enums import About, WaveState
from assessments.models import Wave
from assessments.scoring.absent import Reason
from assessments.scoring.results import Cell, Group, Score, WaveResults
from assessments.scoring.wave_change import Change, score_change
from assessments.selectors.instrument_texts import BlockText, FacetText, InstrumentText, instrument_text
from assessments.selectors.results import History, Scored

COMPARED = "group means"


@dataclass(frozen=True)
class Material:
    """`before`: the wave that this one is compared with; `first`: the first scored wave, if it is another one."""

    scored: Scored
    history: History
    before: Scored | None = None
    first: Scored | None = None

    @cached_property
    def wave(self) -> Wave:
        return self.scored.wave

    @cached_property
    def results(self) -> WaveResults:
        return self.scored.results

    @cached_property
    def final_waves(self) -> tuple[Wave, ...]:
        """The closed waves of which numbers stand here: this one, those it is compared with, those of its trend."""
        compared = (self.scored, *filter(None, (self.before, self.first)))
        seen = {one.wave.pk for one in compared if one.results.n and not one.results.live}
        seen |= {pk for (pk, _level, _code), cell in self.history.cells.items() if cell.value is not None}
        waves = {wave.pk: wave for wave in (*self.history.waves, *(one.wave for one in compared))}
        return tuple(wave for pk, wave in sorted(waves.items()) if pk in seen and wave.state == WaveState.CLOSED)

    @cached_property
    def text(self) -> InstrumentText:
        return instrument_text(self.wave.version)

    @cached_property
    def look(self) -> Look:
        return Look(words=chart_words())

    @cached_property
    def is_360(self) -> bool:
        return self.wave.assessment.about == About.LEADER

    @cached_property
    def rows(self) -> tuple[Score, ...]:
        """What the page is about: the dimensions that were asked, or where there are none, the leadership blocks."""
        asked = tuple(row for row in self.results.dimensions if _is_asked(row))
        if asked:
            return asked
        blocks = tuple(row for row in self.results.blocks if _is_asked(row))
        return blocks or self.results.dimensions or self.results.blocks

    @cached_property
    def of_leadership(self) -> bool:
        """The rows are leadership blocks: there is no index, and no dimension's colour."""
        return bool(self.rows) and self.rows[0].level == "block"

    @cached_property
    def parts(self) -> tuple[Score, ...]:
        """Facets or constructs of the rows."""
        codes = {row.code for row in self.rows}
        return tuple(row for row in (*self.results.facets, *self.results.constructs) if row.parent in codes)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups behind the headline, in their order."""
        keys = {key for row in self.rows for key in row.groups}
        return tuple(group for group in self.results.groups if group.key in keys)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return {group.key: group.label for group in self.results.groups}

    @cached_property
    def own_label(self) -> str:
        """Whose own view stands beside the others': the leader of a 360°, else the leaders."""
        leader = self.wave.assessment.leader
        return leader.name if self.is_360 and leader else _("leaders")

    def name(self, code: str) -> str:
        found: BlockText | FacetText | None = self.text.blocks.get(code) or self.text.facets.get(code)
        return found.name if found else code

    @property
    def names(self) -> dict[str, str]:
        """Code → name, for everything that has a score."""
        return {row.code: self.name(row.code) for row in _all(self.results)}

    def mark(self, code: str) -> str:
        """The dimension's colour and glyph: `inn` … `sus`, or `all` for anything else."""
        facet = self.text.facets.get(code)
        block = self.text.blocks.get(facet.block if facet else code)
        return (block.mark if block else "") or "all"

    def cell(self, row: Score) -> Cell:
        """What is shown of a row: over all groups, or the leaders' own view where nobody else was asked."""
        return row.own if row.overall.reason is Reason.NOT_ASKED and row.own.shown else row.overall

    def change(self, row: Score, since: Scored | None = None) -> Change | None:
        """Change of a row since `since` (the wave before); None where that wave does not have it."""
        since = since or self.before
        if since is None:
            return None
        rows = _all(since.results)
        earlier = next((one for one in rows if one.code == row.code and one.level == row.level), None)
        if earlier is None:
            return None
        if "pooled" in (self.results.headline, since.results.headline):
            headline = self.results.headline if self.results.headline != COMPARED else since.results.headline
        else:
            headline = self.results.headline
        return score_change(
            earlier, row, headline=headline, weights={group.key: group.weight for group in self.results.groups}
        )

    def url(self, code: str) -> str:
        return reverse("assessments:results-code", args=[self.slug, self.wave.pk, code])

    @cached_property
    def index_url(self) -> str:
        return reverse("assessments:results-index", args=[self.slug, self.wave.pk])

    @cached_property
    def results_url(self) -> str:
        return reverse("assessments:results", args=[self.slug, self.wave.pk])

    @cached_property
    def slug(self) -> str:
        return self.wave.assessment.organization.slug


def short_name(wave: Wave) -> str:
    """A wave's name where there is little room: `Oct ’26`, which no reader takes for a day of October."""
    day = wave.opens_on or (wave.closed_at and wave.closed_at.date())
    return formatted(day, "M ’y") if day else _("W %(n)s") % {"n": wave.number}


def _is_asked(row: Score) -> bool:
    return row.overall.reason is not Reason.NOT_ASKED or row.own.shown or row.own.withheld


def _all(results: WaveResults) -> tuple[Score, ...]:
    return (*results.dimensions, *results.facets, *results.blocks, *results.constructs)
