"""The owner of a Task, and the purpose of a change of owner: the one part of a Task that the record does not have."""

from __future__ import annotations

from datetime import datetime

from app.domain.datatypes import Identifier
from app.domain.review.assignment import Hands
from app.fhir.instants import instant
from app.pas.parts.write_types import Json, identifier
from app.pas.requests.write_task import APPEAL, APPEALED, CLOSED, REVIEW, SECOND_OPINION, changed_at


def hands_of(task: Json) -> Hands:
    """Read whether a Task is open, whether it is a review or the second opinion on one, and its owner."""
    owner = task.get("owner", {}).get("identifier")
    return Hands(
        task["status"] not in CLOSED,
        None if owner is None else Identifier(owner["system"], owner["value"]),
        task["code"] in (REVIEW, APPEAL, SECOND_OPINION),
    )


def with_owner(task: Json, owner: Identifier | None, now: datetime, *, second_opinion: bool = False) -> Json:
    """Return an open Task with another owner, or with none. A second opinion ends when the Task changes hands."""
    kept = {name: value for name, value in task.items() if name != "owner"}
    if second_opinion:
        kept["code"] = SECOND_OPINION
    elif task["code"] == SECOND_OPINION:
        kept["code"] = APPEAL if APPEALED in task else REVIEW
    kept["lastModified"] = changed_at(task, now)
    if owner is None:
        return {**kept, "status": "requested"}
    return {**kept, "status": "accepted", "owner": {"identifier": identifier(owner)}}


def with_note(task: Json, by: str, text: str | None, now: datetime) -> Json:
    """Return the Task with one more note for the payer's staff."""
    if text is None:
        return task
    return {**task, "note": [*task.get("note", []), {"authorString": by, "time": instant(now), "text": text}]}
