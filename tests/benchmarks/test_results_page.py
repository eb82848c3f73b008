"""The results page of a wave of 10,000 responses, against the log-in page: server time and size."""

import gzip
import sys
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.services.rescore import rescore
from ecosystems.models import Ecosystem, User
from tests.factories.large_waves import make_sixty_items, make_wave_of

MOST_OF_LOG_IN = 5.0
MOST_BYTES = 150_000
TIMES = 15

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_results_page_is_quick_and_small(
    ecosystem: Ecosystem,
    leader: User,
    client_of: Callable[[User], Client],
    capsys: pytest.CaptureFixture[str],
) -> None:
    wave = make_wave_of(ecosystem, make_sixty_items(ecosystem.organization), 10_000)
    assert rescore(wave_id=wave.pk)
    member, stranger = client_of(leader), Client()
    address = reverse("assessments:results", args=[ecosystem.organization.slug, wave.pk])
    log_in = reverse("account_login")
    page, first = timed(member, address)
    assert wave.title in page.decode()
    timed(stranger, log_in)
    later, logging_in = [], []
    for _ in range(TIMES):
        later.append(timed(member, address)[1])
        logging_in.append(timed(stranger, log_in)[1])
    size = len(gzip.compress(page, 6))
    with capsys.disabled():
        sys.stdout.write(
            f"\nresults page of 10,000: first {first * 1000:.0f} ms, then {min(later) * 1000:.1f} ms;"
            f" log-in page {min(logging_in) * 1000:.1f} ms; ratio {min(later) / min(logging_in):.2f}"
            f" (at most {MOST_OF_LOG_IN:g}); {size / 1000:.0f} kB compressed (at most {MOST_BYTES / 1000:.0f})\n"
        )
    assert size <= MOST_BYTES
    assert min(later) <= MOST_OF_LOG_IN * min(logging_in)


def timed(client: Client, address: str) -> tuple[bytes, float]:
    start = time.perf_counter()
    response = client.get(address)
    seconds = time.perf_counter() - start
    assert response.status_code == 200
    return response.content, seconds
