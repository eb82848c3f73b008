"""People who are asked by a personal link: added, removed, sent their link, reminded, left in peace.

An address without `sent_at` means that a message is due: the invitation, or a reminder where `reminded_at` is set. The
database is the list of what is to be sent; a lost task loses nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import tasks
from assessments.enums import Anonymity, GroupKind, InvitationStatus, WaveState
from assessments.models import Invitation, Wave, WaveGroup
from assessments.services.waves import WaveNotOpen, WaveProblem, locked
from ecosystems.enums import Role
from ecosystems.models import Stakeholder, User
from ecosystems.services import audit

REMINDER_PAUSE = timedelta(hours=20)
"""At most one reminder a day, also where somebody presses the button a little earlier on the next day."""
MOST_REMINDERS = 5
"""So many waves may remind one address in that time: a person may be asked about several leaders at once."""
REMINDING = 4_201
"""The lock under which reminders are counted and noted, so that waves that remind at once count each other's."""
UNANSWERED = (InvitationStatus.INVITED, InvitationStatus.STARTED)


@dataclass(frozen=True)
class Person:
    """Somebody to be asked; without an address they get their link on paper or in another way."""

    name: str = ""
    email: str = ""
    user: User | None = None
    stakeholder: Stakeholder | None = None


@dataclass(frozen=True)
class Added:
    """What became of a list: asked now, asked in this group before, and asked but without e-mail as they wished."""

    new: int
    known: int
    declined: int


@transaction.atomic
def add_people(*, group: WaveGroup, people: Iterable[Person], by: User | None) -> Added:
    """Ask more people; those whose address the group has already are left as they are.

    While the wave is open the new ones, and only they, are sent their link. Raises WaveProblem for a closed wave, and
    for a second person in a group that is one leader.
    """
    wave = locked(group.wave)
    if wave.state == WaveState.CLOSED:
        raise WaveProblem(_("This wave is closed: nobody can be added."))
    people = list(people)
    known = set(group.invitations.exclude(email="").values_list(Lower("email"), flat=True))
    declined = _declined(wave)
    new: list[Invitation] = []
    for person in people:
        email = person.email.strip().lower()
        if email and email in known:
            continue
        known.add(email)
        new.append(
            Invitation(
                group=group,
                email=email,
                name=person.name.strip(),
                user=person.user,
                stakeholder=person.stakeholder,
                mail_stopped=bool(email) and email in declined,
            )
        )
    if group.kind == GroupKind.SELF and group.invitations.count() + len(new) > 1:
        raise WaveProblem(_("This group is one person: the leader whom the assessment is about."))
    _tie_accounts(wave, new)
    Invitation.objects.bulk_create(new, batch_size=1_000)
    if new:
        audit.record(
            organization=wave.assessment.organization,
            actor=by,
            action="people.added",
            subject=wave,
            details={"group": group.key, "people": len(new)},
        )
    if wave.state == WaveState.OPEN:
        transaction.on_commit(lambda: tasks.wake_mail(wave.pk), robust=True)
    silent = sum(invitation.mail_stopped for invitation in new)
    return Added(new=len(new), known=len(people) - len(new), declined=silent)


def stakeholders_to_add(group: WaveGroup) -> list[Person]:
    """The ecosystem's stakeholders of the group with the same name, who have an address and are not asked yet."""
    there = group.invitations.exclude(email="").values(address=Lower("email"))
    found = (
        Stakeholder.objects.filter(ecosystem=group.wave.assessment.ecosystem, group=group.key)
        .exclude(email="")
        .annotate(address=Lower("email"))
        .exclude(address__in=there)
    )
    return [Person(name=one.name, email=one.email, stakeholder=one) for one in found]


def members_to_add(group: WaveGroup) -> list[Person]:
    """Who of the organization answers as a leader and is not asked yet; in a leader's own group that leader."""
    assessment = group.wave.assessment
    there = group.invitations.exclude(email="").values(address=Lower("email"))
    users = User.objects.filter(memberships__organization=assessment.organization, is_active=True)
    if group.kind == GroupKind.SELF:
        users = users.filter(own_assessments=assessment)
    elif group.kind == GroupKind.LEADERS:
        users = users.filter(memberships__role__in=(Role.ADMIN, Role.FACILITATOR, Role.LEADER))
    else:
        return []
    found = users.annotate(address=Lower("email")).exclude(address__in=there).order_by("name", "pk").distinct()
    return [Person(name=user.name, email=user.email, user=user) for user in found]


@transaction.atomic
def remove_people(*, group: WaveGroup, pks: Sequence[int], by: User) -> int:
    """Take people off the list before a wave opens; in a named wave also later, those who have not started.

    Once an anonymous wave is open nobody can be removed: whether it worked would tell who has started. Their e-mail can
    be stopped instead. Raises WaveProblem.
    """
    wave = locked(group.wave)
    chosen = group.invitations.filter(pk__in=pks)
    if wave.state == WaveState.CLOSED:
        raise WaveProblem(_("This wave is closed: its list stays as it is."))
    if wave.state == WaveState.OPEN:
        if wave.anonymity == Anonymity.ANONYMOUS:
            raise WaveProblem(
                _(
                    "In an open anonymous wave nobody is removed: it would tell who has started. "
                    "Stop their e-mail instead."
                )
            )
        chosen = chosen.filter(status=InvitationStatus.INVITED, draft=None)
    removed = chosen.count()
    chosen.delete()
    if removed:
        audit.record(
            organization=wave.assessment.organization,
            actor=by,
            action="people.removed",
            subject=wave,
            details={"group": group.key, "people": removed},
        )
    return removed


@transaction.atomic
def stop_mail(*, group: WaveGroup, pks: Sequence[int]) -> None:
    """Send these people nothing more; whether they have answered makes no difference that shows."""
    group.invitations.filter(pk__in=pks).update(mail_stopped=True)


def decline(*, invitation: Invitation) -> None:
    """A person wants no more e-mail about this assessment. Their link goes on working."""
    Invitation.objects.filter(pk=invitation.pk).update(mail_stopped=True)


def due_reminders(*, wave: Wave, group: WaveGroup | None = None, now: datetime | None = None) -> QuerySet[Invitation]:
    """Who has a personal link, has not answered, wants e-mail, and heard nothing from us for a day."""
    before = (now or timezone.now()) - REMINDER_PAUSE
    due = _reachable().filter(group__wave=wave, sent_at__lt=before)
    due = due.filter(Q(reminded_at=None) | Q(reminded_at__lt=before))
    return due.filter(group=group) if group else due


@transaction.atomic
def remind(*, wave: Wave, by: User | None, group: WaveGroup | None = None, now: datetime | None = None) -> int:
    """Send a reminder to those who have not answered, at most one a day each. Raises WaveNotOpen.

    Whom other waves, of whichever organization, have reminded as often as may be in a day is passed over today.
    The number of people is for the caller's decision what to say, not for the page as it is (rule D3).
    """
    wave, now = locked(wave), now or timezone.now()
    if wave.state != WaveState.OPEN:
        raise WaveNotOpen(_("This wave is not open: there is nothing to remind of."))
    due = due_reminders(wave=wave, group=group, now=now)
    count = due.exclude(pk__in=_reminded_enough(due, now)).update(reminded_at=now, sent_at=None)
    audit.record(
        organization=wave.assessment.organization,
        actor=by,
        action="wave.reminded",
        subject=wave,
        details={"group": group.key if group else ""},
    )
    transaction.on_commit(lambda: tasks.wake_mail(wave.pk), robust=True)
    return count


def _reminded_enough(due: QuerySet[Invitation], now: datetime) -> list[int]:
    """Those of them by whose reminder an address would get too many, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REMINDING])
    recent = Invitation.objects.filter(reminded_at__gte=now - REMINDER_PAUSE, email__in=due.values("email"))
    heard = Counter(dict(recent.values("email").order_by().annotate(n=Count("pk")).values_list("email", "n")))
    over = []
    for key, email in due.order_by("key").values_list("pk", "email"):
        heard[email] += 1
        if heard[email] > MOST_REMINDERS:
            over.append(key)
    return over


def unsent(*, wave: Wave) -> QuerySet[Invitation]:
    """Whom a message of this wave is due to now, invitations before reminders."""
    due = _reachable().filter(group__wave=wave, sent_at=None)
    if wave.state != WaveState.OPEN:
        return due.none()
    return due.order_by(F("reminded_at").asc(nulls_first=True), "key")


def waves_with_unsent_mail() -> QuerySet[Wave]:
    """Open waves with messages that are due, for the sweep."""
    due = _reachable().filter(sent_at=None)
    return Wave.objects.filter(state=WaveState.OPEN, groups__invitations__in=due).distinct()


def _reachable() -> QuerySet[Invitation]:
    """Whoever has an address, has not answered and wants e-mail."""
    return Invitation.objects.filter(status__in=UNANSWERED, mail_stopped=False).exclude(email="")


def _declined(wave: Wave) -> set[str]:
    """Addresses that want no more e-mail about this assessment."""
    declined = Invitation.objects.filter(group__wave__assessment=wave.assessment_id, mail_stopped=True).exclude(
        email=""
    )
    return set(declined.values_list(Lower("email"), flat=True))


def _tie_accounts(wave: Wave, new: Sequence[Invitation]) -> None:
    """Members who are asked by their own address find the wave on their home page."""
    addresses = [invitation.email for invitation in new if invitation.email and invitation.user_id is None]
    members = User.objects.filter(
        memberships__organization=wave.assessment.organization, email__in=addresses
    ).values_list("email", "pk")
    pks = {email.lower(): pk for email, pk in members}
    for invitation in new:
        if invitation.user_id is None and invitation.email:
            invitation.user_id = pks.get(invitation.email)


def download_allowed(group: WaveGroup) -> bool:
    """Links leave the product as a file only where they carry no name into the answers."""
    return group.wave.anonymity == Anonymity.ANONYMOUS and group.wave.state != WaveState.CLOSED


def note_download(*, group: WaveGroup, by: User) -> None:
    """Note who took the links of those without e-mail: whoever has a link can answer with it."""
    audit.record(
        organization=group.wave.assessment.organization,
        actor=by,
        action="links.downloaded",
        subject=group.wave,
        details={"group": group.key},
    )
