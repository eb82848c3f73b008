"""Creating and changing organizations."""

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ecosystems.enums import Role
from ecosystems.models import Membership, Organization, User
from ecosystems.services import audit

MOST_ORGANIZATIONS = 20
"""How many one person may be the admin of; a lock against scripts, far above what people need."""
RESERVED_ADDRESSES = frozenset({"new", "admin", "static"})


class TooManyOrganizations(Exception):
    def __init__(self) -> None:
        super().__init__(
            _("You already run %(count)d organizations, more than that needs the operator's help.")
            % {"count": MOST_ORGANIZATIONS}
        )


def free_address(name: str, taken: "frozenset[str] | None" = None, *, length: int = 50) -> str:
    """An address made from a name; a random one where nothing of the name can stand in an address."""
    base = slugify(name)[:length].strip("-_")
    if not base or base in RESERVED_ADDRESSES:
        base = "-".join(filter(None, [base, get_random_string(6, "abcdefghijkmnpqrstuvwxyz23456789")]))
    address, number = base, 1
    while taken and address in taken:
        number += 1
        address = f"{base}-{number}"
    return address


def create_organization(*, name: str, by: User) -> Organization:
    """A new organization with `by` as its admin. Raises TooManyOrganizations."""
    if by.memberships.filter(role=Role.ADMIN).count() >= MOST_ORGANIZATIONS:
        raise TooManyOrganizations
    wish = free_address(name)
    for attempt in range(5):
        taken = frozenset(Organization.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
        try:
            with transaction.atomic():
                organization = Organization.objects.create(slug=free_address(name, taken), name=name)
                Membership.objects.create(organization=organization, user=by, role=Role.ADMIN)
                audit.record(organization=organization, actor=by, action="organization.created", subject=name)
                return organization
        except IntegrityError:  # two people chose the same name in the same moment
            if attempt == 4:
                raise
    raise AssertionError


@transaction.atomic
def update_organization(
    *, organization: Organization, name: str, min_group_size: int, comment_min_group_size: int, by: User
) -> Organization:
    """Change the name and the privacy minimums (rule D1): new waves start from them, waves that exist keep theirs."""
    new = {"name": name, "min_group_size": min_group_size, "comment_min_group_size": comment_min_group_size}
    changed = {
        key: [getattr(organization, key), value] for key, value in new.items() if getattr(organization, key) != value
    }
    for key, value in new.items():
        setattr(organization, key, value)
    organization.full_clean()
    organization.save(update_fields=list(new))
    if changed:
        audit.record(organization=organization, actor=by, action="organization.changed", subject=name, details=changed)
    return organization
