"""Reading a wave for its results pages: permission first, then a fixed number of queries for one wave and for many."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from assessments.dashboards.material import Material
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
    """`material` is None while the wave has no numbers."""

    wave: Wave
    waves: tuple[Wave, ...]
    material: Material | None

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
    wanted = {one.pk: one for one in (wave, *earlier[-1:], *earlier[:1])}
    found = scored_of(list(wanted.values()))
    history = history_of([one for one in waves if one.number <= wave.number])
    return Loaded(wave=wave, waves=tuple(waves), material=_material(found, wave, earlier, history))


def _material(found: dict[int, Scored], wave: Wave, earlier: list[Wave], history: History) -> Material | None:
    if wave.pk not in found:
        return None
    return Material(
        scored=found[wave.pk],
        history=history,
        before=found.get(earlier[-1].pk) if earlier else None,
        first=found.get(earlier[0].pk) if len(earlier) > 1 else None,
    )
