"""Ecosystems and their stakeholders."""

import itertools

from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, Organization, Stakeholder

_numbers = itertools.count(1)


def make_ecosystem(organization: Organization, *, slug: str = "", name: str = "") -> Ecosystem:
    number = next(_numbers)
    return Ecosystem.objects.create(
        organization=organization, slug=slug or f"ecosystem-{number}", name=name or f"Ecosystem {number}"
    )


def make_stakeholder(
    ecosystem: Ecosystem, group: StakeholderGroup = StakeholderGroup.PARTNERS, *, name: str = "", email: str = ""
) -> Stakeholder:
    number = next(_numbers)
    return Stakeholder.objects.create(
        ecosystem=ecosystem, group=group, name=name or f"Stakeholder {number}", email=email
    )
