"""The drawings that pages and charts share: dimension glyphs, icons, the brand. Data only, no Django.

A dimension is a colour, a glyph and a name, always at least two of the three. Codes are the instrument's own
(`INN`, `INN-FLOW`, …); an instrument with other dimensions gets the neutral class `all` and no glyph of a dimension.
"""

from types import MappingProxyType
from typing import Final

NEUTRAL: Final = "all"

# 16 x 16: spark, ties, bend, people, leaf. Parts of class "f" are filled, the rest is stroked.
DIMENSION_GLYPHS: Final = MappingProxyType(
    {
        "inn": '<path class="f" d="M8 .8 9.9 6.1 15.2 8 9.9 9.9 8 15.2 6.1 9.9 .8 8 6.1 6.1Z"/>',
        "eco": '<path d="M3.6 12 8 4.2 12.4 12Z"/><circle class="f" cx="8" cy="3.6" r="2.5"/>'
        '<circle class="f" cx="3.2" cy="12.2" r="2.5"/><circle class="f" cx="12.8" cy="12.2" r="2.5"/>',
        "ada": '<path d="M1.4 12.4C6.6 12.4 5 4.6 9.6 4.6H14"/><path d="M10.8 1.2 14.4 4.6 10.8 8"/>',
        "sta": '<circle cx="5.6" cy="4.9" r="2.6"/><path d="M1 14c0-3.2 1.9-5 4.6-5s4.6 1.8 4.6 5"/>'
        '<path d="M10.6 2.6a2.4 2.4 0 0 1 0 4.7M12.4 9.6c1.7.7 2.6 2.2 2.6 4.4"/>',
        "sus": '<path d="M3.4 12.4C1.6 6 6.2 1.9 14 2c.3 7.7-3.9 12.2-10.6 10.4Z"/><path d="M1.4 14.6 8.8 7.2"/>',
        NEUTRAL: '<circle class="f" cx="8" cy="8" r="3"/><circle cx="8" cy="8" r="6.4"/>',
    }
)

# 20 x 20, stroked with the colour of the text around them.
ICONS: Final = MappingProxyType(
    {
        "moon": '<path d="M15.8 12.6A6.6 6.6 0 0 1 7.4 4.2a6.6 6.6 0 1 0 8.4 8.4Z"/>',
        "sun": '<circle cx="10" cy="10" r="3.6"/><path d="M10 2.2v1.6M10 16.2v1.6M2.2 10h1.6M16.2 10h1.6M4.5 4.5'
        'l1.1 1.1M14.4 14.4l1.1 1.1M4.5 15.5l1.1-1.1M14.4 5.6l1.1-1.1"/>',
        "menu": '<path d="M3 6h14M3 10h14M3 14h14"/>',
        "lock": '<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9"/>',
        "info": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9v4.5M10 6.2v.3"/>',
        "warning": '<path d="M10 3.2 17.4 16H2.6Z"/><path d="M10 8v3.6M10 13.7v.3"/>',
        "check": '<path d="M4 10.6 8.2 15 16.4 5.6"/>',
        "close": '<path d="M5 5l10 10M15 5 5 15"/>',
        "copy": '<rect x="7" y="7" width="10" height="10" rx="1.5"/>'
        '<path d="M4.5 13H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v.5"/>',
        "qr": '<path d="M3 3h5v5H3zM12 3h5v5h-5zM3 12h5v5H3zM12 12h2v2h-2zM15.5 15.5h1.5v1.5h-1.5zM12 17v-1M17 12v1"/>',
        "search": '<circle cx="8.8" cy="8.8" r="5.3"/><path d="M12.8 12.8 17 17"/>',
        "plus": '<path d="M10 4v12M4 10h12"/>',
        "arrow": '<path d="M4 10h12M11.5 5.5 16 10l-4.5 4.5"/>',
        "up": '<path d="M10 16V4M5.5 8.5 10 4l4.5 4.5"/>',
        "down": '<path d="M10 4v12M5.5 11.5 10 16l4.5-4.5"/>',
        "download": '<path d="M10 3v10M6 9.5l4 4 4-4M3.5 16.5h13"/>',
        "mail": '<rect x="3" y="5" width="14" height="10.5" rx="1.5"/><path d="M3.5 6.5 10 11l6.5-4.5"/>',
        "people": '<circle cx="7.5" cy="7" r="3"/><path d="M2 16.5c0-3.4 2.2-5.4 5.5-5.4s5.5 2 5.5 5.4"/>'
        '<path d="M13 4.3a2.9 2.9 0 0 1 0 5.5M15.3 12.2c1.7.8 2.7 2.3 2.7 4.3"/>',
    }
)

OTHER_CODES: Final = MappingProxyType({"sat": "sta"})
"""Codes of instruments that mean a dimension we draw under another short name."""

BRAND: Final = (
    '<svg viewBox="0 0 26 26" width="26" height="26" aria-hidden="true" focusable="false">'
    '<circle class="o" cx="10" cy="16" r="8.2"/>'
    '<circle class="o" cx="16.5" cy="11" r="8.2"/><circle class="f" cx="20.4" cy="4.6" r="3.4"/></svg>'
)


def dimension_class(code: str | None) -> str:
    """The short name behind the CSS class and the glyph: `INN-FLOW` -> `inn`; anything unknown -> `all`."""
    short = (code or "").strip().lower().partition("-")[0]
    short = OTHER_CODES.get(short, short)
    return short if short in DIMENSION_GLYPHS else NEUTRAL
