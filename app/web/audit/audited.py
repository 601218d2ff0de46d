"""Answer a request only with its AuditEvent stored: no answer with patient data leaves without a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace
from starlette.responses import Response

from app.access.grant import Role
from app.access.reach import PATIENT, PAYER
from app.audit.access import Access, Actor, Interaction, Outcome
from app.audit.query_text import query_text
from app.audit.write_event import EVENT
from app.fhir.instants import sortable
from app.fhir.outcome import FhirError
from app.ports import Document
from app.web.audit.acts import Act
from app.web.audit.origin import origin_of
from app.web.endpoint import Handler
from app.web.request import FhirRequest
from app.web.respond import Answered
from app.workflow.audit.payers import payers_concerned
from app.workflow.call import Call
from app.workflow.changes import actor_of
from app.workflow.system import System

DENIED = {401: Outcome.DENIED, 403: Outcome.DENIED, 404: Outcome.NOT_FOUND}
"""The statuses of refused accesses. Other refusals are about the content of a request and disclose nothing."""


async def audited(act: Act | None, handler: Handler, request: FhirRequest) -> Response:
    """Answer the request. Raises StoreUnavailable, instead of an answer, if its AuditEvent cannot be stored."""
    if act is None:
        return await handler(request)
    system = request.system
    try:
        response = await handler(request)
    except FhirError as refusal:
        if refusal.status in DENIED:
            entry = (_actor(request), _refused(act, request, refusal.status))
            system.audit.queue(system.documents, system.ids, entry)
        raise
    call = request.call
    if call is None or not isinstance(response, Answered):
        raise TypeError(f"The answer of {act.type} {act.interaction} names no caller or no documents to audit.")
    if not response.answer.recorded:
        actor = actor_of(call)
        entries = [(actor, access) for access in _accesses(act, request, call, response.answer.documents)]
        await system.audit.write(system.documents, system.ids, entries)
    return response


def _actor(request: FhirRequest) -> Actor:
    """Return the caller; without a grant, the client of the token if the token was verified."""
    if request.call is not None:
        return actor_of(request.call)
    origin = origin_of(request, request.system.root)
    return Actor(sortable(request.system.clock.now()), request.scope["state"].get("client"), origin=origin)


def _refused(act: Act, request: FhirRequest, status: int) -> Access:
    payers = _payers(request.system, request.call, ())
    return replace(_access(act, request, payers), outcome=DENIED[status], reason=f"HTTP {status}")


def _accesses(act: Act, request: FhirRequest, call: Call, documents: Sequence[Document]) -> Iterator[Access]:
    """Yield one access for each patient, as BALP demands; one without a patient if the answer has no patient's data.

    An act that would write but wrote nothing, such as a repeated submit, is a read of the documents in its answer.
    """
    access = _access(act, request, ())
    if act.is_write:
        references = tuple(f"{document.kind}/{document.id}" for document in documents)
        access = replace(access, interaction=Interaction.READ, resources=references)
    for patient, own in _by_patient(act, call, documents).items():
        yield replace(access, patient=patient, payers=_payers(request.system, call, own))


def _access(act: Act, request: FhirRequest, payers: tuple[str, ...]) -> Access:
    id_, version = request.path_params.get("id"), request.path_params.get("version")
    resources = () if id_ is None else (f"{act.type}/{id_}" + (f"/_history/{version}" if version else ""),)
    query = query_text(_path_below_base(request), request.scope["query_string"].decode("latin-1"))
    return Access(
        interaction=act.interaction,
        payers=payers,
        resources=() if act.is_query else resources,
        query=query if act.is_query else "",
        operation=act.operation,
    )


def _path_below_base(request: FhirRequest) -> str:
    return str(request.scope["path"]).partition("/fhir/")[2]


def _by_patient(act: Act, call: Call, documents: Sequence[Document]) -> Mapping[str, Sequence[Document]]:
    """Return the documents by patient; by "" if they have no patient's data.

    Audit records are no patient data of their own.
    """
    if act.type == EVENT:
        return {"": documents}
    groups: dict[str, list[Document]] = {}
    for document in documents:
        for name, value in document.terms:
            if name == PATIENT and value:
                groups.setdefault(value, []).append(document)
    if call.grant.role is Role.PATIENT and call.grant.patient:
        return {call.grant.patient: groups.get(call.grant.patient, documents)}
    return groups or {"": documents}


def _payers(system: System, call: Call | None, documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the payers whose auditors see the event: those of the documents, of the caller, or all."""
    terms = (term for document in documents for term in document.terms)
    of_caller = () if call is None else sorted(call.grant.payers)
    return payers_concerned(system.payers, (value for name, value in terms if name == PAYER), of_caller)
