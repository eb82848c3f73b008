"""Offering a role by e-mail, and taking the offer."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystems import tasks
from ecosystems.addresses import Address
from ecosystems.enums import Role
from ecosystems.links import join_token
from ecosystems.models import MemberInvitation, Membership, Organization, User
from ecosystems.services import audit

logger = logging.getLogger(__name__)
LIFETIME = timedelta(days=14)
MOST_A_DAY = 500
"""Invitations one organization may send in a day, so that nobody uses us to send bulk mail."""


class InvitationRefused(Exception):
    """The message is for the person who tried."""


@dataclass(frozen=True)
class Invited:
    """What became of a list of addresses."""

    invited: tuple[MemberInvitation, ...]
    members: tuple[str, ...]
    """Addresses of people who already belong to the organization; left as they are."""
    waiting: tuple[str, ...]
    """Addresses that have an open invitation; left as they are."""


@transaction.atomic
def invite_people(*, organization: Organization, addresses: Sequence[Address], role: Role, by: User) -> Invited:
    """Offer the role to every address that is neither a member nor invited. Raises InvitationRefused."""
    # one list at a time, for the limit and the open ones; what refers to the organization waits for nobody
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    emails = [address.email.lower() for address in addresses]
    members = frozenset(organization.members.filter(email__in=emails).values_list("email", flat=True))
    open_ones = organization.member_invitations.filter(accepted_at=None, withdrawn_at=None)
    open_ones.filter(email__in=emails, expires_at__lte=timezone.now()).update(withdrawn_at=timezone.now())
    waiting = frozenset(open_ones.filter(email__in=emails).values_list("email", flat=True))
    new = [address for address in addresses if address.email.lower() not in members | waiting]
    today = organization.member_invitations.filter(created_at__gt=timezone.now() - timedelta(days=1)).count()
    if today + len(new) > MOST_A_DAY:
        raise InvitationRefused(
            _("An organization can send %(limit)d invitations a day; %(count)d have gone out since yesterday.")
            % {"limit": MOST_A_DAY, "count": today}
        )
    invited = MemberInvitation.objects.bulk_create(
        MemberInvitation(
            organization=organization,
            email=address.email.lower(),
            name=address.name,
            role=role,
            invited_by=by,
            expires_at=timezone.now() + LIFETIME,
        )
        for address in new
    )
    for invitation in invited:
        audit.record(
            organization=organization,
            actor=by,
            action="person.invited",
            subject=invitation.email,
            details={"role": role.value},
        )
    _send_on_commit(*invited)
    return Invited(
        tuple(invited),
        tuple(email for email in emails if email in members),
        tuple(email for email in emails if email in waiting),
    )


@transaction.atomic
def resend_invitation(*, invitation: MemberInvitation, by: User) -> None:
    """Send the same link again, good for another 14 days. Raises InvitationRefused when it was used or withdrawn."""
    invitation = MemberInvitation.objects.select_for_update().get(pk=invitation.pk)
    _ensure_open(invitation)
    invitation.sent_at, invitation.refused = None, False
    invitation.expires_at = timezone.now() + LIFETIME
    invitation.save(update_fields=["sent_at", "refused", "expires_at"])
    audit.record(
        organization=invitation.organization, actor=by, action="person.invited-again", subject=invitation.email
    )
    _send_on_commit(invitation)


@transaction.atomic
def withdraw_invitation(*, invitation: MemberInvitation, by: User) -> None:
    """From now on the link says that it was withdrawn. Raises InvitationRefused when it was used."""
    invitation = MemberInvitation.objects.select_for_update().get(pk=invitation.pk)
    _ensure_open(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record(
        organization=invitation.organization, actor=by, action="person.invitation-withdrawn", subject=invitation.email
    )


@transaction.atomic
def accept_invitation(*, invitation: MemberInvitation, user: User) -> Membership:
    """Give the person the role. Raises InvitationRefused when it is not theirs, or no longer open.

    Who belongs to the organization already keeps the role they have.
    """
    invitation = MemberInvitation.objects.select_for_update().select_related("organization").get(pk=invitation.pk)
    _ensure_open(invitation)
    if invitation.expires_at <= timezone.now():
        raise InvitationRefused(_("The invitation has expired."))
    if invitation.email.lower() != user.email.lower():
        raise InvitationRefused(_("The invitation is for another address."))
    membership, is_new = Membership.objects.get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if is_new:
        audit.record(
            organization=invitation.organization,
            actor=user,
            action="person.joined",
            subject=user.email,
            details={"role": membership.role},
        )
    return membership


@transaction.atomic
def join_as_new(*, invitation: MemberInvitation, name: str, password: str) -> User:
    """An account for the invited address, which the link has proven, and the role. Raises InvitationRefused."""
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise InvitationRefused(_("There is an account with this address: log in."))
    user = User.objects.create_user(invitation.email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    accept_invitation(invitation=invitation, user=user)
    return user


def join_url(invitation: MemberInvitation) -> str:
    return settings.PUBLIC_URL + reverse("ecosystems:join", args=[join_token(invitation.key)])


@transaction.atomic
def send_invitation(*, invitation_id: int) -> None:
    """Send the e-mail unless it has gone out. A mail server that is down raises OSError: the sweep tries again."""
    invitation = (
        MemberInvitation.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organization", "invited_by")
        .filter(pk=invitation_id, sent_at=None, refused=False, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if invitation is None:
        return
    name = " ".join(invitation.organization.name.split())  # a subject is one line
    context = {"invitation": invitation, "organization": invitation.organization, "url": join_url(invitation)}
    message = EmailMultiAlternatives(
        subject=_("%(organization)s invites you to Metasystem") % {"organization": name},
        body=render_to_string("ecosystems/emails/invitation.txt", context),
        to=[invitation.email],
    )
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPDataError, UnicodeEncodeError) as refusal:
        if isinstance(refusal, SMTPDataError) and refusal.smtp_code < 500:
            return  # this message, for now: the sweep tries again, and goes on with the others
        logger.warning("the mail server refused the address of invitation %s", invitation.pk)
        invitation.refused = True
    else:
        invitation.sent_at = timezone.now()
    invitation.save(update_fields=["refused", "sent_at"])


def send_waiting_invitations() -> None:
    """Send what a lost wake-up or a mail server that was down left behind; stops at the first failure."""
    waiting = MemberInvitation.objects.filter(
        sent_at=None, refused=False, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    for pk in waiting.order_by("pk").values_list("pk", flat=True)[:100]:
        send_invitation(invitation_id=pk)


def _ensure_open(invitation: MemberInvitation) -> None:
    if invitation.accepted_at:
        raise InvitationRefused(_("The invitation has been used."))
    if invitation.withdrawn_at:
        raise InvitationRefused(_("The invitation was withdrawn."))


def _send_on_commit(*invitations: MemberInvitation) -> None:
    def wake() -> None:
        for invitation in invitations:
            tasks.send_member_invitation.delay(invitation.pk)

    # robust: a broker that is down ends this at the first e-mail, and the sweep sends them all
    transaction.on_commit(wake, robust=True)
