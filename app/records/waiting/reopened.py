"""The rows that wake the server when a decision may change the answers to bills.

The change that decides an authorization writes a row for it. The row names the authorization; the bills follow from
their records, so a bill that is answered again already is left as it is.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.authorization import Authorization
from app.domain.bill.again import settles
from app.fhir.instants import sortable
from app.ports import Document, Documents, Insert
from app.records.authorizations import Stored
from app.records.waiting.rows import WAITING, waiting_rows

KIND = "reopened"


def reopened_insert(stored: Stored | None, after: Authorization) -> Insert | None:
    """Write a row if the change decides an item on which bills may wait."""
    if stored is None or not settles(stored.authorization, after):
        return None
    since = sortable(after.created)
    return Insert(Document(KIND, f"{after.id}.{stored.document.version + 1}", after.id, (WAITING,), since, since))


async def reopened_rows(documents: Documents, now: datetime, limit: int) -> list[Document]:
    """Read the rows that wait, those of the oldest authorizations first. The body of each is the authorization's id."""
    return await waiting_rows(documents, KIND, now, limit)
