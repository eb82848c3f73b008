"""The project as an app: its management commands and system checks."""

from django.apps import AppConfig


class MetasystemConfig(AppConfig):
    name = "metasystem"

    def ready(self) -> None:
        from metasystem import checks  # noqa: F401  # registers them
