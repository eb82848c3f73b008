"""Reading answers for scoring. The only place that reads `Response.values`; nothing here leaves the scoring."""

from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from assessments.enums import CANT_SAY
from assessments.models import Wave

BLANK = -32767
CHUNK = 5_000


@dataclass(frozen=True)
class Answers:
    """Answers of one wave. `raw`: int16, responses × items; BLANK and CANT_SAY stand for no rating.

    `keys` as text: a hundred thousand UUID objects would cost more than their answers.
    """

    keys: tuple[str, ...]
    group_ids: NDArray[np.int64]
    released: NDArray[np.bool_]
    raw: NDArray[np.int16]

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Raw answers as floats, NaN where there is no rating."""
        return np.where(self.raw > BLANK, self.raw, np.nan)

    @property
    def cant_say(self) -> NDArray[np.bool_]:
        return np.asarray(self.raw == CANT_SAY, dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.keys)

    def only(self, rows: NDArray[np.bool_]) -> "Answers":
        """The responses where `rows` is true."""
        if rows.all():
            return self
        return Answers(
            keys=tuple(key for key, kept in zip(self.keys, rows, strict=True) if kept),
            group_ids=self.group_ids[rows],
            released=self.released[rows],
            raw=self.raw[rows],
        )


def answers_of(*, wave: Wave) -> Answers:
    """All responses of the wave in the order of their random keys; read in chunks, in one statement."""
    keys: list[str] = []
    groups: list[int] = []
    released: list[bool] = []
    blocks: list[NDArray[np.int16]] = [np.empty((0, len(wave.version.item_codes)), dtype=np.int16)]
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT key::text, group_id, released, array_replace(values, NULL, %s::smallint)"
            " FROM assessments_response WHERE wave_id = %s ORDER BY key",
            [BLANK, wave.pk],
        )
        while rows := cursor.fetchmany(CHUNK):
            key, group, shown, values = zip(*rows, strict=True)
            keys += key
            groups += group
            released += shown
            blocks.append(np.array(values, dtype=np.int16))
    return Answers(
        keys=tuple(keys),
        group_ids=np.array(groups, dtype=np.int64),
        released=np.array(released, dtype=np.bool_),
        raw=np.concatenate(blocks),
    )
