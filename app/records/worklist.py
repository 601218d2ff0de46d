"""What waits for a reviewer: a row for each authorization with something pended, gone when nothing is."""

from __future__ import annotations

from datetime import datetime

from app.domain.authorization import Authorization
from app.fhir.instants import sortable
from app.ports import Delete, Document, Documents, Insert, Write

KIND = "worklist"


def listed(authorization: Authorization, due: datetime) -> Insert:
    """Put the authorization on its payer's worklist, due at the end of its clock."""
    terms = (("payer", authorization.payer), ("due", sortable(due)))
    return Insert(
        Document(KIND, authorization.id, "{}", terms, sortable(authorization.created), sortable(authorization.updated))
    )


async def unlisted(documents: Documents, authorization: Authorization) -> tuple[Write, ...]:
    """Take the authorization off the worklist, if it is there."""
    document = await documents.get(KIND, authorization.id)
    return () if document is None else (Delete(KIND, document.id, document.version),)
