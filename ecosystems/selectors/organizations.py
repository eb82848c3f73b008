"""Reading organizations."""

from django.db.models import QuerySet

from ecosystems.models import Organization, User


def organizations_of(user: User) -> QuerySet[Organization]:
    """The organizations that the person belongs to, by name."""
    return Organization.objects.filter(memberships__user=user).order_by("name", "pk")
