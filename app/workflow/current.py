"""Read a request that a call changes: its ClaimResponse, in the version that the caller read, and its record."""

from __future__ import annotations

from typing import NamedTuple

from app.fhir.outcome import Fault, FhirError
from app.ports import Document
from app.records import authorizations, resources
from app.records.authorizations import Stored
from app.workflow import served
from app.workflow.call import Call, Received
from app.workflow.system import System


class Current(NamedTuple):
    """The ClaimResponse and the record of a request, as read."""

    response: Document
    stored: Stored


async def current_request(system: System, call: Call, received: Received, act: str) -> Current:
    """Return the request whose answer the call names; `act` begins the sentence of a refusal.

    Raises FhirError: NOT_FOUND outside the caller's reach, PRECONDITION and STALE as `match_required` does, and
    UNPROCESSABLE for the answer to a billing claim.
    """
    response = await resources.read(system.documents, call.reach, "ClaimResponse", received.id)
    served.match_required(response, received.if_match, act)
    stored = await authorizations.by_id(system.documents, received.id)
    if stored is None:
        text = f"{act} must be about the answer to a request. This ClaimResponse answers a billing claim."
        raise FhirError(Fault.UNPROCESSABLE, text)
    return Current(response, stored)
