"""Reading the people of an organization."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecosystems.enums import Role
from ecosystems.models import MemberInvitation, Membership, Organization, User


def members(organization: Organization, *, find: str = "", role: str = "") -> QuerySet[Membership]:
    """Members by name, those whose name or address holds `find` and who have `role`."""
    found = organization.memberships.select_related("user").order_by("user__name", "user__email")
    if find:
        found = found.filter(Q(user__name__icontains=find) | Q(user__email__icontains=find))
    if role in Role.values:
        found = found.filter(role=role)
    return found


def open_invitations(organization: Organization) -> QuerySet[MemberInvitation]:
    """Offers nobody has taken yet, newest first; those that have expired are among them."""
    return organization.member_invitations.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at", "-pk")


def invitations_for(user: User) -> QuerySet[MemberInvitation]:
    """Offers that wait for this person's own, proven address."""
    return (
        MemberInvitation.objects.select_related("organization")
        .filter(
            email__iexact=user.email,
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
            email__in=EmailAddress.objects.filter(user=user, verified=True).values("email"),
        )
        .order_by("-created_at")
    )


def demo_account(role: str) -> User | None:
    """The person with this role in the demo organization; for demo mode's one-click log-in only."""
    membership = (
        Membership.objects.select_related("user")
        .filter(organization__is_demo=True, role=role, user__is_active=True, user__is_staff=False)
        .order_by("pk")
        .first()
    )
    return membership.user if membership else None
