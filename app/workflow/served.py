"""Answers with a served document: ETag, Last-Modified and Location. `match` checks If-Match before a change.

`access` describes the change.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from app.access.reach import PATIENT, PAYER
from app.audit.access import Access, Interaction
from app.fhir.entity_tags import EntityTags
from app.fhir.outcome import Fault, FhirError
from app.ports import Document, Documents
from app.records.replays import Replay, created_by
from app.records.resources import version_of
from app.workflow.call import Answer


def answer(document: Document) -> Answer:
    """Answer with a served resource."""
    updated = datetime.fromisoformat(document.updated)
    return Answer(document.body, etag=etag(document), last_modified=updated, documents=(document,))


def recorded(answer: Answer) -> Answer:
    """Return the answer of a commit that stored its AuditEvent."""
    return replace(answer, recorded=True)


async def repeated(documents: Documents, replay: Replay) -> Answer:
    """Answer a repeated request with its first answer."""
    return Answer(replay.body, documents=await created_by(documents, replay))


def created(document: Document, base: str) -> Answer:
    """Answer 201 with a new resource and its Location."""
    location = f"{base}/{document.kind}/{document.id}/_history/1"
    updated = datetime.fromisoformat(document.updated)
    return Answer(document.body, 201, etag(document), updated, location, (document,))


def existing(document: Document, base: str) -> Answer:
    """Answer 200 with the existing resource and its Location, instead of a new one."""
    location = f"{base}/{document.kind}/{document.id}/_history/{version_of(document)}"
    return replace(answer(document), location=location)


def etag(document: Document) -> str:
    """Write the weak ETag that names the resource's version."""
    return f'W/"{version_of(document)}"'


def term(document: Document, name: str) -> str:
    """Return the value of a term that a document has once, such as its payer; empty without it."""
    return next((value for given, value in document.terms if given == name), "")


def access(document: Document, operation: str) -> Access:
    """Describe the change of a document by an operation, such as `take`, for its AuditEvent."""
    return Access(
        interaction=Interaction.UPDATE,
        payers=(term(document, PAYER),),
        patient=term(document, PATIENT),
        resources=(f"{document.kind}/{document.id}",),
        operation=f"${operation}",
    )


def match(document: Document, if_match: EntityTags | None) -> None:
    """Check that If-Match, if present, names the current version. Raises FhirError STALE."""
    if if_match is not None and not if_match.include(version_of(document)):
        text = (
            f"If-Match must name the current version, {etag(document)}. Read the resource again before you change it."
        )
        raise FhirError(Fault.STALE, text)


def match_required(document: Document, if_match: EntityTags | None, act: str) -> None:
    """Check that If-Match is present and names the current version; `act` begins the sentence of the refusal.

    Raises FhirError PRECONDITION without If-Match, and STALE.
    """
    if if_match is None:
        text = f'{act} must have the header If-Match with the current version, such as W/"1".'
        raise FhirError(Fault.PRECONDITION, text)
    match(document, if_match)
