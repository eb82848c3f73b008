"""The web process is killed in a burst: what was acknowledged is there, once, and can safely be sent again."""

import threading
import time

import httpx
import pytest

from assessments.models import DraftAnswer
from assessments.selectors.fill_in import answers_of
from metasystem.processes import stop
from tests.factories.assessments import make_open_wave
from tests.factories.fill_in import codes_of, make_draft, token_of
from tests.servers import WebProcess


def send_all(url, token, codes, acknowledged, stopped):
    """Answer after answer until the server is gone."""
    with httpx.Client(base_url=url, timeout=30) as client:
        csrf = client.get(f"/a/{token}/answers/").json()["csrf"]
        for revision, item in enumerate(codes * 20, start=1):
            if stopped.is_set():
                return
            entry = {"item": item, "value": revision % 5 + 1, "revision": revision}
            try:
                answer = client.post(f"/a/{token}/answers/", json={"answers": [entry]}, headers={"X-CSRFToken": csrf})
            except httpx.HTTPError:
                return
            if answer.status_code == 200:
                acknowledged[item] = entry


@pytest.mark.django_db(transaction=True)
def test_a_web_process_killed_in_a_burst_loses_nothing_it_acknowledged(ecosystem):
    wave = make_open_wave(ecosystem)
    drafts = [make_draft(wave, personal=bool(at % 2)) for at in range(8)]
    acknowledged = [{} for _ in drafts]
    web, stopped = WebProcess(), threading.Event()
    threads = [
        threading.Thread(target=send_all, args=(web.url, token_of(draft), codes_of(draft), told, stopped))
        for draft, told in zip(drafts, acknowledged, strict=True)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 120
    while sum(map(len, acknowledged)) < 60 and time.monotonic() < deadline:
        time.sleep(0.02)
    stop(web.process, patience=0)  # kill -9
    stopped.set()
    for thread in threads:
        thread.join()
    assert sum(map(len, acknowledged)) >= 60
    for draft, told in zip(drafts, acknowledged, strict=True):
        kept = answers_of(draft)
        for item, entry in told.items():
            assert kept[item].revision >= entry["revision"]
            assert kept[item].value == kept[item].revision % 5 + 1
    # a new process takes the same answers again, as a browser sends them that heard no acknowledgement
    web = WebProcess()
    try:
        before = list(DraftAnswer.objects.order_by("pk").values())
        for draft, told in zip(drafts, acknowledged, strict=True):
            with httpx.Client(base_url=web.url, timeout=30) as client:
                csrf = client.get(f"/a/{token_of(draft)}/answers/").json()["csrf"]
                answer = client.post(
                    f"/a/{token_of(draft)}/answers/",
                    json={"answers": list(told.values())},
                    headers={"X-CSRFToken": csrf},
                )
                assert (answer.status_code, answer.json()["changed"]) == (200, 0)
        assert list(DraftAnswer.objects.order_by("pk").values()) == before
    finally:
        web.stop()
