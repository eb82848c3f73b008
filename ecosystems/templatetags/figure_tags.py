"""Tags that draw dimensions and charts: see ui.py, which offers them."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ecosystems import glyphs

register = template.Library()

WIDEST = 800  # px that fit beside the margin column of a page; wider drawings scroll inside their figure


def drawing(svg: str) -> SafeString:
    """The one place where SVG becomes safe: our own constants, and charts whose builder escapes every text."""
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def glyph(code: str, size: int = 16) -> SafeString:
    """A dimension's glyph, decorative: its name stands beside it."""
    short = glyphs.dimension_class(code)
    return format_html(
        '<svg class="glyph d-{0}" viewBox="0 0 16 16" width="{1}" height="{1}" aria-hidden="true" focusable="false">{2}'
        "</svg>",
        short,
        int(size),
        drawing(glyphs.DIMENSION_GLYPHS[short]),
    )


@register.simple_tag
def dimension(code: str, name: str, size: int = 16) -> SafeString:
    return format_html('<span class="dim">{}{}</span>', glyph(code, size), name)


@register.inclusion_tag("components/figure.html")
def figure(
    chart: Any,
    heading: str = "",
    sub: str = "",
    level: int = 3,
    table: bool = True,
    id: str = "",
    **attributes: str,
) -> dict[str, Any]:
    """A chart as a figure; `chart` has `spec`, `wide`, `narrow`, `wide_width`, `key` (see assessments.charts.spec)."""
    return {
        "spec": chart.spec,
        "heading": heading or chart.spec.title,
        "sub": sub,
        "level": int(level),
        "id": id,
        "wide": drawing(chart.wide),
        "narrow": drawing(chart.narrow),
        "only": chart.wide == chart.narrow,
        "size": _size(chart.wide_width),
        "scroll": chart.wide_width > WIDEST,
        "swipe": getattr(chart, "scrolls", False),
        "key": chart.key,
        "table": table,
        "class": attributes.get("class", ""),
    }


def _size(width: float) -> str:
    """The container query's class: the wide drawing shows only where it fits unscaled."""
    return "mid" if width <= 420 else "wide-m" if width <= 570 else "wide-l"


@register.simple_tag
def chart(drawn: Any) -> SafeString:
    return drawing(drawn.wide)


@register.inclusion_tag("components/key.html")
def chart_key(items: Sequence[Any]) -> dict[str, Any]:
    return {"key": [(drawing(item.svg), item.label) for item in items]}


@register.inclusion_tag("components/data_table.html")
def data_table(spec: Any, caption: str = "") -> dict[str, Any]:
    return {"spec": spec, "caption": caption}
