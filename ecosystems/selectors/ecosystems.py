"""Reading ecosystems and their stakeholders."""

from django.db.models import Count, Q, QuerySet

from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, Organization, Stakeholder


def ecosystems_of(organization: Organization) -> QuerySet[Ecosystem]:
    """The organization's ecosystems by name, each with `stakeholder_count`."""
    return organization.ecosystems.annotate(stakeholder_count=Count("stakeholders")).order_by("name", "pk")


def group_counts(ecosystem: Ecosystem) -> dict[StakeholderGroup, int]:
    """How many parties each of the four groups has; one query."""
    counted = dict(ecosystem.stakeholders.order_by().values_list("group").annotate(Count("pk")))
    return {group: counted.get(group.value, 0) for group in StakeholderGroup}


def stakeholders(
    ecosystem: Ecosystem, *, find: str = "", group: str = "", with_contacts: bool = False
) -> QuerySet[Stakeholder]:
    """Parties by name; `find` looks in names, and in addresses and notes only for those who may see them."""
    found = ecosystem.stakeholders.order_by("name", "pk")
    if find:
        wanted = Q(name__icontains=find)
        if with_contacts:
            wanted |= Q(note__icontains=find) | Q(email__icontains=find)
        found = found.filter(wanted)
    if group in StakeholderGroup.values:
        found = found.filter(group=group)
    return found
