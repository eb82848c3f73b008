"""Streams alone, for a process of their own: no pages, so that 1,000 open ones fit into 100 MB."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metasystem.settings.streams")
django.setup(set_prefix=False)

from assessments.live.stream import make_application  # noqa: E402  # needs the settings
from assessments.views.room_frames import Frames  # noqa: E402
from metasystem.open_files import allow_many_open_files  # noqa: E402

allow_many_open_files()
application = make_application(Frames())
