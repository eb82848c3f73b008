"""Settings of pages whose connections to the database outlive a request, as in production: a restart cuts them."""

from metasystem.settings import base
from metasystem.settings.test import *  # noqa: F403

DATABASES = {"default": DATABASES["default"] | {"CONN_MAX_AGE": 60}}  # noqa: F405
CACHES = {"default": base.CACHES["default"]}
