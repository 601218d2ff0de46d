"""The rows that wake the server when an act on an authorization is due.

A change that moves the next due time of an authorization writes a row for it. The row names the authorization; the acts
follow from the record. A row whose time has moved finds no act and is deleted.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.authorization import Authorization
from app.domain.due.acts import next_due
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Query
from app.records import authorizations
from app.records.authorizations import UNSCHEDULED, Stored
from app.records.upgrade import read_authorization
from app.records.waiting.rows import WAITING, waiting_rows

KIND = "due"


def due_insert(stored: Stored | None, after: Authorization) -> Insert | None:
    """Write a row for the next due time of the changed record; None if a row waits for this time already."""
    version = 0 if stored is None else stored.document.version
    is_scheduled = stored is not None and UNSCHEDULED not in stored.document.terms
    before = next_due(stored.authorization) if stored is not None and is_scheduled else None
    moment = next_due(after)
    if moment is None or moment == before:
        return None
    at = sortable(moment)
    return Insert(Document(KIND, f"{after.id}.{version + 1}", after.id, (WAITING,), at, at))


async def due_rows(documents: Documents, now: datetime, limit: int) -> list[Document]:
    """Read the rows whose time has come, the oldest first. The body of each is the id of its authorization."""
    return await waiting_rows(documents, KIND, now, limit)


async def unscheduled(documents: Documents, limit: int) -> list[Document]:
    """Read the rows of authorizations of an earlier build, whose acts no row waits for."""
    name, value = UNSCHEDULED
    return await documents.find(Query(authorizations.KIND, (AnyOf(name, (value,)),), limit=limit))


def unscheduled_record(row: Document) -> Stored:
    """Read the authorization of a row. Raises msgspec.ValidationError if no build stored it."""
    return Stored(read_authorization(row.body), row)
