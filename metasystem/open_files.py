"""How many files this process may have open at once."""

import resource

FILES = 65_536


def allow_many_open_files() -> None:
    """Every open page is an open file, of which many systems allow 1,024 until asked for more."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if files != resource.RLIM_INFINITY and files < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
