"""What every page is wrapped in: navigation, organizations of the person, chosen colours."""

from collections import ChainMap
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from ecosystems import permissions
from ecosystems.models import AuditEvent, Organization
from ecosystems.selectors.organizations import organizations_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()
THEMES = ("light", "dark")
"""What the `theme` cookie may say; without it the device decides."""


class Entry(NamedTuple):
    name: str
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """`light`, `dark`, or '' where the person leaves it to the device."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def my_organizations(context: template.Context) -> list[Organization]:
    """Every organization of the person on this page, by name: one query a page."""
    user = getattr(context.get("request"), "user", None)
    return list(organizations_of(user)) if user is not None and user.is_authenticated else []


@register.simple_tag(takes_context=True)
def home_url(context: template.Context) -> str:
    """The organization's home, or the start page where there is no organization."""
    organization = context.get("organization") if context.get("viewer") else None
    return organization.get_absolute_url() if organization else reverse("ecosystems:start")


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Entry]:
    """The entries that the viewer may open."""
    viewer: Any = context.get("viewer")
    if viewer is None:
        return []
    routes = [
        ("home", _("Home"), "assessments:home", permissions.is_member),
        ("ecosystem", _("Ecosystem"), "ecosystems:ecosystems", permissions.is_member),
        ("assessments", _("Assessments"), "assessments:assessments", permissions.is_member),
        ("workshops", _("Workshops"), "assessments:workshops", permissions.is_member),
        ("loops", _("Loops"), "assessments:loops-home", permissions.is_member),
        ("instruments", _("Instruments"), "assessments:instruments", permissions.is_facilitator),
        ("people", _("People"), "ecosystems:people", permissions.is_facilitator),
    ]
    section, slug = context.get("section"), viewer.organization.slug
    return [
        Entry(name, reverse(route, args=[slug]), section == key)
        for key, name, route, allowed in routes
        if allowed(viewer)
    ]


@register.simple_tag
def act(event: AuditEvent) -> str:
    """What was done, in words; an act of long ago that has none any more is called by its code."""
    words = str(_acts().get(event.action) or event.action.replace(".", " ").replace("-", " "))
    role = event.details.get("role")
    return f"{words} ({' → '.join(role) if isinstance(role, list) else role})" if role else words


@register.simple_tag
def signup_open() -> bool:
    return bool(settings.SIGNUP_OPEN)


@cache
def _acts() -> "Mapping[str, StrPromise]":
    """The words of every app for its own acts; this app knows none above it."""
    names = [config.name for config in apps.get_app_configs() if module_has_submodule(config.module, "audit_words")]
    return ChainMap(*(import_module(f"{name}.audit_words").ACTS for name in names))
