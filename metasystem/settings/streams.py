"""Settings of the process that only streams: what its models and its fragments need. Every app costs memory."""

from metasystem.settings.base import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "ecosystems",
    "assessments",
]
MIDDLEWARE = []
