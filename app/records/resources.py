"""The served FHIR resources: read, read earlier versions, search. Every read takes the caller's Reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.access.reach import Reach
from app.fhir.instants import as_instant, next_moment, sortable
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.ports import Document, Documents, Lookup, Query, Term
from app.records.kinds import access_of, created_of, history, past_terms, terms_of
from app.records.lookup import resolve_lookups, with_linked
from app.records.paging import PAGE_BYTES, Page, fitting, position, time_limited
from app.records.queries import query_of
from app.records.shown import check_searched, shown
from app.search.parameters import Search

TOTAL_CAP = 10_000
"""The most matches that are counted; a search with more has no total."""

_VERSION = re.compile(r"[1-9][0-9]{0,8}")


def row(resource: dict[str, Any], *, access: tuple[Term, ...], now: datetime) -> Document:
    """Return the document of a new resource, at version 1; `access` are the `reach:` terms of its readers."""
    updated = sortable(now)
    body = _body(resource, 1, updated)
    terms = terms_of(resource, access)
    return Document(resource["resourceType"], resource["id"], body, terms, created_of(resource) or updated, updated)


class Version(Struct, frozen=True):
    """A version of a served resource to store. `past` is the version before, as history; None for a new resource."""

    document: Document
    past: Document | None = None


def next_version(document: Document, resource: dict[str, Any], now: datetime) -> Version:
    """Return the version after `document`, with the content of `resource`; the readers stay the same.

    `lastUpdated` grows even if the clock goes back.
    """
    version = version_of(document)
    updated = sortable(next_moment(now, datetime.fromisoformat(document.updated)))
    changed = replace(
        document,
        body=_body(resource, version + 1, updated),
        terms=terms_of(resource, access_of(document)),
        created=created_of(resource) or document.created,
        updated=updated,
    )
    past = replace(
        document,
        kind=history(document.kind),
        id=past_id(document.id, version),
        terms=past_terms(document),
        version=1,
    )
    return Version(changed, past)


def version_of(document: Document) -> int:
    """Return the resource's `meta.versionId`; the version in the store also grows when a reader is added."""
    return int(msgspec.json.decode(document.body, type=_Head).meta.versionId)


def past_id(id_: str, version: int) -> str:
    """Return the id of an earlier version in the store."""
    return f"{id_}/{version}"


def is_version(text: str) -> bool:
    """Return whether the text can be the number of a version."""
    return _VERSION.fullmatch(text) is not None


async def exists(documents: Lookup, type_: str, id_: str) -> bool:
    """Return whether a resource is stored, for the server's own use: no Reach limits this."""
    return await documents.get(type_, id_) is not None


async def widened(documents: Documents, type_: str, id_: str, term: Term) -> list[Document]:
    """Return all versions of a resource, if it is stored, with `term` added to the terms of their readers."""
    document = await documents.get(type_, id_)
    if document is None:
        return []
    versions = [document, *await past_versions(documents, document)]
    return [replace(version, terms=(*version.terms, term)) for version in versions]


async def past_versions(documents: Documents, document: Document) -> list[Document]:
    """Return all earlier versions of the resource."""
    past = [past_id(document.id, version) for version in range(1, version_of(document))]
    return await documents.get_many(history(document.kind), past) if past else []


async def read(documents: Documents, reach: Reach, type_: str, id_: str) -> Document:
    """Return the current version. Raises FhirError NOT_FOUND, with the same text if it exists outside the Reach."""
    document = await documents.get(type_, id_)
    if document is None or not reach.sees(type_, document.terms):
        raise not_found(type_)
    return shown(reach, document)


async def read_many(documents: Documents, reach: Reach, type_: str, ids: Sequence[str]) -> list[Document]:
    """Return the current versions that the caller sees, in the order of `ids`."""
    found = await documents.get_many(type_, ids) if ids else []
    return [shown(reach, document) for document in found if reach.sees(type_, document.terms)]


async def vread(documents: Documents, reach: Reach, type_: str, id_: str, version: str) -> Document:
    """Return one version of a resource that the caller sees. Raises FhirError NOT_FOUND as `read` does."""
    current = await read(documents, reach, type_, id_)
    if not is_version(version):
        raise not_found(type_)
    if int(version) == version_of(current):
        return current
    past = await documents.get(history(type_), past_id(id_, int(version)))
    if past is None or not reach.sees(past.kind, past.terms):
        raise not_found(type_)
    return shown(reach, past)


async def search(
    documents: Documents, reach: Reach, search: Search, *, total_cap: int = TOTAL_CAP, room: int = PAGE_BYTES
) -> Page:
    """Return a page of the matches that the caller sees; only these are counted.

    The page has at most `room` bytes. Raises FhirError PARAMETER for an invalid page token, TOO_COSTLY, or FORBIDDEN
    for a condition on an element that the caller does not see.
    """
    check_searched(reach, search)
    search = await with_linked(documents, reach, await resolve_lookups(documents, reach, search))
    counted = search.total or search.count == 0
    within = reach.terms(search.type)
    if within is None:
        return Page((), None, 0 if counted else None)
    query = query_of(search, within, room)
    with time_limited():
        total = await _total(documents, query, total_cap) if counted else None
        matches = await documents.find(query) if search.count else []
    page = tuple(shown(reach, document) for document in fitting(matches[: search.count], room))
    if not page:
        return Page((), None, total)
    return Page(page, position(page[-1], query.order) if len(matches) > len(page) else None, total)


class _Meta(msgspec.Struct):
    versionId: str  # noqa: N815 - FHIR's name


class _Head(msgspec.Struct):
    meta: _Meta


def _body(resource: dict[str, Any], version: int, updated: str) -> str:
    meta = {**resource.get("meta", {}), "versionId": str(version), "lastUpdated": as_instant(updated)}
    head = {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta}
    return write({**head, **resource, "meta": meta})


def not_found(type_: str) -> FhirError:
    """Return the refusal of a read: the same if the resource exists for others."""
    return FhirError(Fault.NOT_FOUND, f"No {type_} with this id and version exists for this caller.")


async def _total(documents: Documents, query: Query, cap: int) -> int | None:
    total = await documents.count(query, cap + 1)
    return total if total <= cap else None
