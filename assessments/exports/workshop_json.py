"""The minutes of a workshop as one JSON document: the results as they were revealed, with what was written down."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from assessments.models import Idea
from assessments.models.looked_back import read_looked_back
from assessments.selectors.minutes import MinutesMaterial, Step


def workshop_document(material: MinutesMaterial) -> dict[str, Any]:
    """Only revealed things; a withheld number is `{"withheld": true}`. Names only in named workshops."""
    workshop = material.workshop
    return {
        "workshop": {
            "id": workshop.pk,
            "title": workshop.title,
            "ecosystem": workshop.ecosystem.name,
            "state": workshop.state,
            "anonymity": workshop.anonymity,
            "started": _day(workshop.started_at),
            "ended": _day(workshop.ended_at),
            "took_part": material.seats,
        },
        "decisions": [note.text for note in material.notes if note.kind == "decision"],
        "notes": [note.text for note in material.notes if note.kind == "note"],
        "commitments": [
            {
                "text": one.text,
                "owner": one.owner_name,
                "due": one.due_on and one.due_on.isoformat(),
                "facet": one.facet,
                "state": one.state,
            }
            for one in material.commitments
        ],
        "steps": [_step(step, not workshop.is_anonymous) for step in material.steps if step.happened],
    }


def _step(step: Step, named: bool) -> dict[str, Any]:
    activity = step.activity
    return {
        "title": activity.title,
        "kind": activity.kind,
        "settings": activity.settings,
        "rounds": [{"number": round.number, "results": round.results} for round in step.rounds],
        "ideas": [_idea(idea, named) for idea in step.ideas if not idea.merged_into_id],
        "reasons": {item: [reason.text for reason in said] for item, said in step.reasons.items()},
        **_looked_back(activity.looked_back),
    }


def _looked_back(stored: Any) -> dict[str, Any]:
    """What was open of what had been promised, and how it stood at the end; nothing at other steps."""
    back = read_looked_back(stored)
    if back is None:
        return {}
    listed = [{name: value for name, value in asdict(one).items() if name != "key"} for one in back.seen]
    return {"looked_back": {"day": back.day, "open": back.count, "late": back.late, "commitments": listed}}


def _idea(idea: Idea, named: bool) -> dict[str, Any]:
    by = {"by": idea.seat.name} if named and idea.seat else {}
    return {
        "text": idea.text,
        "cluster": idea.cluster.title if idea.cluster else "",
        "parked": idea.is_parked,
        **by,
    }


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
