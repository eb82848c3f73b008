"""Log lines: one JSON object each, and no path of a personal link."""

import json
import logging

import pytest
from django.test import Client

from metasystem.logs import JsonFormatter, logging_settings


def test_a_line_is_one_json_object_with_its_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.getLogger("a.b").makeRecord(
            "a.b", logging.ERROR, "file", 1, "It broke: %s", ("ü",), __import__("sys").exc_info()
        )
    written = JsonFormatter().format(record)
    assert "\n" not in written
    line = json.loads(written)
    assert line["message"] == "It broke: ü"
    assert (line["level"], line["logger"]) == ("ERROR", "a.b")
    assert line["traceback"].endswith("ValueError: two\nlines")


@pytest.mark.django_db
def test_a_refused_request_leaves_no_path_in_the_log(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/f/a-personal-token/")
    written = capsys.readouterr()
    assert "a-personal-token" not in written.out + written.err


def test_format_and_level_are_settings() -> None:
    assert logging_settings(level="WARNING", as_json=True)["handlers"]["stderr"]["formatter"] == "json"
    assert logging_settings(level="WARNING", as_json=False)["root"]["level"] == "WARNING"
