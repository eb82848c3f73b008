"""Themes: what several comments on a score say, in a name that somebody gave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from assessments.enums import SignalKind
from assessments.models import Signal, Wave
from assessments.models.signals import THEME_MARK


@dataclass(frozen=True, slots=True)
class Theme:
    """`keys`: the comments that say it. Only for where these comments themselves may be read."""

    row: Signal
    keys: frozenset[UUID]


def themes_of(wave: Wave, code: str) -> Sequence[Theme]:
    """Those named from the comments on this score, by name, in one query."""
    rows = Signal.objects.filter(wave=wave, kind=SignalKind.THEME, code__startswith=f"{code}{THEME_MARK}")
    found = rows.annotate(keys=ArrayAgg("comments", filter=Q(comments__isnull=False), default=[]))
    return [Theme(row, frozenset(row.keys)) for row in found.order_by("title", "pk")]
