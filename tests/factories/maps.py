"""Causal maps for tests, drawn through their services."""

from collections.abc import Callable
from uuid import uuid4

from django.urls import reverse

from assessments.services.maps import edits
from ecosystems.models import DrawnLink, Ecosystem, Factor, MapEdit, User


def map_url(name: str, ecosystem: Ecosystem, *more: object) -> str:
    """The address of a page of an ecosystem by its name."""
    return reverse(f"assessments:{name}", args=[ecosystem.organization.slug, ecosystem.slug, *more])


class MapMaker:
    """A person at a map: `do` makes one edit with a new key."""

    def __init__(self, ecosystem: Ecosystem, by: User | None = None) -> None:
        self.ecosystem, self.by = ecosystem, by

    def do(self, act: Callable[..., MapEdit], **given: object) -> MapEdit:
        return act(ecosystem=self.ecosystem, key=uuid4(), by=self.by, **given)

    def factor(self, name: str, facet: str = "", **given: object) -> int:
        """The primary key of a new factor."""
        self.do(edits.add_factor, name=name, facet=facet, **given)
        return Factor.objects.get(ecosystem=self.ecosystem, name=name).pk

    def link(self, source: int, target: int, sign: int = 1, strength: int = 2, delay: int = 0) -> int:
        """The primary key of a new link."""
        self.do(edits.draw_link, source=source, target=target, sign=sign, strength=strength, delay=delay)
        return DrawnLink.objects.get(source=source, target=target, sign=sign).pk

    def many(self, factors: int) -> list[int]:
        """Factors in a ring, written without their services."""
        rows = Factor.objects.bulk_create(
            Factor(ecosystem=self.ecosystem, name=f"Factor {number:03}", x=number * 200.0, y=0.0)
            for number in range(factors)
        )
        keys = [row.pk for row in rows]
        DrawnLink.objects.bulk_create(
            DrawnLink(ecosystem=self.ecosystem, source_id=one, target_id=other, sign=1)
            for one, other in zip(keys, [*keys[1:], keys[0]], strict=True)
        )
        return keys
