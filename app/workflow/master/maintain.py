"""Master data that a payer's administrator maintains: Patient, Coverage, Organization, Practitioner."""

from __future__ import annotations

from typing import Any

from app.access.grant import Role
from app.conformance.maintained import check
from app.fhir.outcome import Fault, FhirError, Issue
from app.ports import Insert, Replace, Write
from app.records import resources
from app.records.trail import event
from app.search.subsets import SUBSETTED
from app.workflow import served
from app.workflow.contention import retried
from app.workflow.master.conditional import Existing, condition, unmet
from app.workflow.master.membership import membership
from app.workflow.rows import act_of
from app.workflow.system import Answer, Call, Received, System


async def create(system: System, call: Call, received: Received) -> Answer:
    """Store a new resource under a new id, for the administrator's payer (http://hl7.org/fhir/R4/http.html#create).

    With If-None-Exist only where nothing of the payer's fits it; what fits is answered in its place.
    """
    payer = _administered(call)
    resource = {**received.resource, "id": system.ids.new()}
    await system.aside(call, received, _check, system, call, resource)
    asked = condition(call, payer, resource["resourceType"], received.if_none_exist)

    async def attempt() -> Answer:
        mark = (await unmet(system, call, asked),) if asked else ()
        access, writes = await membership(system, payer, resource)
        document = resources.row(resource, access=access, now=call.now)
        told = _event(system, call, payer, resource, "create")
        await system.documents.commit(Insert(document), *writes, *mark, told)
        return served.created(document, call.base)

    try:
        return await retried(attempt)
    except Existing as found:
        return served.existing(found.document, call.base)


async def update(system: System, call: Call, received: Received) -> Answer:
    """Store the next version, guarded by If-Match (http://hl7.org/fhir/R4/http.html#update). Ids are the server's."""
    payer = _administered(call)
    resource = received.resource
    if resource.get("id") != received.id:
        raise FhirError(Fault.UNREADABLE, Issue("The body's id must be the id in the URL.", "id"))
    await system.aside(call, received, _check, system, call, resource)
    resource_type = resource["resourceType"]

    async def attempt() -> Answer:
        document = await resources.read(system.documents, call.reach, resource_type, received.id)
        if received.if_match is None:
            raise FhirError(Fault.PRECONDITION, 'An update takes If-Match with the version it changes, such as W/"1".')
        served.match(document, received.if_match)
        _, writes = await membership(system, payer, resource)
        changed, past = resources.next_version(document, resource, call.now)
        event_row = _event(system, call, payer, resource, "update")
        await system.documents.commit(Replace(changed), Insert(past), *writes, event_row)
        return served.answer(changed)

    return await retried(attempt)


def _check(system: System, call: Call, resource: dict[str, Any]) -> None:
    """Check a resource to be stored; a part of one, as `_summary` and `_elements` answer it, is none."""
    check(resource, system.conformance.editions[call.edition.version])
    if any(SUBSETTED.items() <= tag.items() for tag in resource.get("meta", {}).get("tag", ())):
        text = "A whole resource is stored; this one is tagged SUBSETTED, as a part of one."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, f"{resource['resourceType']}.meta.tag", "business-rule"))


def _administered(call: Call) -> str:
    if call.grant.role is not Role.ADMIN or len(call.grant.payers) != 1:
        raise FhirError(Fault.FORBIDDEN, "Master data is maintained by an administrator of one payer.")
    return next(iter(call.grant.payers))


def _event(system: System, call: Call, payer: str, resource: dict[str, Any], action: str) -> Write:
    detail = {"type": resource["resourceType"]}
    return event(system.ids.new(), act_of(call, action), payer=payer, subject=resource["id"], detail=detail)
