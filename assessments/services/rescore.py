"""Recomputing a wave: claim, count votes on links, release, score, save (rules S1–S10, D1–D2)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from assessments.enums import About, WaveState
from assessments.live import bus
from assessments.live.events import WaveSnapshot
from assessments.models import Response, Score, Wave, WaveGroup, WaveResult
from assessments.scoring.blueprint import Blueprint
from assessments.scoring.population import facet_validity
from assessments.scoring.release import Release, release
from assessments.scoring.results import METHOD_VERSION, GroupKind, WaveResults
from assessments.scoring.wave import GroupSpec, score_wave
from assessments.selectors.questionnaires import questionnaire
from assessments.selectors.responses import Answers, answers_of
from assessments.services.score_rows import insert, score_rows
from assessments.services.scores import stale_waves, wake_rescore
from assessments.services.summary_marks import mark_summaries_stale
from assessments.services.wave_maps import count_votes

LEASE = timedelta(minutes=2)
"""So long a killed worker's wave waits for the sweep. Work that takes longer may be done twice, to the same end."""


def rescore(*, wave_id: int) -> bool:
    """Recompute a stale wave, of a closed one first what was said of links; True if this call did it.

    Claims the mark, reads and computes without a lock, and saves only if the wave is still in the state it was read
    in. Answers that arrive meanwhile leave the wave stale, so that it is taken up again.
    """
    lease = timezone.now() + LEASE
    version = _claim(wave_id, lease)
    if version is None:
        return False
    try:
        count_votes(wave_id=wave_id)
        with transaction.atomic():
            saved = _recompute(wave_id, version)
    finally:
        # only its own: one that ran out while this worked may be somebody else's by now
        Wave.objects.filter(pk=wave_id, scores_lease_until=lease).update(scores_lease_until=None)
    if stale_waves().filter(pk=wave_id).exists():
        wake_rescore(wave_id)
    return saved


def results_of(*, wave: Wave) -> tuple[WaveResults | None, list[str]]:
    """What may be shown of a wave now, and the keys of the responses that it newly counts; nothing is saved.

    While a wave is open, numbers exist only if it shows results while open, and then the index and the dimensions.
    """
    live = wave.state == WaveState.OPEN
    if wave.state == WaveState.DRAFT or (live and not wave.live_results):
        return None, []
    answers = answers_of(wave=wave)
    groups = list(wave.groups.all())
    place = {group.pk: index for index, group in enumerate(groups)}
    group_index = np.array([place[pk] for pk in answers.group_ids.tolist()], dtype=np.intp)
    blueprint = Blueprint.from_definition(wave.version.definition)
    asked = [
        GroupSpec(
            key=group.key,
            label=group.label,
            kind=cast(GroupKind, group.kind),
            audience=group.audience,
            weight=group.weight,
            items=_asked(wave, group),
        )
        for group in groups
    ]
    released = _release(wave, answers, group_index, asked, blueprint)
    counted = answers.only(released.rows)
    results = score_wave(
        blueprint,
        counted.matrix,
        counted.cant_say,
        group_index[released.rows],
        [replace(one, waiting=waiting) for one, waiting in zip(asked, released.waiting, strict=True)],
        k=wave.min_group_size,
        seed=wave.pk,
        live=live,
        shown_before=_shown_before(wave, counted),
    )
    newly = released.rows & ~answers.released
    return results, [key for key, new in zip(answers.keys, newly.tolist(), strict=True) if new]


def _asked(wave: Wave, group: WaveGroup) -> tuple[str, ...] | None:
    """Codes of the items that the group's form asks; None for an imported file, which does not say."""
    if wave.is_imported:
        return None
    form = questionnaire(version=wave.version, form=group.form, audience=group.audience, ecosystem_name="")
    return tuple(form.codes)


def _release(
    wave: Wave, answers: Answers, group_index: NDArray[np.intp], groups: list[GroupSpec], blueprint: Blueprint
) -> Release:
    """Which responses count. After closing all do: what may not join, the scoring leaves out facet by facet."""
    if wave.state != WaveState.OPEN:
        return Release(rows=np.ones(len(answers), dtype=np.bool_), waiting=(0,) * len(groups))
    valid = facet_validity(blueprint, answers.matrix, answers.cant_say, group_index, groups)
    return release(group_index, answers.released, valid, groups=len(groups), k=wave.min_group_size)


def _shown_before(wave: Wave, counted: Answers) -> NDArray[np.bool_] | None:
    """What was shown while the wave was open, where that limits what may join it."""
    limits = wave.state == WaveState.CLOSED and counted.released.any()
    return counted.released if limits else None


def _claim(wave_id: int, lease: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_wave SET scores_lease_until = %s"
            " WHERE id = %s AND scores_done_version < scores_version"
            " AND (scores_lease_until IS NULL OR scores_lease_until < now()) RETURNING scores_version",
            [lease, wave_id],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _recompute(wave_id: int, version: int) -> bool:
    wave = Wave.objects.select_related("version", "assessment").get(pk=wave_id)
    released = _count_released(wave) if wave.state == WaveState.OPEN else 0
    results, newly_released = results_of(wave=wave)
    now = Wave.objects.select_for_update(no_key=True).filter(pk=wave_id).first()
    if now is None or (now.state, now.closed_at) != (wave.state, wave.closed_at):
        return False
    if now.state == WaveState.OPEN:  # after closing nothing more arrives that could be read off a difference
        Response.objects.filter(pk__in=newly_released).update(released=True)
        if _count_released(wave) != released + len(newly_released):  # closed and opened again meanwhile
            return False
    _save(wave, results, version)
    now.scores_done_version = version
    if now.state == WaveState.OPEN and results is not None and results.n > 0:
        now.results_shown = True
    now.save(update_fields=["scores_done_version", "results_shown"])
    if now.state == WaveState.CLOSED and wave.assessment.about == About.SYSTEM:
        mark_summaries_stale(ecosystem_id=wave.assessment.ecosystem_id)
    bus.publish_on_commit(WaveSnapshot(wave=wave_id, version=version, state=now.state))
    return True


def _count_released(wave: Wave) -> int:
    return Response.objects.filter(wave=wave, released=True).count()


def _save(wave: Wave, results: WaveResults | None, version: int) -> None:
    Score.objects.filter(wave=wave).delete()
    if results is None:
        WaveResult.objects.filter(wave=wave).delete()
        return
    insert(score_rows(wave=wave, results=results))
    result = WaveResult(
        wave=wave,
        version=wave.version,
        method=METHOD_VERSION,
        results=results.to_json(),
        computed_at=timezone.now(),
        scores_version=version,
    )
    told = ["version", "method", "results", "computed_at", "scores_version"]
    WaveResult.objects.bulk_create([result], update_conflicts=True, unique_fields=["wave"], update_fields=told)
