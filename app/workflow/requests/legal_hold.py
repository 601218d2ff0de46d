"""`ClaimResponse/{id}/$legal-hold`: an administrator stops the purge of a record, or lets it go on.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-legal-hold
"""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.parts.retention import LegalHold
from app.fhir.instants import instant
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.pas.parts.write_types import Json
from app.workflow.arguments import Arguments, arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, reviewed_change
from app.workflow.contention import retried
from app.workflow.current import current_request
from app.workflow.system import System

_ACTION = "legal-hold"
_LONGEST_REASON = 1000


async def legal_hold(system: System, call: Call, received: Received) -> Answer:
    """Set or release the hold of a record, with a reason for the trail. The ClaimResponse stays as it is."""
    given = arguments(system, received, ("hold", "reason"))
    sets, reason = _read(given)
    async with system.contention.turn([received.id]):
        return await retried(lambda: _changed(system, call, received, reason, sets=sets))


def _read(given: Arguments) -> tuple[bool, str]:
    hold, reason = given.one("hold"), (given.one("reason") or "").strip()
    if hold not in {"true", "false"}:
        raise FhirError(Fault.PARAMETER, "`hold` must be a valueBoolean: true sets the hold, false releases it.")
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise FhirError(Fault.PARAMETER, f"`reason` must have 1 to {_LONGEST_REASON} characters.")
    return hold == "true", reason


async def _changed(system: System, call: Call, received: Received, reason: str, *, sets: bool) -> Answer:
    _, stored = await current_request(system, call, received, "The operation")
    before = stored.authorization
    if sets == (before.hold is not None):
        raise FhirError(Fault.CONFLICT, _already(before))
    hold = LegalHold(reason, call.now, call.grant.user or call.grant.client) if sets else None
    after = replace(before, hold=hold)
    change = reviewed_change(_ACTION, stored, after, (), detail={"hold": sets, "reason": reason})
    await system.commit(actor_of(call), change)
    return Answer(write(_written(hold)), recorded=True)


def _already(authorization: Authorization) -> str:
    hold = authorization.hold
    if hold is None:
        return "The record is under no legal hold."
    return f"The record is under a legal hold since {instant(hold.since)}, set by {hold.by}."


def _written(hold: LegalHold | None) -> Json:
    """Write the hold as Parameters."""
    parameters: list[Json] = [{"name": "hold", "valueBoolean": hold is not None}]
    if hold is not None:
        parameters += [
            {"name": "reason", "valueString": hold.reason},
            {"name": "since", "valueInstant": instant(hold.since)},
            {"name": "by", "valueString": hold.by},
        ]
    return {"resourceType": "Parameters", "parameter": parameters}
