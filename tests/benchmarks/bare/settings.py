"""Django without anything: what saving an answer costs at least."""

from metasystem.settings.base import *  # noqa: F403

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.benchmarks.bare.urls"
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # noqa: F405  # as Django has it, which saves the bare view a query
