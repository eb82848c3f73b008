"""Django without anything: what saving an answer costs at least."""

from metasystem.settings.base import *  # noqa: F403

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.benchmarks.bare.urls"
