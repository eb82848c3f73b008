"""Reading what may be shown of scored waves; who may not see them is refused here, before anything is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, When
from django.http import Http404

from assessments.enums import About, WaveState
from assessments.models import Assessment, Comment, Score, Wave, WaveGroup, WaveResult
from assessments.permissions import may_see_results, results_seen_by, seen_by
from assessments.scoring.results import Cell, WaveResults
from assessments.selectors.waves import waves_of
from ecosystems.permissions import Viewer

TREND_LEVELS = ("index", "dimension", "block")


@dataclass(frozen=True)
class Scored:
    """A wave with its released numbers."""

    wave: Wave
    results: WaveResults
    version: int
    """The stale mark that the numbers answer: grows with every recompute."""


@dataclass(frozen=True)
class History:
    """The scored waves of an assessment up to one of them, oldest first, with their index and dimensions."""

    waves: tuple[Wave, ...]
    cells: Mapping[tuple[int, str, str], Cell]
    """(wave, level, code) → the number over all groups."""

    def cell(self, wave: Wave, level: str, code: str) -> Cell | None:
        return self.cells.get((wave.pk, level, code))


def wave_for_results(viewer: Viewer, pk: int) -> Wave:
    """The wave whose results the viewer wants; 404 where they may not know of it, 403 where they may, but no more."""
    wave = _light(waves_of(viewer.organization)).filter(pk=pk).first()
    if wave is None:
        raise Http404
    if may_see_results(viewer, wave.assessment):
        return wave
    if Assessment.objects.filter(seen_by(viewer), pk=wave.assessment_id).exists():
        raise PermissionDenied
    raise Http404


def waves_of_assessment(assessment: Assessment) -> list[Wave]:
    """Every wave of an assessment, oldest first; those with numbers have a `result`."""
    waves = _light(Wave.objects.filter(assessment=assessment).select_related("version__instrument"))
    found = list(waves.select_related("result").defer("result__results").order_by("number"))
    for wave in found:
        wave.assessment = assessment
    return found


def is_scored(wave: Wave) -> bool:
    """Whether a wave of `waves_of_assessment` has numbers."""
    return hasattr(wave, "result")


def scored_of(waves: list[Wave]) -> dict[int, Scored]:
    """The released numbers of these waves, in one query; waves without numbers are left out."""
    rows = {row.wave_id: row for row in WaveResult.objects.filter(wave__in=[wave.pk for wave in waves])}
    return {
        wave.pk: Scored(wave, _own_view_kept(wave, _decoded(rows[wave.pk])), rows[wave.pk].scores_version)
        for wave in waves
        if wave.pk in rows
    }


def history_of(waves: list[Wave]) -> History:
    """Index, dimensions and blocks over all groups of these waves, in one query."""
    shown = [wave for wave in waves if is_scored(wave)]
    rows = Score.objects.filter(wave__in=[wave.pk for wave in shown], level__in=TREND_LEVELS, group_key="")
    return History(
        waves=tuple(shown),
        cells={
            (row.wave_id, row.level, row.code): Cell(
                value=row.value, n=row.n, low=row.low, high=row.high, withheld=row.withheld
            )
            for row in rows
        },
    )


def latest_scored(viewer: Viewer) -> Wave | None:
    """The newest wave about the whole system that has numbers for this viewer; one still open, only without another."""
    seen = Assessment.objects.filter(results_seen_by(viewer), about=About.SYSTEM)
    waves = _light(waves_of(viewer.organization)).filter(assessment__in=seen, result__isnull=False)
    return waves.order_by(Case(When(state=WaveState.CLOSED, then=0), default=1), "-opened_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment that may be shown. `group` is '' where naming it would point at few people."""

    key: UUID
    group: str
    text: str


@dataclass(frozen=True)
class Remarks:
    """Comments that may be shown, in random order."""

    texts: tuple[Remark, ...]
    hidden: bool
    """There are too few comments, so none is shown; it is not said how many there are."""


def remarks_of(*, wave: Wave, items: tuple[str, ...], answered: Mapping[str, int | None]) -> Remarks:
    """What people wrote on these items: shown from the wave's minimum for comments on, in the order of random keys.

    A group is named only where enough of its comments are here, enough of its people answered (`answered`: by group
    key, None where that is withheld), and what no name stands under is nothing, or enough in turn. Without `answered`
    no group is named: so a whole dimension's comments, which hold those of its facets, tell nothing about either.
    """
    rows = list(
        Comment.objects.filter(wave=wave, item__in=items).order_by("key").values_list("key", "group_id", "text")
    )
    groups = {
        pk: (key, label) for pk, key, label in WaveGroup.objects.filter(wave=wave).values_list("pk", "key", "label")
    }
    least = wave.comment_min_group_size
    if len(rows) < least:
        return Remarks(texts=(), hidden=bool(rows))
    sizes: dict[int, int] = {}
    for _key, group, _text in rows:
        sizes[group] = sizes.get(group, 0) + 1
    named = {pk for pk, size in sizes.items() if size >= least and (answered.get(groups[pk][0]) or 0) >= least}
    rest = sum(size for group, size in sizes.items() if group not in named)
    if rest and (rest < least or len(groups) - len(named) < 2):  # the others would be named by exclusion
        named = set()
    return Remarks(
        texts=tuple(Remark(key, groups[group][1] if group in named else "", text) for key, group, text in rows),
        hidden=False,
    )


def _light(waves: "QuerySet[Wave]") -> "QuerySet[Wave]":
    """Without the instrument's whole definition, whose texts are read once per process."""
    return waves.defer("version__definition", "version__item_codes")


def _own_view_kept(wave: Wave, results: WaveResults) -> WaveResults:
    """One person's own view is for a 360° alone, whose readers that leader has chosen."""
    if results.own_is_private and wave.assessment.about != About.LEADER:
        return results.without_own_view()
    return results


class _Key:
    """A result by wave, stale mark and time, so that a process decodes each one once."""

    __slots__ = ("data", "identity")

    def __init__(self, row: WaveResult) -> None:
        self.identity = (row.wave_id, row.scores_version, row.computed_at)
        self.data: dict[str, Any] = row.results

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)


def _decoded(row: WaveResult) -> WaveResults:
    return _decode(_Key(row))


@lru_cache(maxsize=16)
def _decode(key: _Key) -> WaveResults:
    return WaveResults.from_json(key.data)
