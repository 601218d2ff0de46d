"""The payer's records of billing claims: found by id, by authorization, by the biller's identifier, and by payer.

These reads are the payer's own: no interaction serves them, and no Reach limits them. A workflow must name a bill
to its owner only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from app.domain.bill.bill import Bill
from app.domain.datatypes import Identifier
from app.domain.denials.risk import MOST_BILLS
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Order, Position, Query, Range, Replace, Term
from app.records.scan import COUNTED_PAGE, scan

KIND = "bill"
AUTHORIZATION = "authorization"
IDENTIFIER = "owner-identifier"
PAYER = "payer"
RESPONSE = "response"
LINE = "line"

ROOM = 1_000_000
"""The bytes of the bills that are read at once, about those of two bills of the greatest length."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Bill)


class StoredBill(Struct, frozen=True):
    """A bill as read, with the document it was read from (its version guards the next write)."""

    bill: Bill
    document: Document


def bill_write(stored: StoredBill | None, bill: Bill) -> Insert | Replace:
    """Write a new bill, or its next state; this conflicts unless the store still has the version that was read."""
    moment = sortable(bill.received)
    version = {} if stored is None else {"version": stored.document.version}
    row = Document(KIND, bill.id, _encoder.encode(bill).decode(), tuple(_terms(bill)), moment, moment, **version)
    return Insert(row) if stored is None else Replace(row)


async def bill_of_claim(documents: Documents, claim: str) -> StoredBill | None:
    """Read the bill with the id of a Claim."""
    row = await documents.get(KIND, claim)
    return None if row is None else _read(row)


async def bill_of_response(documents: Documents, response: str) -> StoredBill | None:
    """Read the bill with the id of its ClaimResponse."""
    rows = await scan(documents, KIND, AnyOf(RESPONSE, (response,)))
    return _read(rows[0]) if rows else None


async def bills_of_authorizations(documents: Documents, authorizations: Iterable[str]) -> list[StoredBill]:
    """Read the bills that are linked to one of the authorizations or wait for it, oldest first."""
    return [_read(row) for row in await scan(documents, KIND, AnyOf(AUTHORIZATION, tuple(authorizations)))]


async def bills_with_identifier(
    documents: Documents, payer: str, owners: Iterable[str], identifier: Identifier
) -> list[StoredBill]:
    """Read the bills of a payer to which their owners, these organizations, gave an identifier; oldest first."""
    values = tuple(_named(payer, owner, identifier) for owner in owners)
    return [_read(row) for row in await scan(documents, KIND, AnyOf(IDENTIFIER, values))]


async def bills_of_payer(
    documents: Documents, payer: str, first: str, after: str, position: Position | None
) -> tuple[list[StoredBill], Position | None]:
    """Read a page of the bills that a payer received from `first` until `after` (order keys of times), oldest first.

    Returns the position of the next page; None on the last one.
    """
    within = (Range(Order.CREATED, first, after),)
    query = Query(KIND, (AnyOf(PAYER, (payer,)),), within, after=position, limit=COUNTED_PAGE, room=ROOM)
    page = await documents.find(query)
    is_full = len(page) == COUNTED_PAGE or sum(row.size for row in page) > ROOM
    more = Position(page[-1].created, page[-1].id) if is_full else None
    return [_read(row) for row in page], more


async def bills_of_claims(documents: Documents, claims: Sequence[str]) -> dict[str, Bill]:
    """Read the bills with the ids of these Claims."""
    return {row.id: _read(row).bill for row in await documents.get_many(KIND, claims)}


async def bills_about(
    documents: Documents, payer: str, owners: Iterable[str], about: tuple[str, str], since: datetime
) -> list[Bill]:
    """Read the newest bills of the owners with a line of this service code and performer, newest first.

    They are at most MOST_BILLS, and fewer if these need more than ROOM.
    """
    values = tuple(_line(payer, owner, *about) for owner in owners)
    within = (Range(Order.CREATED, sortable(since)),)
    query = Query(KIND, (AnyOf(LINE, values),), within, descending=True, limit=MOST_BILLS, room=ROOM)
    return [_read(row).bill for row in await documents.find(query)]


def _read(row: Document) -> StoredBill:
    return StoredBill(_decoder.decode(row.body), row)


def _terms(bill: Bill) -> Iterable[Term]:
    yield PAYER, bill.payer
    yield RESPONSE, bill.response
    services = ((line.service.code, line.performer) for line in bill.lines if line.service is not None)
    for code, performer in dict.fromkeys(services):
        yield LINE, _line(bill.payer, bill.owner, code, performer)
    for authorization in bill.authorizations:
        yield AUTHORIZATION, authorization
    if bill.identifier is not None:
        yield IDENTIFIER, _named(bill.payer, bill.owner, bill.identifier)


def _named(payer: str, owner: str, identifier: Identifier) -> str:
    named = f"{payer}\0{owner}\0{identifier.system}\0{identifier.value}"
    return hashlib.sha256(named.encode()).hexdigest()


def _line(payer: str, owner: str, code: str, performer: str) -> str:
    return f"{payer}|{owner}|{code}|{performer}"
