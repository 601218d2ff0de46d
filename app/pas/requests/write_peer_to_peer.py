"""Write the Task of a peer-to-peer review: asked for, scheduled, and concluded.

http://hl7.org/fhir/R4/task.html
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from app.codes import WORKLIST_INPUT
from app.domain.authorization import Authorization
from app.fhir.instants import instant
from app.pas.face import claim_reference
from app.pas.parts.write_types import Json, concept
from app.pas.requests.write_task import PEER_TO_PEER, changed_at, party_elements


class Talk(Struct, frozen=True):
    """A request for a talk: how to reach the clinician, the proposed times, and the last moment for it."""

    contact: str
    proposed: Sequence[str]
    due: datetime


def asked(task: str, authorization: Authorization, talk: Talk) -> Json:
    """Return the new Task."""
    now = instant(authorization.updated)
    number = authorization.administration_number
    return {
        "resourceType": "Task",
        "id": task,
        **({"identifier": [{"value": number}]} if number else {}),
        **({"basedOn": [claim_reference(authorization)]} if authorization.has_claim else {}),
        "status": "requested",
        "intent": "order",
        "priority": "routine",
        "code": PEER_TO_PEER,
        "focus": {"reference": f"ClaimResponse/{authorization.id}"},
        "authoredOn": now,
        "lastModified": now,
        **party_elements(authorization),
        "restriction": {"period": {"end": instant(talk.due)}},
        "input": [
            {"type": concept(WORKLIST_INPUT, "contact"), "valueString": talk.contact},
            *({"type": concept(WORKLIST_INPUT, "proposed-time"), "valueDateTime": time} for time in talk.proposed),
        ],
    }


def is_talk(task: Json) -> bool:
    """Return whether a Task is a peer-to-peer review."""
    return bool(task["code"] == PEER_TO_PEER)


def scheduled(task: Json, start: str, end: str | None, now: datetime) -> Json:
    """Return the Task with the time of the talk."""
    period = {"start": start, **({"end": end} if end else {})}
    return {**task, "status": "accepted", "lastModified": changed_at(task, now), "executionPeriod": period}


def concluded(task: Json, outcome: str, now: datetime) -> Json:
    """Return the Task as completed, with its outcome; as cancelled if there was no talk."""
    output = {"type": concept(WORKLIST_INPUT, "outcome"), "valueCode": outcome}
    status = "cancelled" if outcome == "not-held" else "completed"
    return {**task, "status": status, "lastModified": changed_at(task, now), "output": [output]}
