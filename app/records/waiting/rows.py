"""Rows that wait for a worker: found by the time from which it may take them, the order key `created`."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Order, Query, Range, Replace

WAITING = ("waiting", "yes")
"""The term of a row that waits."""


async def waiting_rows(documents: Documents, kind: str, now: datetime, limit: int) -> list[Document]:
    """Read the rows whose time has come, the oldest first."""
    name, value = WAITING
    until = Range(Order.CREATED, None, sortable(now + datetime.resolution))
    return await documents.find(Query(kind, (AnyOf(name, (value,)),), (until,), limit=limit))


def postponed_replace(row: Document, until: datetime) -> Replace:
    """Let a row wait for a later attempt, behind the others."""
    return Replace(replace(row, created=sortable(until)))
