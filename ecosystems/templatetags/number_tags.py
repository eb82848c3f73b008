"""Tags and filters that write numbers: see ui.py, which offers them."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ecosystems import numerals

register = template.Library()


@register.filter
def score(value: float | None, digits: int = 0) -> str:
    return "" if value is None else numerals.number(value, digits)


@register.filter
def signed(value: float | None, digits: int = 0) -> str:
    return "" if value is None else numerals.signed(value, digits)


@register.simple_tag
def interval(low: float | None, high: float | None, digits: int = 0, sign: bool = False) -> SafeString:
    if low is None or high is None:
        return absent(_("no interval"))
    return format_html('<span dir="ltr" class="nowrap">{}</span>', _range(low, high, digits, sign))


def _range(low: float, high: float, digits: int, sign: bool) -> str:
    write = numerals.signed if sign else numerals.number
    return _("%(low)s to %(high)s") % {"low": write(low, digits), "high": write(high, digits)}


@register.inclusion_tag("components/stat.html")
def stat(
    label: str,
    value: float | str | None,
    of: str = "",
    note: str = "",
    url: str = "",
    link: str = "",
    digits: int = 0,
    small: bool = False,
    reason: str = "",
) -> dict[str, Any]:
    """One large number. None is shown as `reason` in words; a withheld number is `reason="withheld"`."""
    text = value if isinstance(value, str) or value is None else numerals.number(value, digits)
    return {"label": label, "text": text, "of": of, "note": note, "url": url, "link": link, "small": small} | {
        "reason": reason or _("not available"),
        "withheld": value is None and reason == "withheld",
    }


@register.inclusion_tag("components/delta.html")
def delta(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    digits: int = 0,
    since: str = "",
    reason: str = "",
) -> dict[str, Any]:
    """A change with its sign, interval and the words that say whether it is real."""
    return {
        "change": None if value is None else _change(value, low, high, digits),
        "range": None if low is None or high is None else _range(low, high, digits, sign=True),
        "since": since,
        "reason": reason or _("not available"),
    }


@register.inclusion_tag("components/delta_words.html")
def delta_words(
    value: float | None, low: float | None = None, high: float | None = None, digits: int = 0, reason: str = ""
) -> dict[str, Any]:
    change = None if value is None else _change(value, low, high, digits)
    return {"change": change, "reason": reason or _("not available")}


def _change(value: float, low: float | None, high: float | None, digits: int) -> dict[str, Any]:
    clear = low is not None and high is not None and (low > 0 or high < 0)
    shown = numerals.rounded(value, digits)
    if low is None or high is None:
        words = _("interval unknown")
    elif clear:
        words = _("clear change")
    else:
        words = _("could be chance")
    arrow = "▲" if shown > 0 else "▼" if shown < 0 else "="
    return {"arrow": arrow, "text": numerals.signed(value, digits), "clear": clear, "words": words}


@register.simple_tag
def withheld(short: bool = False) -> SafeString:
    if short:
        return format_html(
            '<span class="withheld">{}<span class="visually-hidden">{}</span></span>',
            _("withheld"),
            _(": protects a small group"),
        )
    return format_html('<span class="withheld">{}</span>', _("withheld: protects a small group"))


@register.simple_tag
def absent(reason: str) -> SafeString:
    return format_html('<span class="muted">{}</span>', reason)


@register.simple_tag
def badge(text: str, kind: str = "") -> SafeString:
    return format_html('<span class="badge {}">{}</span>', kind, text)
