from metasystem.settings.base import *  # noqa: F403
