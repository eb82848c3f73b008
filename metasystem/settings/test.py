"""Settings of the tests: real servers in a folder of this run, whose place is known before anything starts."""

import os
import tempfile
from pathlib import Path
from secrets import token_hex

from metasystem.embedded import addresses_of

# xdist's workers and the Celery worker of a test inherit the name and so share one PostgreSQL and one Valkey
TEST_RUN_FOLDER = Path(
    os.environ.setdefault(
        # not the process number alone: what a killed run left behind may have had the same
        "METASYSTEM_TEST_RUN",
        str(Path(tempfile.gettempdir()) / f"metasystem-test-{os.getpid()}-{token_hex(3)}"),
    )
)
TEST_PASSWORD = "not-a-secret-of-anyone"  # noqa: S105
_addresses = addresses_of(TEST_RUN_FOLDER / "sockets", TEST_PASSWORD)
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw-1")
_number = int(_worker.removeprefix("gw")) + 1
os.environ.setdefault("SECRET_KEY", "a-key-for-the-tests-that-protects-nothing-and-nobody-at-all")
os.environ.setdefault("DATABASE_URL", _addresses.database_url)
if os.environ.get("METASYSTEM_TEST_WORKER") != _worker:
    # xdist's workers inherit what the controller set; each has a Redis database of its own, and so have its children
    os.environ["METASYSTEM_TEST_WORKER"] = _worker
    os.environ["REDIS_URL"] = _addresses.redis_url.replace("?db=0", f"?db={_number}")

from metasystem.settings.base import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# emptied after every test, which must not take Celery's queues along
CACHES["default"]["LOCATION"] = _addresses.redis_url.replace("?db=0", f"?db={_number + 32}")  # noqa: F405
CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 3, "unacked_restore_interval": 1}  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  # a live server's threads must not keep the test database
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # the files as they are, not as last collected
