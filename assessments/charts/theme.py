"""The look of each mark as literal values, for engines that do not style inline SVG from a page's CSS (PDF, PNG).

The same list as static/css/charts.css with the light tokens of static/css/tokens.css; a test keeps them equal.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

TOKENS: Final = MappingProxyType(
    {
        "paper": "#ffffff",
        "surface": "#ffffff",
        "sunken": "#f2ede3",
        "line": "#e5ded1",
        "line-strong": "#8d8577",
        "ink": "#1f1c17",
        "ink-2": "#57514a",
        "ink-3": "#6b645a",
        "accent": "#3d3a9c",
        "accent-ink": "#ffffff",
        "inn": "#7b511d",
        "eco": "#267570",
        "ada": "#3384d5",
        "sta": "#761332",
        "sus": "#73832c",
        "warn": "#8a5300",
        "hatch": "#d9d0bf",
        "lit-r": "#d3d5e9",
        "lit-b": "#e3d3c1",
        "l0": "#8c4a10",
        "l1": "#dba770",
        "l2": "#e6dfd2",
        "l3": "#8fb8e0",
        "l4": "#24598f",
        "l-on": "#ffffff",
        "h0": "#f4f3f5",
        "h1": "#e5e5ef",
        "h2": "#d1d3e8",
        "h3": "#babede",
        "h4": "#9da3d2",
        "h5": "#5d62b1",
        "h6": "#3d3a9c",
    }
)

# class, or classes joined by a dot, to SVG attributes. Later entries win, as in a style sheet.
PAINT: Final = MappingProxyType(
    {
        "t": {"fill": "ink", "font-size": "13px"},
        "t-b": {"font-weight": "620"},
        "t-s": {"font-size": "11.5px"},
        "t-m": {"font-size": "12px"},
        "t-l": {"font-size": "26px"},
        "t-xl": {"font-size": "34px", "font-weight": "640"},
        "t-on": {"fill": "surface"},
        "t-own": {"fill": "accent"},
        "t-2": {"fill": "ink-3", "font-weight": "400"},
        "t-num": {"font-size": "16px", "font-weight": "640"},
        "t-num.t-2": {"font-weight": "400"},
        "halo": {"fill": "none", "stroke": "paper", "stroke-width": "4", "stroke-linejoin": "round"},
        "grid": {"stroke": "line", "fill": "none"},
        "grid.strong": {"stroke": "line-strong"},
        "zero": {"stroke": "ink-3", "stroke-dasharray": "2 3", "fill": "none"},
        "track": {"stroke": "line", "stroke-width": "2"},
        "track-bar": {"fill": "sunken"},
        "track.thick": {"stroke-width": "3"},
        "prev": {"stroke": "ink-3", "stroke-width": "2"},
        "zero.solid": {"stroke": "ink", "stroke-dasharray": "none"},
        "zero.thick": {"stroke-width": "2"},
        "outline": {"fill": "none", "stroke": "ink-3", "stroke-width": "1.5", "stroke-dasharray": "4 3"},
        "outline.thick": {"stroke-width": "3", "stroke-dasharray": "8 6"},
        "outcome": {"fill": "none", "stroke": "accent", "stroke-width": "2.5"},
        "outcome.thick": {"stroke-width": "5"},
        "shift": {"fill": "none", "stroke": "ink-3", "stroke-width": "2"},
        "shift.thick": {"stroke-width": "3"},
        "arrowhead": {"fill": "ink"},
        "box": {"fill": "sunken", "stroke": "line-strong", "stroke-width": "1"},
        "box.thick": {"stroke-width": "2"},
        "band": {"fill": "c", "fill-opacity": ".24", "stroke": "none"},
        "stroke": {"stroke": "c", "stroke-width": "2.5", "fill": "none", "stroke-linejoin": "round"},
        "stroke.thin": {"stroke-width": "2"},
        "dot": {"fill": "c", "stroke": "surface", "stroke-width": "1.5"},
        "dot.flat": {"stroke": "none"},
        "ring": {"fill": "surface", "stroke": "c", "stroke-width": "2.2"},
        "ring.thick": {"stroke-width": "4"},
        "whisker": {"stroke": "c", "stroke-width": "6", "stroke-linecap": "round", "stroke-opacity": ".45"},
        "whisker.faint": {"stroke-opacity": ".22"},
        "whisker.wide": {"stroke-width": "11"},
        "link": {
            "stroke": "line-strong",
            "stroke-width": "1.5",
            "stroke-dasharray": "1 3",
            "stroke-linecap": "round",
        },
        "fill": {"fill": "c"},
        "fill.deep": {"fill": "deep"},
        "area": {
            "fill": "c",
            "fill-opacity": ".06",
            "stroke": "c",
            "stroke-width": "2",
            "stroke-linejoin": "round",
        },
        "area.open": {"fill": "none"},
        "area-line": {"fill": "none", "stroke": "c", "stroke-width": "1.6", "stroke-linejoin": "round"},
        "area-line.s-prev": {"stroke-dasharray": "2 4"},
        "area-line.s-own": {"stroke-dasharray": "7 4"},
        "hatch-bg": {"fill": "sunken"},
        "hatch-line": {"stroke": "hatch", "stroke-width": "2.4"},
        "h0": {"fill": "h0"},
        "h1": {"fill": "h1"},
        "h2": {"fill": "h2"},
        "h3": {"fill": "h3"},
        "h4": {"fill": "h4"},
        "h5": {"fill": "h5"},
        "h6": {"fill": "h6"},
        "h": {"stroke": "line", "stroke-width": "1"},
        "ht5": {"fill": "accent-ink"},
        "ht6": {"fill": "accent-ink"},
        "l0": {"fill": "l0"},
        "l1": {"fill": "l1"},
        "l2": {"fill": "l2"},
        "l3": {"fill": "l3"},
        "l4": {"fill": "l4"},
        "lt0": {"fill": "l-on"},
        "lt4": {"fill": "l-on"},
        "edge": {"fill": "none", "stroke": "ink-2", "stroke-width": "1.6"},
        "edge.down": {"stroke": "warn", "stroke-dasharray": "6 4"},
        "head": {"fill": "ink-2"},
        "head.down": {"fill": "warn"},
        "delay": {"stroke": "ink", "stroke-width": "1.8", "fill": "none"},
        "sign": {"fill": "surface", "stroke": "ink-2"},
        "sign.down": {"stroke": "warn"},
        "sign-mark": {"stroke": "ink", "stroke-width": "1.8"},
        "sign-mark.down": {"stroke": "warn"},
        "factor": {"fill": "surface", "stroke": "line-strong"},
        "lit": {"fill": "none", "stroke-width": "13", "stroke-linecap": "round", "stroke": "lit-r"},
        "lit.lit-B": {"stroke": "lit-b"},
        "loop-face": {"fill": "surface"},
        "loop-arc": {"fill": "none", "stroke": "c", "stroke-width": "2"},
        "loop-tip": {"fill": "c"},
        "glyph": {
            "fill": "none",
            "stroke": "c",
            "stroke-width": "1.6",
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
        },
    }
)

# classes that only say which colour --c is
COLOUR_OF: Final = MappingProxyType(
    {
        "d-all": "ink",
        "d-inn": "inn",
        "d-eco": "eco",
        "d-ada": "ada",
        "d-sta": "sta",
        "d-sus": "sus",
        "s-now": "ink",
        "s-own": "accent",
        "s-prev": "ink-3",
        "s-warn": "warn",
        "loop-R": "accent",
        "loop-B": "warn",
    }
)
# the colour a column takes, so dark that a pale number on it can be read: 78 % of the token, the rest ink (in OKLab)
DEEP: Final = MappingProxyType(
    {
        "inn": "#65451e",
        "eco": "#2a605b",
        "ada": "#336ca7",
        "sta": "#631a2c",
        "sus": "#5f6a2a",
    }
)
FONT: Final = "system-ui, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif"


def colour_of(classes: Iterable[str], inherited: str) -> str:
    """The token behind --c: the element's own class, else what it stands in."""
    return next((COLOUR_OF[name] for name in classes if name in COLOUR_OF), inherited)


def attributes(classes: str, inherited: str) -> dict[str, str]:
    """Presentation attributes with literal colours for an element of these classes inside a `inherited` group."""
    names = classes.split()
    own = set(names)
    painted: dict[str, str] = {}
    for rule, values in PAINT.items():
        if own.issuperset(rule.split(".")):
            painted |= values
    colour = colour_of(names, inherited)

    def paint(value: str) -> str:
        if value == "deep":
            return DEEP.get(colour, TOKENS[colour])
        return value if value == "none" else TOKENS[colour if value == "c" else value]

    return {name: paint(value) if name in ("fill", "stroke") else value for name, value in painted.items()}
