"""Settings of the page "You said, we did": its words, what stands on it, who can read it."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F

from assessments.enums import CommitmentState
from assessments.models import Commitment, ReplyPage
from assessments.models.replies import new_reply_key
from ecosystems.models import Ecosystem, User
from ecosystems.services.audit import record


@transaction.atomic
def change_reply_page(
    *,
    ecosystem: Ecosystem,
    by: User | None,
    title: str,
    intro: str,
    is_on: bool,
    offered: Collection[UUID] = (),
    shown: Collection[UUID] = (),
) -> ReplyPage:
    """Save the words; of the `offered` commitments those in `shown` stand on the page, the others do not."""
    page = _locked(ecosystem)
    was_on = page.is_on
    page.title, page.intro, page.is_on = title, intro, is_on
    page.save(update_fields=["title", "intro", "is_on"])
    agreed = Commitment.objects.filter(ecosystem=ecosystem).exclude(state=CommitmentState.PROPOSED)
    chosen = set(offered) & set(shown)
    agreed.filter(key__in=chosen, is_public=False).update(is_public=True, edition=F("edition") + 1)
    agreed.filter(key__in=set(offered) - chosen, is_public=True).update(is_public=False, edition=F("edition") + 1)
    if was_on != is_on:
        action = "reply.shown" if is_on else "reply.hidden"
        record(organization=ecosystem.organization, actor=by, action=action, subject=ecosystem)
    return page


@transaction.atomic
def renew_address(*, ecosystem: Ecosystem, by: User | None) -> ReplyPage:
    """Give the page a new address; the old one opens nothing any more."""
    page = _locked(ecosystem)
    page.key = new_reply_key()
    page.save(update_fields=["key"])
    record(organization=ecosystem.organization, actor=by, action="reply.moved", subject=ecosystem)
    return page


def _locked(ecosystem: Ecosystem) -> ReplyPage:
    ReplyPage.objects.get_or_create(ecosystem=ecosystem)
    return ReplyPage.objects.select_for_update().get(ecosystem=ecosystem)
