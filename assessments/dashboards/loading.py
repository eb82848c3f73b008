"""Reading a wave for its results pages: permission first, then a fixed number of queries for one wave and for many."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse

from assessments.dashboards.material import Material
from assessments.enums import WaveState
from assessments.models import Wave
from assessments.selectors.results import (
    History,
    Scored,
    history_of,
    is_scored,
    scored_of,
    wave_for_results,
    waves_of_assessment,
)
from ecosystems.permissions import Viewer


@dataclass(frozen=True)
class WaveChoice:
    """An entry of the wave picker."""

    title: str
    url: str
    current: bool
    scored: bool


@dataclass(frozen=True)
class Loaded:
    """A wave among those of its assessment; `earlier` are the scored waves that it may be compared with."""

    wave: Wave
    waves: tuple[Wave, ...]
    earlier: tuple[Wave, ...]

    @cached_property
    def material(self) -> Material | None:
        """The numbers, read when first asked for; None while the wave has none."""
        if not is_scored(self.wave):
            return None
        wanted = {one.pk: one for one in (self.wave, *self.earlier[-1:], *self.earlier[:1])}
        found = scored_of(list(wanted.values()))
        history = history_of([one for one in self.waves if one.number <= self.wave.number])
        return _material(found, self.wave, list(self.earlier), history)

    @property
    def unsealed(self) -> bool:
        """A closed wave whose numbers are here has not been marked as seen yet."""
        trend = [one for one in self.waves if is_scored(one) and one.number <= self.wave.number]
        shown = (*trend, *self.earlier[-1:])
        return any(one.state == WaveState.CLOSED and not one.results_shown for one in shown)

    @cached_property
    def fingerprint(self) -> tuple[object, ...]:
        """Everything besides the reader that a results page is made from; another value means another page."""
        wave, assessment = self.wave, self.wave.assessment
        return (
            tuple(
                (one.pk, one.title, one.number, one.version_id, one.opens_on, is_scored(one) and one.result.computed_at)
                for one in self.waves
            ),
            (wave.pk, wave.state, wave.scores_done_version, wave.is_stale, wave.closed_at, wave.closes_on),
            (wave.min_group_size, wave.comment_min_group_size, wave.anonymity, wave.live_results),
            (assessment.name, assessment.ecosystem.name, assessment.organization.slug, str(assessment.leader or "")),
        )

    @property
    def choices(self) -> tuple[WaveChoice, ...]:
        """All waves of the assessment that have results pages, newest first."""
        slug = self.wave.assessment.organization.slug
        return tuple(
            WaveChoice(
                wave.title,
                reverse("assessments:results", args=[slug, wave.pk]),
                wave.pk == self.wave.pk,
                is_scored(wave),
            )
            for wave in reversed(self.waves)
            if is_scored(wave) or wave.pk == self.wave.pk
        )


def load(viewer: Viewer, pk: int, *, against: int | None = None) -> Loaded:
    """The wave with the numbers that the viewer may see, beside the wave before it or the wave `against`.

    Raises Http404 where the viewer may not know of the wave, or `against` is not a scored wave of the same assessment;
    PermissionDenied where they may know of it only.
    """
    wave = wave_for_results(viewer, pk)
    waves = waves_of_assessment(wave.assessment)
    wave = next(one for one in waves if one.pk == pk)
    scored = [one for one in waves if is_scored(one)]
    earlier = [one for one in scored if one.number < wave.number]
    if against is not None:
        earlier = [one for one in scored if one.pk == against and one.pk != pk]
        if not earlier:
            raise Http404
    return Loaded(wave=wave, waves=tuple(waves), earlier=tuple(earlier))


def _material(found: dict[int, Scored], wave: Wave, earlier: list[Wave], history: History) -> Material | None:
    if wave.pk not in found:
        return None
    return Material(
        scored=found[wave.pk],
        history=history,
        before=found.get(earlier[-1].pk) if earlier else None,
        first=found.get(earlier[0].pk) if len(earlier) > 1 else None,
    )
