"""Instruments small enough to see through."""

from assessments.models import InstrumentVersion
from assessments.services.instruments import import_instrument, load_default_instrument
from ecosystems.models import Organization

TWO_FACETS = """
code: two
name: Two facets
audiences: {leaders: Leaders}
scales:
  five: {lo: 1, hi: 5}
  spare: {lo: 0, hi: 4}
dimensions:
  - code: INN
    facets:
      - code: FA
        items:
          - {code: A1, text: a1, scale: five}
          - {code: A2, text: a2, scale: five}
      - code: FB
        items:
          - {code: B1, text: b1, scale: five}
  - code: ECO
    facets:
      - code: FC
        items:
          - {code: C1, text: c1, scale: five}
leadership:
  - code: MND
    constructs:
      - code: FD
        items:
          - {code: D1, text: d1, scale: five}
"""


def make_default_instrument() -> InstrumentVersion:
    """The instrument that comes with the product, as its published version."""
    return load_default_instrument()[0]


def make_instrument(organization: Organization, text: str = TWO_FACETS) -> InstrumentVersion:
    """A published version of the organization's own."""
    return import_instrument(organization=organization, text=text, by=None)


def make_instrument_draft(organization: Organization, text: str = TWO_FACETS) -> InstrumentVersion:
    """A draft that was never published."""
    return import_instrument(organization=organization, text=text, by=None, publish=False)
