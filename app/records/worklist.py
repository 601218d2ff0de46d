"""The reviewers' worklist: a row for each authorization with a pended item, deleted when no item is pended."""

from __future__ import annotations

from datetime import datetime

from app.domain.authorization import Authorization
from app.fhir.instants import sortable
from app.ports import Delete, Document, Insert

KIND = "worklist"


def worklist_insert(authorization: Authorization, due: datetime) -> Insert:
    """Put the authorization on its payer's worklist, due at the end of its clock."""
    terms = (("payer", authorization.payer), ("due", sortable(due)))
    return Insert(
        Document(KIND, authorization.id, "{}", terms, sortable(authorization.created), sortable(authorization.updated))
    )


def worklist_delete(authorization: Authorization) -> Delete:
    """Take the authorization off the worklist. The row has version 1: for another due time, a new row replaces it."""
    return Delete(KIND, authorization.id, 1)
