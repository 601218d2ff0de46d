"""The content of attached documents: each once for an organization, under its SHA-256.

A row has a term for each request that has the document, so that it can be deleted with the last of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from msgspec import Struct
from msgspec.structs import replace

from app.ports import Document, Documents, Insert, Replace, Write

KIND = "attachment"
REFERRER = "of"

_CHARACTERS = 40
"""Of the digest, in hexadecimal: 160 bits, so that the id fits into the id of a resource."""


class Content(Struct, frozen=True):
    """The JSON of a document's resource, under its id, and the row as read; None if it is not stored yet.

    `referrers` are the requests that have the document from now on, or the held attachments. `released` have it no
    longer.
    """

    id: str
    text: str
    stored: Document | None
    referrers: tuple[str, ...]
    released: tuple[str, ...] = ()


def content_id(owner: str, text: str) -> str:
    """Return the id of a content: one for equal documents of an organization, another for each organization."""
    return hashlib.sha256(f"{owner}|{text}".encode()).hexdigest()[:_CHARACTERS]


async def content_rows(documents: Documents, ids: list[str]) -> dict[str, Document]:
    """Read the rows of contents, by id."""
    return {row.id: row for row in await documents.get_many(KIND, ids)}


class Freed(Struct, frozen=True):
    """The rows that nothing has any longer, and the contents that others still have."""

    unused: tuple[Document, ...]
    shared: tuple[Content, ...]


def without(rows: Iterable[Document], referrers: Collection[str]) -> Freed:
    """Take contents from these referrers."""
    rows = tuple(rows)
    unused = tuple(row for row in rows if all(referrer in referrers for _, referrer in row.terms))
    shared = (Content(row.id, row.body, row, (), tuple(referrers)) for row in rows if row not in unused)
    return Freed(unused, tuple(shared))


def content_write(content: Content) -> Write:
    """Store a content, or the requests that have it from now on."""
    stored = content.stored
    kept = [] if stored is None else [referrer for _, referrer in stored.terms if referrer not in content.released]
    terms = tuple((REFERRER, referrer) for referrer in dict.fromkeys((*kept, *content.referrers)))
    if stored is None:
        return Insert(Document(KIND, content.id, content.text, terms))
    return Replace(replace(stored, terms=terms))
