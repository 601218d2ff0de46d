"""The registered organizations, clients and users. No interaction serves these rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from app.access.registry import Client, Organization, People, User
from app.ports import Conflict, Document, Documents, Insert, Lookup

Registered = Organization | Client | User
Row = TypeVar("Row", Organization, Client, User)

KINDS: dict[type, str] = {Organization: "organization", Client: "client", User: "user"}

ALL = "registered"
"""The term by which a list finds all rows of a kind."""

_encoder = msgspec.json.Encoder()


async def find(documents: Lookup, type_: type[Row], id_: str) -> Row | None:
    """Find a registered organization, client or user by its id."""
    document = await documents.get(KINDS[type_], id_)
    return None if document is None else msgspec.json.decode(document.body, type=type_)


async def find_organizations(documents: Lookup, ids: Sequence[str]) -> list[Organization]:
    """Find the organizations with these ids, in their order; unknown ids are left out."""
    found = [await find(documents, Organization, id_) for id_ in ids]
    return [organization for organization in found if organization is not None]


async def register(documents: Documents, people: People) -> None:
    """Register the people that the store does not have yet, in one commit; known ones stay as they are."""
    while missing := await _missing(documents, people):
        try:
            await documents.commit(*map(_insert, missing))
        except Conflict:  # another process registers them at the same time
            continue


async def _missing(documents: Lookup, people: People) -> list[Registered]:
    rows: tuple[Registered, ...] = (*people.organizations, *people.clients, *people.users)
    return [row for row in rows if await documents.get(KINDS[type(row)], row.id) is None]


def _insert(row: Registered) -> Insert:
    kind = KINDS[type(row)]
    return Insert(Document(kind, row.id, _encoder.encode(row).decode(), ((ALL, kind),)))
