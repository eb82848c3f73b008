"""System checks of what Django cannot know: our schedule, and a demo that must not be in production."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.compatibility)
def every_scheduled_task_exists(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Beat would send a task that nobody knows to a worker, which would throw it away with a line in a log."""
    return [
        Error(f"CELERY_BEAT_SCHEDULE names the task {entry['task']}, which does not exist.", id="metasystem.E001")
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if not exists(str(entry["task"]))
    ]


def exists(task: str) -> bool:
    module, _, name = task.rpartition(".")
    try:
        return hasattr(import_module(module), name)
    except ModuleNotFoundError:
        return False


@register(Tags.security, deploy=True)
def no_demo_in_production(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    return [
        Warning(
            "DEMO is on: anybody can log in to the demo accounts with one click.",
            hint="Unset DEMO; `make run` alone sets it.",
            id="metasystem.W001",
        )
    ]


@register(Tags.security, deploy=True)
def mail_goes_somewhere(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    if settings.EMAIL_HOST:
        return []
    return [
        Warning(
            "EMAIL_URL names no server: invitations and password resets are printed, not sent.",
            hint="Example: smtp+tls://user:password@mail.example.org:587.",
            id="metasystem.W002",
        )
    ]
