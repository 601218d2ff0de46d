"""The registered organizations, clients and users. No interaction serves these rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from app.access.origins import origins_of
from app.access.registry import Client, Organization, People, User
from app.ports import AnyOf, Conflict, Document, Documents, Insert, Lookup, Position, Query

Registered = Organization | Client | User
Row = TypeVar("Row", Organization, Client, User)

KINDS: dict[type, str] = {Organization: "organization", Client: "client", User: "user"}

ALL = "registered"
"""The term by which a list finds all rows of a kind."""

APPS = "browser-apps"
"""The term by which a list finds the clients that call from a browser."""

_PAGE = 200

_encoder = msgspec.json.Encoder()


async def find(documents: Lookup, type_: type[Row], id_: str) -> Row | None:
    """Find a registered organization, client or user by its id."""
    document = await documents.get(KINDS[type_], id_)
    return None if document is None else msgspec.json.decode(document.body, type=type_)


async def find_organizations(documents: Lookup, ids: Sequence[str]) -> list[Organization]:
    """Find the organizations with these ids, in their order; unknown ids are left out."""
    found = [await find(documents, Organization, id_) for id_ in ids]
    return [organization for organization in found if organization is not None]


async def find_origins(documents: Documents) -> frozenset[str]:
    """Find the web origins of all clients that are not disabled."""
    origins: set[str] = set()
    kind, after = KINDS[Client], None
    while True:
        query = Query(kind, (AnyOf(APPS, (kind,)),), after=after, limit=_PAGE)
        page = await documents.find(query)
        for document in page:
            origins |= origins_of(msgspec.json.decode(document.body, type=Client))
        if len(page) < _PAGE:
            return frozenset(origins)
        after = Position(page[-1].created, page[-1].id)


async def register(documents: Documents, people: People) -> None:
    """Register the people that the store does not have yet, in one commit; known ones stay as they are."""
    while missing := await _missing(documents, people):
        try:
            await documents.commit(*(Insert(document_of(row)) for row in missing))
        except Conflict:  # another process registers them at the same time
            continue


async def _missing(documents: Lookup, people: People) -> list[Registered]:
    rows: tuple[Registered, ...] = (*people.organizations, *people.clients, *people.users)
    return [row for row in rows if await documents.get(KINDS[type(row)], row.id) is None]


def document_of(row: Registered, version: int = 1) -> Document:
    """Return the stored form of a registered organization, client or user."""
    kind = KINDS[type(row)]
    apps = ((APPS, kind),) if isinstance(row, Client) and origins_of(row) else ()
    return Document(kind, row.id, _encoder.encode(row).decode(), ((ALL, kind), *apps), version=version)
