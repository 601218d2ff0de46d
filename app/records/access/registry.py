"""The registered organizations, clients and users. No interaction serves these rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from app.access.origins import origins_of
from app.access.registry import Client, Organization, User
from app.ports import AnyOf, Conflict, Delete, Document, Documents, Insert, Lookup, Position, Query, Replace, Term

Registered = Organization | Client | User
Row = TypeVar("Row", bound=Registered)

ORGANIZATION = "organization"
KINDS: dict[type, str] = {Organization: ORGANIZATION, Client: "client", User: "user"}

ALL = "registered"
"""The term by which a list finds all rows of a kind."""

APPS = "browser-apps"
"""The term by which a list finds the clients that call from a browser."""

NPI = "npi"
"""The term by which the organizations with an NPI are found."""

_PAGE = 500
_encoder = msgspec.json.Encoder()


async def find(documents: Lookup, type_: type[Row], key: str) -> Row | None:
    """Find a registered organization, client or user by its key, disabled ones too."""
    document = await documents.get(KINDS[type_], key)
    return None if document is None else read_row(document, type_)


async def find_organizations(documents: Lookup, ids: Sequence[str]) -> list[Organization]:
    """Find the organizations with these ids, in their order; unknown and disabled ones are left out."""
    found = [await find(documents, Organization, id_) for id_ in ids]
    return [organization for organization in found if organization is not None and not organization.disabled]


async def organization_of(documents: Documents, npi: str) -> str | None:
    """Return the id of the organization with an NPI; None if there is none, or if several share it."""
    rows = await documents.find(Query(ORGANIZATION, (AnyOf(NPI, (npi,)),), limit=_PAGE))
    found = [row for row in (read_row(document, Organization) for document in rows) if not row.disabled]
    return found[0].id if len(found) == 1 else None


async def find_origins(documents: Documents) -> frozenset[str]:
    """Find the web origins of all clients that are not disabled."""
    apps = [read_row(document, Client) for document in await stored_rows(documents, Client, APPS)]
    return frozenset(origin for app in apps for origin in origins_of(app))


async def stored_rows(documents: Documents, type_: type, term: str = ALL) -> list[Document]:
    """Return the documents of all rows of a kind with a term, sorted by key."""
    kind = KINDS[type_]
    query, rows = Query(kind, (AnyOf(term, (kind,)),), limit=_PAGE), list[Document]()
    while page := await documents.find(query):
        rows += page
        query = replace(query, after=Position(page[-1].created, page[-1].id))
    return rows


async def all_rows(documents: Documents, type_: type[Row]) -> list[Row]:
    """Return all rows of a kind, sorted by key."""
    return [read_row(document, type_) for document in await stored_rows(documents, type_)]


async def add_row(documents: Documents, row: Registered) -> bool:
    """Register a new row; return False, and change nothing, if its key is taken."""
    try:
        await documents.commit(Insert(document_of(row)))
    except Conflict:
        return False
    return True


async def change_row(documents: Documents, type_: type[Row], key: str, changed: Callable[[Row], Row]) -> Row | None:
    """Replace a row by `changed(row)`; return the new row, or None if the key is unknown."""
    while (document := await documents.get(KINDS[type_], key)) is not None:
        row = changed(read_row(document, type_))
        try:
            await documents.commit(Replace(document_of(row, document.version)))
        except Conflict:  # another command was first
            continue
        return row
    return None


async def remove_row(documents: Documents, type_: type, key: str) -> None:
    """Remove a row."""
    while (document := await documents.get(KINDS[type_], key)) is not None:
        try:
            await documents.commit(Delete(document.kind, document.id, document.version))
        except Conflict:  # another command changed it meanwhile
            continue


def read_row(document: Document, type_: type[Row]) -> Row:
    """Return the row of a document."""
    return msgspec.json.decode(document.body, type=type_)


def document_of(row: Registered, version: int = 1) -> Document:
    """Return the stored form of a registered organization, client or user."""
    kind = KINDS[type(row)]
    terms = ((ALL, kind), *_terms(row, kind))
    return Document(kind, row.key, _encoder.encode(row).decode(), terms, version=version)


def organization_terms(document: Document) -> tuple[Term, ...]:
    """Compute the terms of a stored organization again, for a new term table."""
    return document_of(read_row(document, Organization)).terms


def _terms(row: Registered, kind: str) -> tuple[Term, ...]:
    if isinstance(row, Client):
        return ((APPS, kind),) if origins_of(row) else ()
    return tuple((NPI, npi) for npi in dict.fromkeys(row.npis)) if isinstance(row, Organization) else ()
