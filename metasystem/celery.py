"""The Celery application: `celery -A metasystem worker`."""

import os

from celery import Celery
from celery.signals import heartbeat_sent, worker_ready, worker_shutdown

from metasystem.health import WorkerPulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metasystem.settings.base")
app = Celery("metasystem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


pulse = WorkerPulse()
worker_ready.connect(pulse)
heartbeat_sent.connect(pulse)  # before a worker begins: it looks only once whether anybody listens
worker_shutdown.connect(pulse.end)
