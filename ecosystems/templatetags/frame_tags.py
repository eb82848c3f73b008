"""Tags of the page's frame: see ui.py, which offers them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ecosystems import glyphs
from ecosystems.templatetags.figure_tags import drawing

register = template.Library()

STYLESHEETS = ("tokens", "base", "components", "forms", "charts")
EXTRA_STYLESHEETS = ("workshop", "report")


@register.simple_tag
def stylesheets(*extra: str) -> SafeString:
    """Links to the design system's files; utilities come last so that they win."""
    if unknown := set(extra) - set(EXTRA_STYLESHEETS):
        raise template.TemplateSyntaxError(f"stylesheets: {sorted(unknown)} is not one of {EXTRA_STYLESHEETS}")
    names = (*STYLESHEETS, *extra, "utilities")
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(f"css/{n}.css"),) for n in names))


@register.simple_tag
def brand(url: str = "/", name: str = "Metasystem") -> SafeString:
    return format_html('<a class="brand" href="{}">{}{}</a>', url, drawing(glyphs.BRAND), name)


@register.simple_tag
def icon(name: str, small: bool = False) -> SafeString:
    """A decorative icon; the text beside it, or the button's `aria-label`, says what it means."""
    if name not in glyphs.ICONS:
        raise template.TemplateSyntaxError(f"icon: “{name}” is not one of {', '.join(glyphs.ICONS)}")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">{}</svg>',
        " small" if small else "",
        drawing(glyphs.ICONS[name]),
    )


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    if len(parts) == 1 and not isinstance(parts[0], str):
        return {"crumbs": [(crumb if isinstance(crumb, (tuple, list)) else (crumb, None)) for crumb in parts[0]]}
    crumbs = [(parts[i], parts[i + 1] if i + 1 < len(parts) else None) for i in range(0, len(parts), 2)]
    return {"crumbs": crumbs}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Any], current: int = 1, label: str = "") -> dict[str, Any]:
    rows = [step if isinstance(step, (tuple, list)) else (step, None) for step in steps]
    return {
        "label": label or _("Steps"),
        "steps": [
            {"name": name, "url": url, "done": i < current, "current": i == current}
            for i, (name, url) in enumerate(rows, 1)
        ],
    }


@register.simple_tag
def progress(value: float, maximum: float, label: str) -> SafeString:
    """A bar with its words; an empty whole is an empty bar, not a division by zero."""
    top = max(float(maximum), 1.0)
    return format_html(
        '<progress value="{}" max="{}" aria-label="{}"></progress>',
        format(min(max(float(value), 0.0), top), "g"),
        format(top, "g"),
        label,
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page_obj: Any, parameter: str = "page") -> dict[str, Any]:
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    pages = page_obj.paginator
    numbers = pages.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "page": page_obj,
        "links": [(n, address(n) if isinstance(n, int) else None) for n in numbers],
        "previous": address(page_obj.previous_page_number()) if page_obj.has_previous() else None,
        "next": address(page_obj.next_page_number()) if page_obj.has_next() else None,
    }


MESSAGE_KINDS = {"success": "good", "warning": "warn", "error": "bad"}
BANNER_ICONS = {"good": "check", "warn": "warning", "bad": "warning"}


@register.inclusion_tag("components/messages.html")
def message_list(messages: Iterable[Any]) -> dict[str, Any]:
    kinds = [(message, MESSAGE_KINDS.get(message.level_tag, "")) for message in messages]
    return {"messages": [(message, kind, BANNER_ICONS.get(kind, "info")) for message, kind in kinds]}


@register.simple_block_tag(name="banner")
def banner(content: str, kind: str = "", icon: str = "") -> SafeString:
    return format_html(
        '<div class="banner {}">{}<p>{}</p></div>', kind, _icon(icon or BANNER_ICONS.get(kind, "info")), content
    )


_icon = icon


@register.simple_block_tag
def empty_state(content: str, title: str, icon: str = "", level: int = 2) -> SafeString:
    """What will be here, and the first step."""
    heading = format_html("<h{0}>{1}</h{0}>", int(level), title)
    return format_html('<div class="empty">{}{}{}</div>', _icon(icon) if icon else "", heading, content)
