"""Saving survives what happens to connections: ended ones, and poolers that hand them round."""

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction

from assessments.models import Draft
from assessments.selectors.fill_in import Answered, answers_of
from assessments.services import draft_rows, planned_statement
from assessments.services.draft_rows import save_rows
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_open_wave
from tests.factories.fill_in import make_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> Draft:
    monkeypatch.setattr(draft_rows._SAVE, "plans", planned_statement._Plans())
    return make_draft(make_open_wave(ecosystem))


def save(draft: Draft, value: int | None, revision: int) -> int | None:
    rows = {"A": Answered(value, "", revision, 0), "B": Answered(None, "Words “’” %s", 0, revision)}
    return save_rows(draft=draft.pk, wave=draft.group.wave_id, rows=rows)


def kept(draft: Draft) -> tuple[int | None, str]:
    answers = answers_of(draft)
    return answers["A"].value, answers["B"].comment


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'save_answers'")
        return int(cursor.fetchone()[0])


def end_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    other = psycopg2.connect(**connection.get_connection_params())
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    other.close()


def test_a_connection_plans_the_statement_once(draft, django_assert_num_queries):
    assert save(draft, 3, 1) == 2
    with django_assert_num_queries(1):
        assert save(draft, None, 2) == 2
    assert save(draft, 5, 1) == 0
    assert plans() == 1
    assert kept(draft) == (None, "Words “’” %s")


def test_a_transaction_is_not_put_at_risk_by_the_plan(draft):
    with transaction.atomic():
        assert save(draft, 4, 1) == 2
        assert plans() == 0
    assert kept(draft)[0] == 4


def test_a_connection_that_was_ended_is_replaced_and_the_answer_saved(draft):
    save(draft, 3, 1)
    end_connection()
    assert save(draft, 4, 2) == 2
    assert kept(draft)[0] == 4
    assert save(draft, 5, 3) == 2
    assert plans() == 1


def test_a_connection_ended_before_the_first_answer_is_replaced_too(draft):
    end_connection()
    assert save(draft, 4, 2) == 2


def test_behind_a_pooler_that_forgets_plans_nothing_is_planned_any_more(draft):
    save(draft, 3, 1)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for revision in (2, 3):
        assert save(draft, revision, revision) == 2
        assert plans() == 0
    assert kept(draft)[0] == 3


def test_behind_a_pooler_that_has_the_plan_already_it_is_used(draft):
    save(draft, 3, 1)
    draft_rows._SAVE.plans.holder = None
    assert save(draft, 4, 2) == 2
    assert plans() == 1


def test_a_database_that_is_away_is_not_hidden(draft, monkeypatch):
    def fail(statement: str, parameters: list[object]) -> tuple[object, ...]:
        raise OperationalError("away")

    monkeypatch.setattr(planned_statement, "_row", fail)
    with pytest.raises(OperationalError, match="away"):
        save(draft, 3, 1)


def test_a_draft_that_takes_nothing_says_so(draft):
    Draft.objects.update(is_submitted=True)
    assert save(draft, 3, 1) is None
