"""Reading answers for scoring."""

import numpy as np
import pytest

from assessments.enums import CANT_SAY
from assessments.models import Response, Wave
from assessments.selectors import responses
from assessments.selectors.responses import BLANK, answers_of
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_wave(ecosystem)


def give(wave: Wave, *first: int | None, released: bool = False) -> list[Response]:
    """Responses with this answer to the first item and 1 to all others."""
    others = [1] * (len(wave.version.item_codes) - 1)
    return Response.objects.bulk_create(
        Response(wave=wave, group=wave.groups.first(), values=[one, *others], released=released) for one in first
    )


def test_nobody_is_an_empty_table(wave: Wave) -> None:
    answers = answers_of(wave=wave)
    assert len(answers) == 0
    assert answers.matrix.shape == answers.cant_say.shape == (0, len(wave.version.item_codes))


def test_blank_and_cant_say_are_no_ratings_and_told_apart(wave: Wave) -> None:
    given = {str(one.key): one.values[0] for one in give(wave, 4, None, CANT_SAY)}
    answers = answers_of(wave=wave)
    assert list(answers.keys) == sorted(given)
    assert answers.raw[:, 0].tolist() == [BLANK if given[key] is None else given[key] for key in answers.keys]
    assert np.isnan(answers.matrix[:, 0]).tolist() == [given[key] != 4 for key in answers.keys]
    assert answers.cant_say[:, 0].tolist() == [given[key] == CANT_SAY for key in answers.keys]
    assert not np.isnan(answers.matrix[:, 1:]).any()


def test_other_waves_are_not_read(wave: Wave, ecosystem: Ecosystem) -> None:
    give(make_wave(wave.assessment), 1, 2, 3)
    give(wave, 5)
    assert answers_of(wave=wave).matrix[:, 0].tolist() == [5.0]


def test_groups_and_what_was_released_stand_beside_the_answers(wave: Wave) -> None:
    give(wave, 2, released=True)
    give(wave, 3)
    answers = answers_of(wave=wave)
    assert answers.released.tolist() == [value == 2 for value in answers.raw[:, 0].tolist()]
    assert set(answers.group_ids.tolist()) == {wave.groups.first().pk}  # type: ignore[union-attr]
    some = answers.only(answers.released)
    assert (some.raw[:, 0].tolist(), len(some.keys), some.released.tolist()) == ([2], 1, [True])
    assert answers.only(np.ones(2, dtype=np.bool_)) is answers


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_chunks_lose_nothing_at_their_borders(wave: Wave, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(responses, "CHUNK", 2)
    give(wave, *range(1, count + 1))
    answers = answers_of(wave=wave)
    assert sorted(answers.raw[:, 0].tolist()) == list(range(1, count + 1))
    assert list(answers.keys) == sorted(answers.keys)
