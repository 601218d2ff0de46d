"""Keep rows that expire under a secret: only a hash of the secret is stored, and each row can be used up once.

These rows belong to the sign-in of clients and users, not to the payer's business: no interaction serves them, and no
Reach limits them.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.fhir.instants import sortable
from app.ports import AnyOf, Conflict, Delete, Document, Documents, Insert, Query, Range, Replace

EXPIRING = "expiring"
"""The term by which the rows of a kind are found when they have expired."""

SWEPT = 20
"""The most expired rows that are removed with each new row: more than one, so that they cannot pile up."""

Value = TypeVar("Value", bound=Struct)


def digest(secret: str) -> str:
    """Return the id of a row: the hash of a random secret, which cannot be guessed from the hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Kept(Struct, Generic[Value], frozen=True):
    """A row as read."""

    value: Value
    document: Document

    @property
    def id(self) -> str:
        """The hash of the secret."""
        return self.document.id

    def has_expired(self, now: datetime) -> bool:
        """Return whether the row must not be used any more."""
        return self.document.created <= sortable(now)


class Shelf(Generic[Value]):
    """The rows of one kind. `created` of a row is the time when it expires."""

    def __init__(self, kind: str, type_: type[Value]) -> None:
        """Keep values of `type_`."""
        self._kind, self._decoder = kind, msgspec.json.Decoder(type_)

    async def keep(self, documents: Documents, id_: str, value: Value, now: datetime, until: datetime) -> None:
        """Store a new row until then, and remove some expired ones. Raises Conflict if the id exists already."""
        await self._sweep(documents, now)
        row = Document(self._kind, id_, _text(value), ((EXPIRING, self._kind),), sortable(until), sortable(now))
        await documents.commit(Insert(row))

    async def find(self, documents: Documents, id_: str, now: datetime) -> Kept[Value] | None:
        """Return the row, or None if there is none or it has expired."""
        kept = await self.read(documents, id_)
        return None if kept is None or kept.has_expired(now) else kept

    async def read(self, documents: Documents, id_: str) -> Kept[Value] | None:
        """Return the row, also an expired one that was not removed yet."""
        document = await documents.get(self._kind, id_)
        return None if document is None else Kept(self._decoder.decode(document.body), document)

    async def change(
        self, documents: Documents, kept: Kept[Value], value: Value, now: datetime, until: datetime | None = None
    ) -> None:
        """Replace the row, and keep it until then. Raises Conflict if it has changed since it was read."""
        expires = kept.document.created if until is None else sortable(until)
        row = replace(kept.document, body=_text(value), created=expires, updated=sortable(now))
        await documents.commit(Replace(row))

    async def take(self, documents: Documents, kept: Kept[Value]) -> bool:
        """Use the row up; return False if another call has changed it or was first."""
        return await _gone(documents, kept.document)

    async def _sweep(self, documents: Documents, now: datetime) -> None:
        expired = Query(
            self._kind, (AnyOf(EXPIRING, (self._kind,)),), (Range("created", high=sortable(now)),), limit=SWEPT
        )
        for document in await documents.find(expired):
            await _gone(documents, document)


def _text(value: Struct) -> str:
    return msgspec.json.encode(value).decode()


async def _gone(documents: Documents, document: Document) -> bool:
    try:
        await documents.commit(Delete(document.kind, document.id, document.version))
    except Conflict:
        return False
    return True
