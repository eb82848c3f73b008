"""The checks fail where they should."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from metasystem import checks
from metasystem.management.commands.check_templates import problems_of
from tests.servers import PROJECT


def test_a_scheduled_task_that_does_not_exist_is_an_error(settings) -> None:
    assert checks.every_scheduled_task_exists(None) == []
    settings.CELERY_BEAT_SCHEDULE = {"a": {"task": "assessments.tasks.no_such_task", "schedule": 60}}
    (error,) = checks.every_scheduled_task_exists(None)
    assert error.id == "metasystem.E001"
    settings.CELERY_BEAT_SCHEDULE = {"a": {"task": "no.such.module", "schedule": 60}}
    (error,) = checks.every_scheduled_task_exists(None)
    assert "no.such.module" in error.msg


def test_a_demo_and_unsent_mail_are_warned_of_at_deployment(settings) -> None:
    settings.DEMO, settings.EMAIL_HOST = False, "mail.example.org"
    assert checks.no_demo_in_production(None) == checks.mail_goes_somewhere(None) == []
    settings.DEMO, settings.EMAIL_HOST = True, ""
    assert [w.id for w in checks.no_demo_in_production(None)] == ["metasystem.W001"]
    assert [w.id for w in checks.mail_goes_somewhere(None)] == ["metasystem.W002"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% if %}", "TemplateSyntaxError: Unexpected end of expression in if tag."),
        ("{% extends 'no/such.html' %}", "names no/such.html, which does not exist"),
        ("{% include 'no/such.html' %}", "names no/such.html, which does not exist"),
        ("{% static 'no/such.css' %}", "names the static file no/such.css, which does not exist"),
        ("<p style='color: red'>", "has an inline style, which the content security policy blocks"),
        ("<style>p {}</style>", "has an inline style sheet, which the content security policy blocks"),
        ("<script>alert(1)</script>", "has an inline script, which the content security policy blocks"),
        ("<a onclick='x()'>", "has an inline event handler, which the content security policy blocks"),
        ("<a href='javascript:x()'>", "has a script address, which the content security policy blocks"),
    ],
)
def test_a_template_with_a_mistake_is_found(tmp_path: Path, settings, text: str, problem: str) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    (tmp_path / "page.html").write_text(text)
    assert problems_of(tmp_path, "page.html") == [problem]


@pytest.mark.parametrize("text", ["<script src='x.js'></script>", '<script type="application/json">{}</script>', ""])
def test_a_template_in_order_is_let_through(tmp_path: Path, settings, text: str) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    (tmp_path / "page.html").write_text(text)
    assert problems_of(tmp_path, "page.html") == []


def test_mail_may_be_styled_inline(tmp_path: Path, settings) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails/invitation.html").write_text("<p style='color: red'>")
    assert problems_of(tmp_path, "emails/invitation.html") == []


def test_a_file_may_carry_its_style_sheet_and_nothing_that_runs(tmp_path: Path, settings) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    (tmp_path / "files").mkdir()
    (tmp_path / "files/minutes.html").write_text("<style>p {}</style>")
    assert problems_of(tmp_path, "files/minutes.html") == []
    (tmp_path / "files/minutes.html").write_text("<style>p {}</style><script>alert(1)</script>")
    assert problems_of(tmp_path, "files/minutes.html") == [
        "has an inline script, which the content security policy blocks"
    ]


def test_every_template_of_the_project_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_templates")
    assert capsys.readouterr().out.endswith(" templates compile.\n")


def test_a_mistake_fails_the_command(tmp_path: Path, settings) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/bad.html").write_text("{% nonsense %}")
    settings.BASE_DIR = tmp_path
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path / "templates"]}]
    with pytest.raises(CommandError, match=r"bad\.html: TemplateSyntaxError"):
        call_command("check_templates")


PRODUCTION = {
    "SECRET_KEY": "uUqT8rVb3nKz6wQy1mXc4pLd7sHf0gJa2eRt5iOy9uBnMvCx",
    "PUBLIC_URL": "https://metasystem.example.org",
    "BEHIND_PROXY": "1",
    "DATABASE_URL": "postgresql://metasystem:x@127.0.0.1/metasystem",
    "REDIS_URL": "redis://127.0.0.1",
    "EMAIL_URL": "smtp+tls://mail.example.org",
}


def deployment_check(**changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]} | PRODUCTION | {"SECRET_KEY": PRODUCTION["SECRET_KEY"] * 2} | changes,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_production_passes_its_deployment_check() -> None:
    done = deployment_check()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"DEBUG": "1"}, "security.W018"),
        ({"DEMO": "1"}, "metasystem.W001"),
        ({"PUBLIC_URL": "http://metasystem.example.org"}, "security.W012"),
        ({"EMAIL_URL": "console:"}, "metasystem.W002"),
    ],
)
def test_what_production_must_not_be_fails_it(changes: dict[str, str], found: str) -> None:
    done = deployment_check(**changes)
    assert done.returncode == 1
    assert found in done.stderr
