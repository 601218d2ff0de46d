"""The units' ledger in the store: one row a draw, written once; a second row of the same draw conflicts.

These are the payer's own reads: no interaction serves them, and no reach bounds them. What a caller learns of a draw is
in its own ClaimResponse, which is read by the caller's Reach.
"""

from __future__ import annotations

import msgspec

from app.domain.ledger import LedgerEntry
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Query

KIND = "ledger"
MOST = 10_000

_decoder = msgspec.json.Decoder(LedgerEntry)


def entry_insert(entry: LedgerEntry) -> Insert:
    """Write an entry, found by its authorization and by its claim."""
    moment = sortable(entry.created)
    terms = (("authorization", entry.authorization), ("claim", entry.claim or ""))
    return Insert(Document(KIND, entry.id, msgspec.json.encode(entry).decode(), terms, moment, moment))


async def entries_of(documents: Documents, authorization: str) -> list[LedgerEntry]:
    """Every entry of an authorization, oldest first."""
    found = await documents.find(Query(KIND, (AnyOf("authorization", (authorization,)),), limit=MOST))
    return [_decoder.decode(document.body) for document in found]
