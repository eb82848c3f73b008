"""Scored waves whose answers are drawn around known levels, scored as the worker does it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone

from assessments.enums import CANT_SAY, InvitationStatus, WaveState
from assessments.models import Assessment, Comment, Invitation, Response, Wave, WaveGroup
from assessments.selectors.definitions import items_of
from assessments.selectors.questionnaires import questionnaire
from assessments.services.rescore import rescore
from assessments.services.scores import mark_stale
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_assessment, make_wave

LEVELS = {"INN": 58.0, "ECO": 62.0, "ADA": 48.0, "SAT": 64.0, "SUS": 61.0, "CON": 45.0}
USUAL = {"customers": 40, "employees": 25, "partners": 15, "communities": 12, "leaders": 9}


def make_scored_wave(
    assessment: Assessment,
    *,
    answers: Mapping[str, int] = USUAL,
    shift: Mapping[str, float] | None = None,
    spread: float = 9.0,
    title: str = "",
    state: WaveState = WaveState.CLOSED,
    invited: Mapping[str, int] | None = None,
    day: datetime | None = None,
    score: bool = True,
    seed: int = 3,
    **changes: object,
) -> Wave:
    """A wave with that many answers a group, scored. `shift`: points added by code of a group, dimension or facet."""
    wave = make_wave(assessment)
    day = day or timezone.now()
    fields = {"state": state, "opened_at": day, "opens_on": day.date(), "privacy_frozen": True, **changes}
    if state == WaveState.CLOSED:
        fields["closed_at"] = day
    Wave.objects.filter(pk=wave.pk).update(**fields | ({"title": title} if title else {}))
    wave = Wave.objects.get(pk=wave.pk)
    rng = np.random.default_rng(seed)
    for group in wave.groups.all():
        count = answers.get(group.key, 0)
        add_answers(group, count, shift=shift or {}, spread=spread, rng=rng)
        asked = (invited or {}).get(group.key, count)
        group.invitations.all().delete()  # those of the wave before
        Invitation.objects.bulk_create(
            Invitation(
                group=group,
                name=f"{group.key} {n}",
                status=InvitationStatus.SUBMITTED if n < count else InvitationStatus.INVITED,
            )
            for n in range(asked)
        )
    if score:
        score_now(wave)
    return Wave.objects.get(pk=wave.pk)


def add_answers(
    group: WaveGroup,
    count: int,
    *,
    shift: Mapping[str, float] | None = None,
    spread: float = 9.0,
    rng: np.random.Generator | None = None,
) -> None:
    """Responses of one group around `LEVELS`, leaders ten points above, as its form asks them."""
    rng, shift, wave = rng or np.random.default_rng(1), shift or {}, group.wave
    asked = questionnaire(version=wave.version, form=group.form, audience=group.audience, ecosystem_name="").by_code
    items = items_of(wave.version.definition)
    rows = []
    for _person in range(count):
        person, values = rng.normal(0, spread), []
        for item in items:
            if item.code not in asked:
                values.append(None)
                continue
            if rng.random() < 0.03:
                values.append(CANT_SAY)
                continue
            level = LEVELS.get(item.block, 66.0) + (10 if group.key in ("leaders", "self") else 0)
            level += sum(
                shift.get(code, 0.0) for code in (item.block, item.facet, group.key, f"{group.key}:{item.block}")
            )
            step = (item.scale.hi - item.scale.lo) * (level + person + rng.normal(0, 16)) / 100
            value = int(min(max(round(item.scale.lo + step), item.scale.lo), item.scale.hi))
            values.append(item.scale.lo + item.scale.hi - value if item.reverse else value)
        rows.append(Response(wave=wave, group=group, values=values))
    Response.objects.bulk_create(rows)


def add_comments(group: WaveGroup, item: str, count: int, *, text: str = "Remark") -> None:
    Comment.objects.bulk_create(
        Comment(wave=group.wave, group=group, item=item, text=f"{text} {n}") for n in range(count)
    )


def score_now(wave: Wave) -> None:
    """What the worker does for a stale wave."""
    mark_stale(wave=wave)
    assert rescore(wave_id=wave.pk)


def make_fallen_waves(ecosystem: Ecosystem, *, now: datetime) -> tuple[Wave, Wave]:
    """Spring and autumn, half a year apart; adaptability fell a lot."""
    assessment = make_assessment(ecosystem)
    first = make_scored_wave(assessment, day=now - timedelta(days=200), title="Spring")
    shift = {"ADA": -18.0}
    return first, make_scored_wave(assessment, day=now - timedelta(days=10), title="Autumn", shift=shift, seed=4)
