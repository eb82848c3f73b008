"""Several people, or several processes, at the same moment."""

import pytest

from assessments.models import InstrumentVersion
from assessments.services.instrument_drafts import ChangedMeanwhile, save_general
from assessments.services.instruments import (
    NotADraft,
    load_default_instrument,
    publish_instrument,
    start_draft,
)
from ecosystems.models import Organization
from tests.at_once import many_at_once
from tests.factories.instruments import make_instrument, make_instrument_draft

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def test_the_default_instrument_is_loaded_once_by_processes_that_start_together() -> None:
    found = many_at_once(lambda number: load_default_instrument())

    assert sorted(is_new for _version, is_new in found) == [False, False, False, True]  # type: ignore[misc]
    assert InstrumentVersion.objects.count() == 1


def test_of_many_who_saw_the_same_draft_one_saves(organization: Organization) -> None:
    draft = make_instrument_draft(organization)

    found = many_at_once(lambda number: save_general(draft=draft, revision=0, entry={"name": f"Name {number}"}))

    winners = [number for number, result in enumerate(found) if isinstance(result, InstrumentVersion)]
    assert [type(result) for result in found].count(ChangedMeanwhile) == THREADS - 1
    draft.refresh_from_db()
    assert (len(winners), draft.revision) == (1, 1)
    assert draft.definition["name"] == f"Name {winners[0]}"


def test_a_draft_is_published_once(organization: Organization) -> None:
    draft = start_draft(version=make_instrument(organization))

    found = many_at_once(lambda number: publish_instrument(draft=draft, by=None))

    assert [type(result) for result in found].count(NotADraft) == THREADS - 1
    assert list(draft.instrument.versions.values_list("number", flat=True)) == [2, 1]


def test_there_is_one_draft_however_many_start_one(organization: Organization) -> None:
    version = make_instrument(organization)

    found = many_at_once(lambda number: start_draft(version=version))

    assert len({draft.pk for draft in found}) == 1  # type: ignore[attr-defined]
