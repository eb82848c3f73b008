"""The pages on which a workshop is prepared, as tests use them."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.models import Workshop
from ecosystems.models import User

LogIn = Callable[[User], Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=["rivermark", *args])


def text(page: Client, address: str) -> str:
    response = page.get(address)
    assert response.status_code == 200
    return response.content.decode()


def titles(workshop: Workshop) -> list[str]:
    return list(workshop.activities.order_by("position").values_list("title", flat=True))
