"""The rows behind the evidence of a request: its answer, which gives the evidence its readers, and stored bodies."""

from __future__ import annotations

from app.access.reach import Reach
from app.ports import Document, Documents
from app.records.resources import not_found


async def read_case(documents: Documents, reach: Reach, type_: str, id_: str) -> Document:
    """Return the answer to a request, for a read of evidence of a type.

    Raises FhirError NOT_FOUND unless the caller sees DocumentReferences and the type, as the answer's terms decide.
    """
    document = await documents.get("ClaimResponse", id_)
    if document is None or not all(reach.sees(seen, document.terms) for seen in ("DocumentReference", type_)):
        raise not_found(type_)
    return document


async def read_body(documents: Documents, kind: str, row: str) -> Document | None:
    """Return a stored body with evidence. The caller must see the case: `read_case`."""
    return await documents.get(kind, row)
