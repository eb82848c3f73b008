"""The facilitator's screen as tests use it: its addresses, its source, its buttons and its forms."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.models import Round, Workshop
from ecosystems.models import User

LogIn = Callable[[User], Client]
RATED = [5, 5, 6, 6, 7, 8, 3, 4]


def url(workshop: Workshop, act: str = "") -> str:
    args = [workshop.organization.slug, workshop.pk]
    return reverse("assessments:console-act", args=[*args, act]) if act else reverse("assessments:console", args=args)


def people_url(workshop: Workshop) -> str:
    return reverse("assessments:console-people", args=[workshop.organization.slug, workshop.pk])


def html(client: Client, workshop: Workshop, query: str = "") -> str:
    return client.get(url(workshop) + query).content.decode()


def buttons(page: str) -> list[str]:
    """What the bar offers, in its order."""
    bar = page.partition('class="console-bar"')[2].partition("<aside")[0]
    return re.findall(r'id="press-([a-z-]+)"', bar)


def press(client: Client, workshop: Workshop, act: str, **fields: Any) -> str:
    """Send a form and give the message that the next page shows."""
    answer = client.post(url(workshop, act), fields, follow=True)
    assert answer.status_code == 200, answer.content
    return " ".join(str(message) for message in answer.context["messages"])


def round_of(workshop: Workshop) -> Round:
    return Round.objects.filter(activity__workshop=workshop).latest("number")
