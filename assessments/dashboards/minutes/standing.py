"""What has become of the commitments of a workshop by today, for those who may open them."""

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone

from assessments.dashboards.commitments.rows import column_of, state_of, when_of
from assessments.dashboards.minutes.page import Promise
from assessments.enums import CommitmentState
from assessments.models import Commitment, Workshop
from assessments.selectors.commitments import told_of


def as_they_stand(workshop: Workshop, promises: Sequence[Promise]) -> tuple[Promise, ...]:
    """The promises with their own pages and how far they are today, in one query."""
    if not promises:
        return ()
    keys = [one.commitment.key for one in promises]
    found = {one.key: one for one in told_of(Commitment.objects.filter(key__in=keys), workshop.ecosystem)}
    today, slug = timezone.localdate(), workshop.organization.slug
    told = []
    for one in promises:
        now = found.get(one.commitment.key)
        if now is None:  # deleted in this moment
            told.append(one)
            continue
        state, badge = state_of(now, column_of(now, today), today)
        told.append(
            replace(
                one,
                commitment=now,
                state=one.state if now.state == CommitmentState.PROPOSED else state,
                badge=badge,
                closed=when_of(now, today) if now.closed_on else "",
                url=reverse("assessments:commitment", args=[slug, workshop.ecosystem.slug, now.key]),
            )
        )
    return tuple(told)
