"""Create and update master data for a payer's administrator: Patient, Coverage, Organization, Practitioner."""

from __future__ import annotations

from typing import Any

from app.access.grant import Role
from app.access.reach import PATIENT
from app.audit.access import Access, Interaction
from app.conformance.maintained import check
from app.fhir.body import Unchecked
from app.fhir.outcome import Fault, FhirError, Issue
from app.records import resources
from app.records.conditions import StoredCondition
from app.records.resources import Version
from app.records.trail import Event
from app.search.subsets import SUBSETTED
from app.workflow import served
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import Change, actor_of, rows
from app.workflow.contention import retried
from app.workflow.master.conditional import Existing, check_unmet, read_if_none_exist
from app.workflow.master.membership import membership
from app.workflow.system import System


async def create(system: System, call: Call, received: Received) -> Answer:
    """Store a new resource under a new id, for the administrator's payer (http://hl7.org/fhir/R4/http.html#create).

    With If-None-Exist, answer with the payer's resource that matches the condition, if there is one.
    """
    payer = administered(call)
    resource = await system.aside(call, received, _checked, system, call, received.body, system.ids.new())
    condition = read_if_none_exist(call, payer, resource["resourceType"], received.if_none_exist)

    async def attempt() -> Answer:
        stored = await check_unmet(system, call, condition) if condition else None
        access, of_member = await membership(system, payer, resource)
        document = resources.row(resource, access=access, now=call.now)
        change = _change("create", payer, Version(document), stored)
        await system.documents.commit(*rows(actor_of(call), system.ids, change, of_member))
        return served.recorded(served.created(document, call.base))

    try:
        return await retried(attempt)
    except Existing as existing:
        return served.existing(existing.document, call.base)


async def update(system: System, call: Call, received: Received) -> Answer:
    """Store the next version, guarded by If-Match; clients cannot choose ids (http://hl7.org/fhir/R4/http.html#update)."""
    payer = administered(call)
    if received.body.peek("id") != received.id:
        raise FhirError(Fault.UNREADABLE, Issue("The body's id must equal the id in the URL.", "id"))
    resource = await system.aside(call, received, _checked, system, call, received.body, received.id)
    resource_type = resource["resourceType"]

    async def attempt() -> Answer:
        document = await resources.read(system.documents, call.reach, resource_type, received.id)
        served.match_required(document, received.if_match, "An update")
        _, of_member = await membership(system, payer, resource, document)
        version = resources.next_version(document, resource, call.now)
        await system.documents.commit(*rows(actor_of(call), system.ids, _change("update", payer, version), of_member))
        return served.recorded(served.answer(version.document))

    return await retried(attempt)


def _checked(system: System, call: Call, body: Unchecked, id_: str) -> dict[str, Any]:
    """Check a resource before it is stored. Reject an incomplete one, as `_summary` and `_elements` return it."""
    resource = {**body.bounded(), "id": id_}
    check(resource, system.conformance.editions[call.edition.version])
    if any(SUBSETTED.items() <= tag.items() for tag in resource.get("meta", {}).get("tag", ())):
        text = "The resource must be complete. The tag SUBSETTED marks it as a part."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, f"{resource['resourceType']}.meta.tag", "business-rule"))
    return resource


def administered(call: Call) -> str:
    """Return the payer of an administrator. Raises FhirError FORBIDDEN for other callers, or for several payers."""
    if call.grant.role is not Role.ADMIN or len(call.grant.payers) != 1:
        raise FhirError(Fault.FORBIDDEN, "Only the administrator of a single payer may change its records.")
    return next(iter(call.grant.payers))


def _change(action: str, payer: str, version: Version, condition: StoredCondition | None = None) -> Change:
    document = version.document
    event = Event(action, payer, document.id, {"type": document.kind})
    access = Access(
        interaction=Interaction(action),
        payers=(payer,),
        patient=next((value for name, value in document.terms if name == PATIENT), ""),
        resources=(f"{document.kind}/{document.id}/_history/{resources.version_of(document)}",),
    )
    return Change(served=(version,), events=(event,), accesses=(access,), condition=condition)
