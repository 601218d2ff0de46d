"""Read the evidence of a request: by those who sent it, and by the staff of the payer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import OF_PROVIDERS, STAFF
from app.domain.authorization import Authorization
from app.domain.parts.attachment import attachment_id
from app.fhir.instants import instant
from app.fhir.json import stored, write
from app.fhir.outcome import Fault, FhirError
from app.pas.asking.write_evidence import (
    Binary,
    Evidence,
    attached_evidence,
    binary_of,
    entry_of,
    evidence_in,
    write_evidence,
)
from app.pas.face import server_face
from app.ports import Document
from app.records import authorizations
from app.records.evidence.case import read_body, read_case
from app.records.evidence.contents import KIND as ATTACHMENT
from app.records.resources import not_found
from app.records.submissions import KIND as SUBMISSION
from app.records.submissions import parsed
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.system import System

MOST_BYTES = 10_000_000
"""Bytes of an answer with all evidence. The data of documents does not count: it is read as Binary."""

Result = TypeVar("Result")


class _Source(Struct, frozen=True):
    """A stored body with evidence: its kind, its row, the beginning of the ids, and when it came, if that is known."""

    kind: str
    row: str
    prefix: str
    received: datetime | None = None

    def has(self, id_: str) -> bool:
        """Return whether evidence with this id can be in the body."""
        return id_ == self.prefix or id_.startswith(f"{self.prefix}.")


async def all_evidence(system: System, call: Call, received: Received) -> Answer:
    """Answer `ClaimResponse/{id}/$evidence` with a Bundle of all resources that came as evidence."""
    arguments(system, received, ())
    document, authorization = await _case(system, call, "ClaimResponse", received.id)
    entries: list[str] = []
    for source in _sources(authorization):
        entries += await _read(system, call, source, lambda own: _entries(own, authorization, call.base)) or ()
        if sum(map(len, entries)) > MOST_BYTES:
            text = f"The evidence has more than {MOST_BYTES:,} bytes. Read its documents one by one."
            raise FhirError(Fault.TOO_COSTLY, text)
    head = write({"resourceType": "Bundle", "type": "searchset", "total": len(entries)})
    listed = f',"entry":[{",".join(entries)}]' if entries else ""
    return Answer(f"{head[:-1]}{listed}}}", documents=(document,))


def _entries(own: list[Evidence], authorization: Authorization, base: str) -> list[str]:
    """Write the entries of the evidence as JSON."""
    patient = server_face(authorization).patient
    return [write(entry_of(evidence, patient, base)) for evidence in own]


async def read_evidence(system: System, call: Call, type_: str, id_: str) -> Answer:
    """Answer with one resource. Raises FhirError NOT_FOUND, also for one that the caller does not see."""
    document, authorization = await _case(system, call, type_, id_)
    patient = server_face(authorization).patient

    def written(own: list[Evidence]) -> str | None:
        named = next((evidence for evidence in own if (evidence.id, evidence.type) == (id_, type_)), None)
        return None if named is None else write(write_evidence(named, patient, call.base))

    text = await _read_one(system, call, authorization, id_, written)
    if text is None:
        raise not_found(type_)
    return Answer(text, documents=(replace(document, kind=type_, id=id_),))


async def read_binary(system: System, call: Call, id_: str) -> tuple[Binary, Answer]:
    """Return the bytes of a document, and the answer that discloses it. Raises FhirError as `read_evidence` does."""
    document, authorization = await _case(system, call, "Binary", id_)
    of_document, _, number = id_.rpartition(".")

    def taken(own: list[Evidence]) -> Binary | None:
        named = next((evidence for evidence in own if evidence.id == of_document), None)
        return None if named is None or not number.isdecimal() else binary_of(named, int(number))

    binary = await _read_one(system, call, authorization, of_document, taken)
    if binary is None:
        raise not_found("Binary")
    return binary, Answer("", documents=(replace(document, kind="Binary", id=id_),))


async def _case(system: System, call: Call, type_: str, id_: str) -> tuple[Document, Authorization]:
    """Read the ClaimResponse behind the id of evidence, and its record.

    Raises FhirError NOT_FOUND unless the caller sees both the answer and the type of the evidence.
    """
    case = id_.partition(".")[0]
    document = await read_case(system.documents, call.reach, type_, case)
    stored_record = await authorizations.by_id(system.documents, case)
    if stored_record is None or call.grant.role not in OF_PROVIDERS | STAFF:
        raise not_found(type_)
    return document, stored_record.authorization


def _sources(authorization: Authorization) -> Iterator[_Source]:
    """Yield the bodies with evidence: the request, its updates, and the attachments."""
    for number, row in enumerate((authorization.id, *authorization.submissions)):
        received = authorization.created if number == 0 else None
        yield _Source(SUBMISSION, row, f"{authorization.id}.{number}", received)
    for number, attachment in enumerate(authorization.attachments):
        yield _Source(ATTACHMENT, attachment.content, attachment_id(authorization.id, number), attachment.received)


async def _read_one(
    system: System, call: Call, authorization: Authorization, id_: str, function: Callable[[list[Evidence]], Result]
) -> Result | None:
    source = next((source for source in _sources(authorization) if source.has(id_)), None)
    return None if source is None else await _read(system, call, source, function)


async def _read(
    system: System, call: Call, source: _Source, function: Callable[[list[Evidence]], Result]
) -> Result | None:
    """Call a function on the evidence of a body; None if the body is not stored."""
    row = await read_body(system.documents, source.kind, source.row)
    if row is None:
        return None
    return await system.threads.run(row.size, call.grant.client, lambda: function(_evidence(source, row.body)))


def _evidence(source: _Source, text: str) -> list[Evidence]:
    received = None if source.received is None else instant(source.received)
    if source.kind == ATTACHMENT:
        return [attached_evidence(stored(text), source.prefix, received)]
    return evidence_in(parsed(text).resource, source.prefix, received)
