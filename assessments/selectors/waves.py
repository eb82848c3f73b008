"""Reading waves: how far each group is, and nothing about who answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assessments.enums import Anonymity, GroupKind, InvitationStatus, WaveState
from assessments.models import Assessment, Draft, Invitation, Response, Wave, WaveGroup
from assessments.permissions import results_seen_by, seen_by
from ecosystems.enums import StakeholderGroup
from ecosystems.models import Organization
from ecosystems.permissions import Viewer


@dataclass(frozen=True)
class GroupProgress:
    """Counts of one group. `invited`: personal links; `started`: on their way, by whichever link.

    `waiting`: people with an address who have not answered, whether they want e-mail or not: a number that stopping
    somebody's e-mail does not change, so that it cannot be used to find out about them. `sent` and `with_mail` count
    invitations, never reminders: those go only to people who have not answered, so their number would tell about one
    person where everybody else's e-mail was stopped.
    """

    group: WaveGroup
    invited: int
    with_mail: int
    sent: int
    started: int
    waiting: int
    submitted: int
    k: int

    @property
    def asked(self) -> int | None:
        """None where the public link is out and nobody said how many people have it."""
        if self.group.public_link_on and self.group.expected is None:
            return None
        return self.invited + (self.group.expected or 0 if self.group.public_link_on else 0)

    @property
    def share(self) -> int | None:
        """Submitted of those asked, in whole percent; more answers than expected are 100."""
        return min(100, round(100 * self.submitted / self.asked)) if self.asked else None

    @property
    def came(self) -> int:
        """Started or submitted, by whichever link."""
        return self.started + self.submitted

    @property
    def is_overrun(self) -> bool:
        """More came than were asked, which takes a public link: it cannot tell people apart."""
        return self.asked is not None and self.group.public_link_on and self.came > self.asked

    @property
    def missing(self) -> int:
        """How many more must submit before the group can be shown; a leader's own view needs one."""
        return max(0, (1 if self.group.kind == GroupKind.SELF else self.k) - self.submitted)

    @property
    def can_never_be_shown(self) -> bool:
        return self.asked is not None and self.asked < self.submitted + self.missing


@dataclass(frozen=True)
class WaveProgress:
    groups: tuple[GroupProgress, ...]

    @property
    def invited(self) -> int:
        return sum(group.invited for group in self.groups)

    @property
    def started(self) -> int:
        return sum(group.started for group in self.groups)

    @property
    def submitted(self) -> int:
        return sum(group.submitted for group in self.groups)

    @property
    def to_send(self) -> int:
        """Messages that are due but not sent yet."""
        return sum(group.with_mail - group.sent for group in self.groups)

    @property
    def with_mail(self) -> int:
        return sum(group.with_mail for group in self.groups)

    @property
    def sent(self) -> int:
        return sum(group.sent for group in self.groups)

    @property
    def few(self) -> bool:
        """In a group so small a count can tell who has answered, and the page must not deny it."""
        return any(0 < group.invited < group.k for group in self.groups)

    @property
    def thin(self) -> tuple[GroupProgress, ...]:
        """Groups that could not be shown now."""
        return tuple(group for group in self.groups if group.missing)


def waves_of(organization: Organization) -> QuerySet[Wave]:
    """Every wave of the organization, with what its pages name."""
    return Wave.objects.filter(assessment__ecosystem__organization=organization).select_related(
        "assessment__ecosystem__organization", "assessment__instrument", "assessment__leader", "version__instrument"
    )


def visible_waves(viewer: Viewer) -> QuerySet[Wave]:
    """Waves that the viewer may know of."""
    return waves_of(viewer.organization).filter(assessment__in=Assessment.objects.filter(seen_by(viewer)))


def waves_with_results_for(viewer: Viewer) -> QuerySet[Wave]:
    """Waves that have numbers which the viewer may see."""
    seen = Assessment.objects.filter(results_seen_by(viewer))
    return waves_of(viewer.organization).filter(assessment__in=seen, result__isnull=False)


def progress_of(wave: Wave) -> WaveProgress:
    """Counts of a wave, in a fixed number of queries."""
    return progress_of_waves([wave])[wave.pk]


def progress_of_waves(waves: list[Wave]) -> dict[int, WaveProgress]:
    """Counts of several waves by primary key, in the same number of queries as for one."""
    pks = [wave.pk for wave in waves]
    groups = WaveGroup.objects.filter(wave__in=pks).order_by("wave", "position", "pk")
    unanswered = ~Q(status=InvitationStatus.SUBMITTED)
    mail = ~Q(email="")
    invited = mail & (Q(sent_at__isnull=False) | Q(reminded_at__isnull=False))
    people = {
        row["group"]: row
        for row in Invitation.objects.filter(group__wave__in=pks)
        .values("group")
        .order_by()
        .annotate(
            invited=Count("pk"),
            sent=Count("pk", filter=invited),
            waiting=Count("pk", filter=mail & unanswered),
            due=Count("pk", filter=mail & unanswered & Q(sent_at=None, reminded_at=None, mail_stopped=False)),
        )
    }
    started = _counts(Draft.objects.filter(group__wave__in=pks, is_submitted=False))
    submitted = _counts(Response.objects.filter(wave__in=pks))
    by_wave = {wave.pk: wave for wave in waves}
    found: dict[int, list[GroupProgress]] = {pk: [] for pk in pks}
    for group in groups:
        wave = group.wave = by_wave[group.wave_id]
        row = people.get(group.pk, {"invited": 0, "sent": 0, "waiting": 0, "due": 0})
        found[wave.pk].append(
            GroupProgress(
                group=group,
                invited=row["invited"],
                with_mail=row["sent"] + row["due"],
                sent=row["sent"],
                started=started.get(group.pk, 0),
                waiting=row["waiting"],
                submitted=submitted.get(group.pk, 0),
                k=wave.min_group_size,
            )
        )
    return {pk: WaveProgress(groups=tuple(rows)) for pk, rows in found.items()}


def _counts(rows: QuerySet[Draft] | QuerySet[Response]) -> dict[int, int]:
    return {row["group"]: row["n"] for row in rows.values("group").order_by().annotate(n=Count("pk"))}


@dataclass(frozen=True)
class ReminderWords:
    """What may be said of a reminder before it goes out: `people` only where the number points at nobody (rule D3)."""

    people: int | None
    possible: bool


def reminder_words(*, wave: Wave, groups: Sequence[GroupProgress]) -> ReminderWords:
    """In an anonymous wave the number is left out where few have answered or few have not, in any of the groups.

    Otherwise the number of all groups, less those of the groups that are large, would be that of a small one.
    """
    sent, waiting = sum(group.with_mail for group in groups), sum(group.waiting for group in groups)
    k = wave.min_group_size
    few = any(group.waiting < k or group.with_mail - group.waiting < k for group in groups if group.with_mail)
    named = wave.anonymity == Anonymity.NAMED
    return ReminderWords(people=waiting if named or not few else None, possible=sent > 0)


def days_left(wave: Wave, day: date | None = None) -> int | None:
    """Days until the closing day, 0 on that day; None without one or when the wave is not open."""
    if wave.state != WaveState.OPEN or wave.closes_on is None:
        return None
    return (wave.closes_on - (day or timezone.localdate())).days


STEPS = ("questions", "people", "privacy", "open", "scored")


def step_of(wave: Wave, *, has_people: bool) -> int:
    """Which of the five steps a wave is at, counted from 1; 6 once it is scored."""
    if wave.state == WaveState.OPEN:
        return 4
    if wave.state == WaveState.CLOSED:
        return 5 if wave.is_stale or wave.scores_version == 0 else 6
    return 3 if has_people else 2


def groups_not_invited(wave: Wave) -> tuple[str, ...]:
    """Names of the groups that have stakeholders in the ecosystem and were not asked, in two queries."""
    asked = {one for some in wave.groups.values_list("key", "audience") for one in some}
    served = set(wave.assessment.ecosystem.stakeholders.values_list("group", flat=True))
    return tuple(str(one.label) for one in StakeholderGroup if one.value in served - asked)
