"""The Celery application: `celery -A metasystem worker`."""

import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metasystem.settings.base")
app = Celery("metasystem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def tell_that_a_worker_is_there(**_: Any) -> None:
    from metasystem.health import WorkerPulse

    pulse = WorkerPulse()
    pulse()
    heartbeat_sent.connect(pulse, weak=False)
    worker_shutdown.connect(pulse.end, weak=False)


worker_ready.connect(tell_that_a_worker_is_there)
