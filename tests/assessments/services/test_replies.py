"""Settings of the page "You said, we did"."""

import pytest

from assessments.enums import CommitmentState
from assessments.models import Commitment, ReplyPage
from assessments.selectors.replies import reply_page_at, reply_url, shown_commitments
from assessments.services.replies import change_reply_page, renew_address
from ecosystems.models import AuditEvent, Ecosystem

pytestmark = pytest.mark.django_db


def commitment(ecosystem: Ecosystem, text: str, **changes: object) -> Commitment:
    return Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text=text, owner_name="Ana", **changes
    )


def change(ecosystem: Ecosystem, *, is_on: bool = True, **changes: object) -> ReplyPage:
    return change_reply_page(ecosystem=ecosystem, by=None, title="", intro="", is_on=is_on, **changes)  # type: ignore[arg-type]


def test_the_page_can_be_read_only_while_it_is_on(ecosystem):
    assert reply_url(ecosystem) == ""
    page = change(ecosystem)
    assert reply_url(ecosystem) == f"/said/{page.key}/"
    assert reply_page_at(page.key) == page
    change(ecosystem, is_on=False)
    assert (reply_url(ecosystem), reply_page_at(page.key)) == ("", None)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["reply.shown", "reply.hidden"]


def test_a_new_address_ends_the_old_one(ecosystem):
    old = change(ecosystem).key
    new = renew_address(ecosystem=ecosystem, by=None).key
    assert old != new
    assert reply_page_at(old) is None
    assert reply_page_at(new) is not None


def test_only_what_was_offered_is_chosen_or_taken_off(ecosystem):
    one, two, three = (commitment(ecosystem, text) for text in ("One", "Two", "Three"))
    Commitment.objects.filter(pk__in=[two.pk, three.pk]).update(is_public=True)
    change(ecosystem, offered=[one.pk, two.pk], shown=[one.pk])
    assert {row.text for row in shown_commitments(ecosystem)} == {"One", "Three"}
    assert list(Commitment.objects.order_by("text").values_list("text", "edition")) == [
        ("One", 1),
        ("Three", 0),
        ("Two", 1),
    ]


def test_a_proposal_and_another_ecosystem_s_promise_never_stand_there(ecosystem, outsider):
    proposed = commitment(ecosystem, "Maybe", state=CommitmentState.PROPOSED)
    change(ecosystem, offered=[proposed.pk], shown=[proposed.pk])
    assert shown_commitments(ecosystem) == []
    Commitment.objects.update(is_public=True)
    assert shown_commitments(ecosystem) == []
