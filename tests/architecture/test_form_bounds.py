"""Fields that templates write themselves take as much as the services behind them, no more and no less."""

import re
from pathlib import Path

from assessments.services.ballots import LONGEST_REASON
from assessments.services.breakouts import FEWEST_GROUPS, MOST_GROUPS
from assessments.services.commitments import LONGEST_LABEL, LONGEST_OWNER, LONGEST_TEXT
from assessments.services.commitments import LONGEST_REASON as LONGEST_WHY
from assessments.services.idea_clusters import LONGEST_TITLE
from assessments.services.ideas import LONGEST_IDEA
from assessments.services.workshop_notes import LONGEST_NOTE, LONGEST_PRIVATE
from tests.servers import PROJECT

FOLDERS = ("console", "ideas_board", "phone")


def test_bounds_in_templates_are_those_of_the_services() -> None:
    assert {bound for folder in FOLDERS for bound in _bounds(PROJECT / "templates/assessments" / folder)} == {
        ("console/_commitment_fields.html", "text", "maxlength", LONGEST_TEXT),
        ("console/_commitment_fields.html", "owner", "maxlength", LONGEST_LABEL),
        ("console/_commitments.html", "why", "maxlength", LONGEST_WHY),
        ("console/_notes.html", "text", "maxlength", LONGEST_NOTE),
        ("console/_prepared.html", "text", "maxlength", LONGEST_PRIVATE),
        ("console/_room.html", "groups", "min", FEWEST_GROUPS),
        ("console/_room.html", "groups", "max", MOST_GROUPS),
        ("ideas_board/_board.html", "title", "maxlength", LONGEST_TITLE),
        ("ideas_board/_column.html", "title", "maxlength", LONGEST_TITLE),
        ("phone/_commit.html", "text", "maxlength", LONGEST_TEXT),
        ("phone/_commit.html", "owner", "maxlength", LONGEST_OWNER),
        ("phone/_dots.html", "value-{{ question.key }}", "min", 0),
        ("phone/_ideas.html", "idea-{{ idea.key }}", "maxlength", LONGEST_IDEA),
        ("phone/_ideas.html", "new-{{ new_key }}", "maxlength", LONGEST_IDEA),
        ("phone/_rate.html", "reason-{{ question.key }}", "maxlength", LONGEST_REASON),
    }


def _bounds(folder: Path) -> list[tuple[str, str, str, int]]:
    found = []
    for path in folder.glob("*.html"):
        for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", path.read_text(encoding="utf-8")):
            name = re.search(r'\bname="([^"]*)"', tag)
            for bound, value in re.findall(r'\b(maxlength|min|max)="(\d+)"', tag):
                found.append((f"{folder.name}/{path.name}", name[1] if name else "", bound, int(value)))
    return found
