"""Organizations and the people in them."""

import itertools
from datetime import timedelta

from django.utils import timezone

from ecosystems.enums import Role
from ecosystems.models import MemberInvitation, Membership, Organization, User

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"


def make_user(*, email: str = "", name: str = "", password: str | None = None, verified: bool = True) -> User:
    """A person who was here a moment ago, so that a page's query count does not depend on who looks first."""
    from allauth.account.models import EmailAddress

    email = email or f"person{next(_numbers)}@people.example"
    user = User.objects.create_user(
        email, password, name=name or email.split("@")[0].replace(".", " ").title(), last_seen_at=timezone.now()
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def make_organization(*, slug: str = "", name: str = "", **fields: object) -> Organization:
    number = next(_numbers)
    return Organization.objects.create(slug=slug or f"org-{number}", name=name or f"Organization {number}", **fields)


def make_member(organization: Organization, role: Role = Role.LEADER, *, email: str = "", name: str = "") -> User:
    """A new person with this role, who logs in with PASSWORD."""
    user = make_user(email=email, name=name, password=PASSWORD)
    Membership.objects.create(organization=organization, user=user, role=role)
    return user


def make_invitation(
    organization: Organization, role: Role = Role.LEADER, *, email: str = "", **fields: object
) -> MemberInvitation:
    """An open offer, good for two weeks, whose e-mail has gone out."""
    defaults: dict[str, object] = {"expires_at": timezone.now() + timedelta(days=14), "sent_at": timezone.now()}
    email = email or f"invited{next(_numbers)}@people.example"
    return MemberInvitation.objects.create(organization=organization, role=role, email=email, **(defaults | fields))
