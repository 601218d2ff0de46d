"""The payer's records of what it answered, found by id, by number and by the member's Patient.

These are the payer's own reads: no interaction serves them, and no reach bounds them. A workflow answers from them only
what `may_see` lets through, or what the caller's Reach has shown to be the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Position, Query, Replace, Write

KIND = "authorization"
NUMBER_KIND = "number"
PAGE = 100

_decoder = msgspec.json.Decoder(Authorization)
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Stored:
    """An authorization as read, with the document it was read from (its version guards the next write)."""

    authorization: Authorization
    document: Document

    def replaced_by(self, authorization: Authorization) -> Write:
        """Write `authorization` over this version, or conflict."""
        changed = row(authorization)
        return Replace(
            Document(
                KIND, changed.id, changed.body, changed.terms, changed.created, changed.updated, self.document.version
            )
        )


def row(authorization: Authorization) -> Document:
    """Make the document of an authorization, found by the payer's Patient, which stays when a member is renumbered."""
    return Document(
        KIND,
        authorization.id,
        _encoder.encode(authorization).decode(),
        (("patient", authorization.patient),) if authorization.patient else (),
        sortable(authorization.created),
        sortable(authorization.updated),
    )


def number_insert(payer: str, number: str, authorization_id: str) -> Insert:
    """Claim a number for an authorization; a second claim of the same number under the payer conflicts."""
    return Insert(Document(NUMBER_KIND, f"{payer}|{number}", authorization_id))


async def by_id(documents: Documents, authorization_id: str) -> Stored | None:
    """Read one authorization."""
    document = await documents.get(KIND, authorization_id)
    return None if document is None else Stored(_decoder.decode(document.body), document)


async def by_number(documents: Documents, payer: str, number: str) -> Stored | None:
    """Read the authorization that carries `number` (as typed) under `payer`."""
    entry = await documents.get(NUMBER_KIND, f"{payer}|{canonical(number)}")
    return None if entry is None else await by_id(documents, entry.body)


async def of_patient(documents: Documents, patient: str) -> list[Authorization]:
    """All authorizations of a payer's Patient, oldest first; read whole, whoever asked for them."""
    found: list[Authorization] = []
    after: Position | None = None
    while True:
        page = await documents.find(Query(KIND, (AnyOf("patient", (patient,)),), after=after, limit=PAGE))
        found.extend(_decoder.decode(document.body) for document in page)
        if len(page) < PAGE:
            return found
        after = Position(page[-1].created, page[-1].id)
