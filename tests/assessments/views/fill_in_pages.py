"""The pages on which people answer, as tests use them."""

import json

from django.test import Client
from django.urls import reverse

from assessments.models import Draft
from tests.factories.fill_in import token_of


def address(token: str, page: str = "", **kwargs) -> str:
    return reverse(f"assessments:fill-in{page}", kwargs={"token": token, **kwargs})


def section(draft: Draft, number: int) -> str:
    return address(token_of(draft), "-section", section=number)


def text_of(response) -> str:
    return response.content.decode()


def send(client: Client, draft: Draft | str, *answers: dict, **extra):
    token = draft if isinstance(draft, str) else token_of(draft)
    body = json.dumps({"answers": list(answers)})
    return client.post(address(token, "-answers"), body, content_type="application/json", **extra)
