"""The ledger of units in the store: one row per entry, written once; a second row of the same entry conflicts.

These reads are the payer's own: no interaction serves them, and no Reach limits them. A caller learns of a draw from
its own ClaimResponse, which is read within the caller's Reach.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from app.domain.ledger import EntryKind, LedgerEntry
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert
from app.records.scan import scan
from app.records.upgrade import read_entry

KIND = "ledger"

_encoder = msgspec.json.Encoder()


def entry_insert(entry: LedgerEntry) -> Insert:
    """Write an entry. Searches find it by authorization and by claim."""
    moment = sortable(entry.created)
    terms = (("authorization", entry.authorization), ("claim", entry.claim))
    return Insert(Document(KIND, entry.id, _encoder.encode(entry).decode(), terms, moment, moment))


async def entries_of(documents: Documents, authorization: str) -> list[LedgerEntry]:
    """Read all entries of an authorization, oldest first."""
    return [_read(document) for document in await scan(documents, KIND, AnyOf("authorization", (authorization,)))]


async def entries_of_all(documents: Documents, ids: tuple[str, ...]) -> dict[str, list[LedgerEntry]]:
    """Read all entries of several authorizations, by the authorization's id."""
    entries: dict[str, list[LedgerEntry]] = {id_: [] for id_ in ids}
    for document in await scan(documents, KIND, AnyOf("authorization", ids)) if ids else ():
        entry = _read(document)
        entries[entry.authorization].append(entry)
    return entries


async def entries_of_claim(documents: Documents, claim: str) -> list[LedgerEntry]:
    """Read all entries of a claim, oldest first: its draws, and their releases."""
    return [_read(document) for document in await scan(documents, KIND, AnyOf("claim", (claim,)))]


def _read(document: Document) -> LedgerEntry:
    entry = read_entry(document.body)
    # Builds before 0.1.0 wrote draws without a sign.
    unsigned = entry.kind is EntryKind.DRAW and entry.units > 0
    return replace(entry, units=-entry.units) if unsigned else entry
