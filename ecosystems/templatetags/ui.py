"""The design system as template tags. `{% load ui %}`; every string given is escaped, every default translatable.

Page frame
  {% stylesheets %}                               <link>s of the design system, in their order
  {% stylesheets "workshop" %}                    … and of one kind of page: workshop (with loops), report
  {% brand url %}  {% brand url "Food Network" %} mark and name, linked
  {% icon "lock" %}  {% icon "copy" small=True %} see ecosystems/glyphs.py ICONS for the names
  {% breadcrumb "Home" home_url "Network" url "Wave 4" %}   label, address, …; the last one has no address
  {% breadcrumb crumbs %}                         crumbs: [(label, address or None), …] from the view
  {% stepper steps current=2 label="Steps" %}     steps: names or (name, address); current counts from 1
  {% progress 3 5 "3 of 5 sections" %}
  {% pagination page_obj %}                       keeps the other query parameters
  {% message_list messages %}                     Django's messages as banners
  {% banner "warn" %}<strong>Mind this.</strong> …{% endbanner %}     "", good, warn, bad; icon="lock"
  {% empty_state "No waves yet" %}<p>…</p><a class="button" …>…</a>{% endempty_state %}

Numbers
  {{ value|score }}  {{ value|score:1 }}          58, 57.6 (rounded half away from zero)
  {{ value|signed }}  {{ value|signed:1 }}        +3, −3.2 with a true minus
  {% interval low high %}                         "10 to 25" (digits=1, sign=True)
  {% stat "Generative Value Index" 57.8 of="of 100" note="56 to 61 under every way" url=how link="how it is made" %}
  {% stat "Generative Value Index" None reason="one dimension is missing" %}     reason="withheld" draws the hatch
  {% delta 2.0 low=-0.9 high=4.8 digits=1 since="since spring" %}
                                                  ▲ +2.0 since spring · could be chance (−0.9 to +4.8)
  {% delta_words 5 low=1 high=9 %}                ▲ +5 clear change (for table cells and dimension rows)
  {% withheld %}  {% withheld short=True %}       the one rendering of a withheld number
  {% absent "needs two waves" %}                  a number missing for another reason: says why, no hatch
  {% badge "Live" "live" %}                       "", live, good, warn, bad

Dimensions and charts
  {% glyph "INN" %}  {% glyph facet.code size=20 %}
  {% dimension "INN" "Innovation impact" %}       glyph and name
  {% figure chart %}                              figcaption, wide and narrow drawing, key, table toggle
  {% figure chart heading="Leaders rate …" sub="Ring: 9 leaders." level=3 table=True class="" id="gap" %}
  {% chart chart %}                               the drawing alone (a strip in a row); its table stands elsewhere
  {% chart_key chart.key %}                       the legend alone
  {% data_table chart.spec %}                     the table alone

Forms (Django form fields)
  {% error_summary form %}  {% error_summary form other_form formset %}   nothing when there are no errors
  {% field form.name %}                           label, hint, error, input with aria wiring
  {% field form.starts label="From" hint="…" optional=False class="narrow" %}
  {% fields form %}                               every visible and hidden field of the form, in order
  Radio and checkbox choices get hints from `form.fields["x"].option_hints = {value: hint}`.
"""

from __future__ import annotations  # BaseFormSet is generic for type checkers only

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecosystems import glyphs, numerals
from ecosystems.templatetags import form_fields

register = template.Library()

STYLESHEETS = ("tokens", "base", "components", "forms", "charts")
EXTRA_STYLESHEETS = ("workshop", "report")


def drawing(svg: str) -> SafeString:
    """The one place where SVG becomes safe: our own constants, and charts whose builder escapes every text."""
    return mark_safe(svg)  # noqa: S308


# -- page frame ------------------------------------------------------------------------------------


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


# -- numbers ---------------------------------------------------------------------------------------


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


# -- dimensions and charts -------------------------------------------------------------------------


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
        "key": chart.key,
        "table": table,
        "class": attributes.get("class", ""),
    }


WIDEST = 800  # px that fit beside the margin column of a page; wider drawings scroll inside their figure


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


# -- forms -----------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    return {"field": form_fields.field_view(bound, **options)}


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    return {
        "hidden": form.hidden_fields(),
        "fields": [form_fields.field_view(bound) for bound in form.visible_fields()],
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any]) -> dict[str, Any]:
    errors = form_fields.summary(forms)
    return {"errors": errors, "count": len(errors)}
