"""What the scoring knows of an instrument version: for pages that say how a number was made."""

from dataclasses import dataclass, field
from functools import lru_cache

from assessments.models import InstrumentVersion
from assessments.scoring.blueprint import Blueprint


def blueprint_of(version: InstrumentVersion) -> Blueprint:
    """Items, facets and weights of a version; those of a published one are read once per process."""
    if version.is_draft:
        return Blueprint.from_definition(version.definition)
    return _published(_Key(version.pk, version))


@dataclass(frozen=True)
class _Key:
    pk: int
    version: InstrumentVersion = field(compare=False, repr=False)


@lru_cache(maxsize=32)
def _published(key: _Key) -> Blueprint:
    return Blueprint.from_definition(key.version.definition)
