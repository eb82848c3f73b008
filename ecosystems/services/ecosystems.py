"""Creating and changing ecosystems."""

from django.db import IntegrityError, transaction

from ecosystems.models import Ecosystem, Organization, User
from ecosystems.services import audit
from ecosystems.services.organizations import free_address


def create_ecosystem(*, organization: Organization, name: str, description: str, by: User) -> Ecosystem:
    """A new ecosystem, with an address made from its name."""
    for attempt in range(5):
        taken = frozenset(organization.ecosystems.values_list("slug", flat=True))
        try:
            with transaction.atomic():
                ecosystem = Ecosystem.objects.create(
                    organization=organization, slug=free_address(name, taken), name=name, description=description
                )
                audit.record(organization=organization, actor=by, action="ecosystem.created", subject=name)
                return ecosystem
        except IntegrityError:  # two people chose the same name in the same moment
            if attempt == 4:
                raise
    raise AssertionError


@transaction.atomic
def update_ecosystem(*, ecosystem: Ecosystem, name: str, description: str, by: User) -> Ecosystem:
    """Change name and description; the address stays, so that links keep working."""
    old = ecosystem.name
    ecosystem.name, ecosystem.description = name, description
    ecosystem.save(update_fields=["name", "description"])
    audit.record(
        organization=ecosystem.organization,
        actor=by,
        action="ecosystem.changed",
        subject=name,
        details={"name": [old, name]} if old != name else {},
    )
    return ecosystem
