"""The project as an app: its management commands and system checks."""

from django.apps import AppConfig


class MetasystemConfig(AppConfig):
    name = "metasystem"

    def ready(self) -> None:
        # registers the checks, and makes ours the Celery application of all tasks
        from metasystem import celery, checks  # noqa: F401
