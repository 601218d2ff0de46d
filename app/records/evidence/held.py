"""Attachments whose request is not known yet: kept for their organization until a request has their tracking number."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import msgspec
from msgspec import Struct

from app.domain.parts.attachment import Attachment
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Query

KIND = "held"
MOST_HELD = 1000
MOST_HELD_BYTES = 100_000_000
"""The most attachments that are held for an organization, and the bytes of their content.

A commit reads and writes each attachment that was held for its request.
"""

_OWNER = "owner"
_TRACKING = "tracking"

_encoder = msgspec.json.Encoder()


class Held(Struct, frozen=True):
    """An attachment, the organization that sent it, and the member id. `payer` is empty if the sender named none.

    `size` counts the bytes of the content.
    """

    owner: str
    payer: str
    member: str
    attachment: Attachment
    size: int = 0

    @property
    def id(self) -> str:
        """One id for equal attachments, so that a repeated call holds none twice."""
        parts = (self.owner, self.payer, self.member, self.attachment.tracking, self.attachment.content)
        return hashlib.sha256(_encoder.encode(parts)).hexdigest()[:40]


class StoredHeld(Struct, frozen=True):
    """A held attachment as read, with its row."""

    held: Held
    document: Document


def held_insert(held: Held) -> Insert:
    """Hold an attachment."""
    terms = ((_OWNER, held.owner), (_TRACKING, _key(held.owner, held.attachment.tracking)))
    at = sortable(held.attachment.received)
    return Insert(Document(KIND, held.id, _encoder.encode(held).decode(), terms, at, at))


async def held_ids(documents: Documents, ids: list[str]) -> set[str]:
    """Return those of the ids that are held already."""
    return {row.id for row in await documents.get_many(KIND, ids)}


async def all_held(documents: Documents, owner: str) -> list[StoredHeld]:
    """Read the attachments that are held for an organization, without their content, oldest first."""
    return _read(await documents.find(Query(KIND, (AnyOf(_OWNER, (owner,)),), limit=MOST_HELD)))


async def held_for(documents: Documents, owner: str, numbers: Collection[str]) -> list[StoredHeld]:
    """Read the attachments of an organization that are held for these tracking numbers, oldest first."""
    keys = tuple(_key(owner, number) for number in numbers)
    rows = await documents.find(Query(KIND, (AnyOf(_TRACKING, keys),), limit=MOST_HELD)) if keys else []
    return _read(rows)


def _read(rows: list[Document]) -> list[StoredHeld]:
    return [StoredHeld(msgspec.json.decode(row.body, type=Held), row) for row in rows]


def _key(owner: str, number: str) -> str:
    return f"{owner}|{number}"
