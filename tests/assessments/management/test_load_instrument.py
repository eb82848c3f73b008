"""`manage.py load_instrument`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def load(*args: str) -> str:
    out = StringIO()
    call_command("load_instrument", *args, stdout=out)
    return out.getvalue()


def test_it_says_what_it_did() -> None:
    assert load() == "Meta-System Leadership Assessment: published version 1.0.0, 97 items\n"
    assert load() == "Meta-System Leadership Assessment: is already loaded: version 1.0.0, 97 items\n"


def test_a_file_that_cannot_be_used_is_named_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("code: bad\nname: Bad\nscales: {}\n", encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        load(str(file))
    assert str(refused.value) == f"{file} cannot be used:\nline 3: “scales” is empty."


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.yaml: No such file or directory"):
        load(str(tmp_path / "none.yaml"))
