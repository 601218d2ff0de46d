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
from app.records.kinds import history
from app.records.paging import ENTRY_BYTES
from app.records.resources import past_id, version_of
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
    """The Claims of a batch of ClaimResponses, with the times of their earlier versions once these are needed."""

    __slots__ = ("_current", "_documents", "_times")

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._current: dict[str, Document] = {}
        self._times: dict[str, str] = {}

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
        return _body(claim if claim.updated <= moment else await self._earlier(claim, moment))

    async def _earlier(self, claim: Document, moment: str) -> Document:
        """Return the version of a moment, or the current one if all are later.

        A Claim may have many long versions, so they are searched by halves.
        """
        begun, later = 0, version_of(claim)
        while later - begun > 1:
            middle = (begun + later) // 2
            begun, later = (middle, later) if await self._time(claim, middle) <= moment else (begun, middle)
        return await self._version(claim, begun) or claim

    async def _time(self, claim: Document, number: int) -> str:
        """Return the time of a version; that of a version which is not kept is before all others."""
        id_ = past_id(claim.id, number)
        if id_ not in self._times:
            version = await self._version(claim, number)
            self._times[id_] = "" if version is None else version.updated
        return self._times[id_]

    async def _version(self, claim: Document, number: int) -> Document | None:
        return await self._documents.get(history(claim.kind), past_id(claim.id, number))


def _claim_id(response: Json) -> str | None:
    reference = response.get("request", {}).get("reference", "")
    return reference.removeprefix("Claim/") if reference.startswith("Claim/") else None


def _body(document: Document) -> Json:
    body: Json = stored(document.body)
    return body
