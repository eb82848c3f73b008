"""Waves as large as one likes, written in one statement, for measuring."""

import io
import uuid

import numpy as np
from django.db import connection
from django.utils import timezone

from assessments.enums import CANT_SAY, GroupKind, WaveState
from assessments.models import Assessment, InstrumentVersion, Wave, WaveGroup
from assessments.services.instruments import import_instrument
from ecosystems.models import Ecosystem, Organization

DIMENSIONS = ("INN", "ECO", "ADA", "SAT", "STA")
BLOCKS = ("MND", "ACT")
GROUPS = (
    ("customers", GroupKind.STAKEHOLDER, 0.40),
    ("employees", GroupKind.STAKEHOLDER, 0.25),
    ("partners", GroupKind.STAKEHOLDER, 0.15),
    ("communities", GroupKind.STAKEHOLDER, 0.10),
    ("suppliers", GroupKind.STAKEHOLDER, 0.06),
    ("leaders", GroupKind.LEADERS, 0.04),
)


def sixty_items() -> str:
    """An instrument of 60 items: five dimensions of two facets, two blocks of five constructs, three items each."""
    lines = ["code: sixty", "name: Sixty items", "audiences: {leaders: Leaders}", "scales: {five: {lo: 1, hi: 5}}"]
    for key, children, codes, parts in (
        ("dimensions", "facets", DIMENSIONS, 2),
        ("leadership", "constructs", BLOCKS, 5),
    ):
        lines.append(f"{key}:")
        for code in codes:
            lines += [f"  - code: {code}", f"    {children}:"]
            for part in range(1, parts + 1):
                lines += [f"      - code: {code}{part}", "        items:"]
                lines += [
                    f"          - {{code: {code}{part}-{item}, text: t, scale: five,"
                    f" keying: {'reverse' if item == 3 else 'forward'}}}"
                    for item in (1, 2, 3)
                ]
    return "\n".join(lines)


def make_sixty_items(organization: Organization) -> InstrumentVersion:
    return import_instrument(organization=organization, text=sixty_items(), by=None)


def make_wave_of(ecosystem: Ecosystem, version: InstrumentVersion, responses: int, *, seed: int = 7) -> Wave:
    """A closed wave in six groups; answers share a factor, 5 % are blank and 2 % "can't say"; marked stale."""
    assessment, _made = Assessment.objects.get_or_create(
        ecosystem=ecosystem, instrument=version.instrument, name="Measured"
    )
    wave = Wave.objects.create(
        assessment=assessment,
        number=assessment.waves.count() + 1,
        title=f"{responses} responses",
        version=version,
        state=WaveState.CLOSED,
        opened_at=timezone.now(),
        closed_at=timezone.now(),
        privacy_frozen=True,
        is_imported=True,
        scores_version=1,
    )
    groups = [
        WaveGroup.objects.create(wave=wave, position=place, key=key, label=key, kind=kind, audience="leaders", form="")
        for place, (key, kind, _share) in enumerate(GROUPS)
    ]
    rng = np.random.default_rng(seed)
    items = len(version.item_codes)
    for start in range(0, responses, 10_000):
        rows = min(10_000, responses - start)
        place = rng.choice(len(groups), size=rows, p=[share for _key, _kind, share in GROUPS])
        latent = rng.normal(size=(rows, 1)) + place[:, None] * 0.1 + rng.normal(size=(rows, items))
        values = np.clip(np.rint(3 + 0.8 * latent), 1, 5).astype(np.int64)
        values[rng.random(values.shape) < 0.02] = CANT_SAY
        blank = rng.random(values.shape) < 0.05
        lines = io.StringIO()
        for group, row, gaps in zip(place.tolist(), values.tolist(), blank.tolist(), strict=True):
            cells = ",".join("NULL" if gap else str(value) for value, gap in zip(row, gaps, strict=True))
            lines.write(f"{uuid.uuid4()}\t{wave.pk}\t{groups[group].pk}\t{{{cells}}}\tt\tf\n")
        lines.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                "COPY assessments_response (key, wave_id, group_id, values, is_anonymous, released) FROM STDIN", lines
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assessments_response")
    return wave
