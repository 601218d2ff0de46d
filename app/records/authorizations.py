"""The payer's records of what it answered, found by id, by number and by member."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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
    """Make the document of an authorization, found by its member under its payer."""
    return Document(
        KIND,
        authorization.id,
        _encoder.encode(authorization).decode(),
        (("member", member_key(authorization.payer, authorization.member.member_id)),),
        sortable(authorization.created),
        sortable(authorization.updated),
    )


def member_key(payer: str, member_id: str) -> str:
    """Name a member under a payer; the same member id under two payers is two members."""
    return f"{payer}|{member_id}"


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


async def of_member(documents: Documents, payer: str, member_id: str) -> list[Authorization]:
    """All authorizations of a member under a payer, oldest first."""
    found: list[Authorization] = []
    after: Position | None = None
    while True:
        page = await documents.find(
            Query(KIND, (AnyOf("member", (member_key(payer, member_id),)),), after=after, limit=PAGE)
        )
        found.extend(_decoder.decode(document.body) for document in page)
        if len(page) < PAGE:
            return found
        after = Position(page[-1].created, page[-1].id)


def consumed(authorization: Authorization) -> Decimal:
    """Units drawn from all items together."""
    return sum((item.consumed for item in authorization.items), Decimal(0))
