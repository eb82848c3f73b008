"""The Celery application: `celery -A metasystem worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metasystem.settings.base")
app = Celery("metasystem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
