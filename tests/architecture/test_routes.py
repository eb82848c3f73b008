"""Every route of the URL configuration, asked by the whole cast; and every object of another organization."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ecosystems.models import User
from tests.architecture.routes import LOGIN, ROUTES, Outcome, Route
from tests.architecture.scene import Scene

OPERATORS_PAGES = "admin:"
"""Django's admin site: nobody of the cast is an operator, so each of its pages is its own log-in page."""


def patterns(
    resolver: URLResolver, namespace: str = "", names: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        parameters = names | set(entry.pattern.regex.groupindex) | set(getattr(entry.pattern, "converters", ()))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, parameters)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}", parameters


FOUND = dict(patterns(get_resolver()))
OURS = sorted(name for name in FOUND if not name.startswith(OPERATORS_PAGES))
OWNED = [
    name
    for name in OURS
    if name in ROUTES and not ROUTES[name].shared and len(FOUND[name]) > 1 and "organization" in FOUND[name]
]

OF_ECOSYSTEMS = [
    name for name in OWNED if "ecosystem" in FOUND[name] and FOUND[name] - {"organization", "ecosystem", "kind"}
]
"""Of objects that belong to one of an organization's ecosystems."""


def test_every_route_is_in_the_table_and_nothing_else():
    assert sorted(ROUTES) == OURS


def address(name: str, scene: Scene, organization: str) -> str:
    kwargs = dict(ROUTES[name].kwargs(scene))
    if "organization" in FOUND[name]:
        kwargs["organization"] = organization
    return reverse(name, kwargs=kwargs)


def ask(method: str, url: str, user: User | None) -> HttpResponse:
    """One request whose effects are undone, so that the next person finds the same."""
    client = Client()
    with transaction.atomic():
        if user:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    return answer


def outcome(answer: HttpResponse, expected: int | str) -> int | str:
    """The status, or for a redirect as much of its address as was expected."""
    if answer.status_code not in (301, 302, 303):
        return answer.status_code
    if answer["Location"].startswith(reverse("account_login")):
        return LOGIN
    target = answer["Location"]
    return target[: len(expected)] if isinstance(expected, str) and expected != "/" else target


@pytest.fixture
def cast(admin, facilitator, leader, viewer, outsider) -> dict[str, User | None]:
    return {
        "admin": admin,
        "facilitator": facilitator,
        "leader": leader,
        "viewer": viewer,
        "outsider": outsider,
        "nobody": None,
    }


def post_outcome(route: Route) -> Outcome:
    if route.post:
        return route.post
    return Outcome(**{who: answer if answer in (404, 403, LOGIN) else 405 for who, answer in route.get.items()})


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [name for name in OURS if name in ROUTES])
def test_route(name, method, cast, organization):
    scene = Scene(organization.slug)
    scene.organization = organization
    url = address(name, scene, organization.slug)
    expected = ROUTES[name].get if method == "get" else post_outcome(ROUTES[name])
    found = {who: outcome(ask(method, url, cast[who]), answer) for who, answer in expected.items()}
    assert found == dict(expected.items()), url


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", OWNED)
def test_nothing_of_another_organization_is_found(name, method, organization, admin):
    foreign = Scene("foreign")
    url = address(name, foreign, organization.slug)
    allowed = ROUTES[name].get if method == "get" else post_outcome(ROUTES[name])
    assert ask(method, url, admin).status_code == (405 if allowed.admin == 405 else 404), url


@pytest.mark.parametrize("name", OF_ECOSYSTEMS)
def test_nothing_of_another_ecosystem_is_found(name, organization, admin):
    here, there = Scene("here"), Scene("there")
    here.organization = there.organization = organization
    kwargs = dict(ROUTES[name].kwargs(there))
    url = reverse(name, kwargs={**kwargs, "organization": organization.slug, "ecosystem": here.ecosystem.slug})
    for method, allowed in (("get", ROUTES[name].get), ("post", post_outcome(ROUTES[name]))):
        assert ask(method, url, admin).status_code == (405 if allowed.admin == 405 else 404), (method, url)


@pytest.mark.parametrize("name", [name for name in FOUND if name.startswith(OPERATORS_PAGES) and "<" not in name])
def test_operators_pages_are_closed_to_the_cast(name, admin, leader):
    kwargs = {"object_id": "1", "app_label": "auth", "content_type_id": "1"}
    url = reverse(name, kwargs={key: value for key, value in kwargs.items() if key in FOUND[name]})
    for user in (admin, leader, None):
        answer = ask("get", url, user)
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("admin:login")) or answer["Location"] == reverse("admin:index")
        else:
            assert (name, answer.status_code) in {("admin:login", 200), ("admin:jsi18n", 302), ("admin:logout", 405)}
