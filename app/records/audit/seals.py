"""The seals in the store, and the open rows that wait for one.

Each commit that stores events also stores one open row with their digests. The sealer replaces open rows by a seal. So
several processes write events without waiting for each other, and a seal follows within seconds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import msgspec
from msgspec import Struct

from app.audit.seal import Seal, Sealed, digest_of
from app.ports import AnyOf, Delete, Document, Documents, Insert, Query, Write
from app.records.scan import PAGE, pages

OPEN_KIND = "audit-open"
SEAL_KIND = "audit-seal"
MOST_OPEN = 200
"""The most open rows under one seal."""

_OPEN = ("state", "open")
_SEALED = ("state", "sealed")
_encoder = msgspec.json.Encoder()


class OpenRow(Struct, frozen=True):
    """The digests of the events of one commit, and the document they were read from."""

    events: tuple[Sealed, ...]
    document: Document


def open_insert(events: Sequence[Document]) -> Insert:
    """Write the open row of the events of a commit."""
    first = events[0]
    body = _encoder.encode([Sealed(event.id, digest_of(event.body)) for event in events]).decode()
    return Insert(Document(OPEN_KIND, first.id, body, (_OPEN,), first.created, first.updated))


async def open_rows(documents: Documents) -> list[OpenRow]:
    """Return the oldest open rows."""
    rows = await documents.find(Query(OPEN_KIND, (AnyOf(_OPEN[0], _OPEN[1:]),), limit=MOST_OPEN))
    return [OpenRow(msgspec.json.decode(document.body, type=tuple[Sealed, ...]), document) for document in rows]


async def last_seal(documents: Documents) -> Seal | None:
    """Return the newest seal; None before the first one."""
    rows = await documents.find(Query(SEAL_KIND, (AnyOf(_SEALED[0], _SEALED[1:]),), descending=True, limit=1))
    return _seal(rows[0]) if rows else None


async def seals(documents: Documents) -> AsyncIterator[Seal]:
    """Yield all seals in order."""
    async for document in pages(documents, Query(SEAL_KIND, (AnyOf(_SEALED[0], _SEALED[1:]),), limit=PAGE)):
        yield _seal(document)


def seal_writes(seal: Seal, opened: Sequence[OpenRow]) -> Iterator[Write]:
    """Write a seal in place of the open rows. The number is the id, so of two sealers that race, one conflicts."""
    key = f"{seal.number:012d}"
    yield Insert(Document(SEAL_KIND, key, _encoder.encode(seal).decode(), (_SEALED,), key, seal.at))
    yield from (Delete(OPEN_KIND, opening.document.id, opening.document.version) for opening in opened)


def _seal(document: Document) -> Seal:
    return msgspec.json.decode(document.body, type=Seal)
