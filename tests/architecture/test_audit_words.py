"""Every act that the audit trail knows is called by words, not by its code."""

import ast
import re
from pathlib import Path

import pytest

import assessments.audit_words
import ecosystems.audit_words
from ecosystems.models import AuditEvent
from ecosystems.templatetags.shell import act
from tests.servers import PROJECT

APPS = {"assessments": assessments.audit_words.ACTS, "ecosystems": ecosystems.audit_words.ACTS}


@pytest.mark.parametrize("app", APPS)
def test_the_words_are_those_of_the_acts_that_are_recorded(app: str) -> None:
    nouns = {action.split(".")[0] for action in APPS[app]}
    written = {text for path in (PROJECT / app / "services").rglob("*.py") for text in _texts(path)}
    acts = {text for text in written if re.fullmatch(r"[a-z]+\.(?!yaml)[a-z-]+", text) and text.split(".")[0] in nouns}
    assert acts == set(APPS[app])


def test_acts_of_every_app_are_told_in_words() -> None:
    assert act(AuditEvent(action="workshop.doors-opened")) == "opened the doors of the workshop"
    assert act(AuditEvent(action="person.invited", details={"role": "leader"})) == "invited (leader)"
    assert act(AuditEvent(action="thing.done-once")) == "thing done once"


def _texts(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
