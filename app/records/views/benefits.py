"""The ExplanationOfBenefit of each request: made from the stored ClaimResponse and Claim when it is read.

No row is stored for it, so it has the versions of the ClaimResponse and exists as soon as the request has an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.access.reach import HISTORY
from app.fhir.json import stored, write
from app.pas.benefits.write_benefit import write_benefit
from app.pas.face import Reference
from app.pas.parts.write_types import Json
from app.ports import Document, Documents
from app.records import authorizations
from app.records.paging import ENTRY_BYTES
from app.records.resources import past_versions
from app.search.batches import batches

KIND = "ExplanationOfBenefit"
SOURCE = "ClaimResponse"
USE = "preauthorization"


class Benefits(Struct, frozen=True):
    """ExplanationOfBenefits, and the number of ClaimResponses that they were made from or that have none."""

    documents: tuple[Document, ...]
    consumed: int


async def benefits_of(documents: Documents, responses: Sequence[Document], room: int) -> Benefits:
    """Return the ExplanationOfBenefits of the first ClaimResponses, in any of their versions.

    They have at most `room` bytes, except a single one. The answer to a billing claim has none.
    """
    written: list[Document] = []
    consumed = size = 0
    for batch in batches(responses):
        claims = _Claims(documents)
        await claims.load([body for body in map(_body, batch) if body["use"] == USE])
        for document in batch:
            body = _body(document)
            if body["use"] == USE:
                benefit = await _benefit(documents, document, body, claims)
                size += benefit.size + ENTRY_BYTES
                if size > room and written:
                    return Benefits(tuple(written), consumed)
                written.append(benefit)
            consumed += 1
    return Benefits(tuple(written), consumed)


async def _benefit(documents: Documents, document: Document, response: Json, claims: _Claims) -> Document:
    claim = await claims.at(response, document.updated)
    coverage = None if claim is not None else await _coverage(documents, response["id"])
    kind = KIND + HISTORY if document.kind.endswith(HISTORY) else KIND
    return replace(document, kind=kind, body=write(write_benefit(response, claim, coverage)))


async def _coverage(documents: Documents, authorization_id: str) -> Reference | None:
    """Return the reference to the member's Coverage, for a decision without a Claim."""
    record = await authorizations.by_id(documents, authorization_id)
    if record is None or not record.authorization.coverage:
        return None
    return {"reference": f"Coverage/{record.authorization.coverage}"}


class _Claims:
    """The Claims of a batch of ClaimResponses, with their earlier versions once these are needed."""

    __slots__ = ("_current", "_documents", "_past")

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._current: dict[str, Document] = {}
        self._past: dict[str, list[Document]] = {}

    async def load(self, responses: Sequence[Json]) -> None:
        """Read the Claims of the responses."""
        ids = list(dict.fromkeys(filter(None, map(_claim_id, responses))))
        found = await self._documents.get_many("Claim", ids) if ids else []
        self._current = {document.id: document for document in found}

    async def at(self, response: Json, moment: str) -> Json | None:
        """Return the Claim of a response in the version of that moment; None if it has no Claim."""
        claim = self._current.get(_claim_id(response) or "")
        if claim is None:
            return None
        if claim.updated > moment:
            if claim.id not in self._past:
                self._past[claim.id] = await past_versions(self._documents, claim)
            earlier = [past for past in self._past[claim.id] if past.updated <= moment]
            claim = max(earlier, key=lambda past: past.updated, default=claim)
        return _body(claim)


def _claim_id(response: Json) -> str | None:
    reference = response.get("request", {}).get("reference", "")
    return reference.removeprefix("Claim/") if reference.startswith("Claim/") else None


def _body(document: Document) -> Json:
    body: Json = stored(document.body)
    return body
