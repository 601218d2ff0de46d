"""The rows of a request that end with its record. The trail, the AuditEvents, the ledger and the numbers stay."""

from __future__ import annotations

from app.domain.authorization import Authorization
from app.ports import AnyOf, Document, Documents
from app.records import replays, submissions
from app.records.resources import past_versions
from app.records.scan import scan
from app.records.subscriptions import notifications


async def rows_of(documents: Documents, authorization: Authorization) -> list[Document]:
    """Read the served resources with their earlier versions, the Bundles, the first answers and the notifications."""
    rows = await documents.get_many(submissions.KIND, [authorization.id, *authorization.submissions])
    for type_, id_ in (
        ("Claim", authorization.claim),
        ("ClaimResponse", authorization.id),
        ("Task", authorization.id),
    ):
        served = await documents.get(type_, id_)
        if served is not None:
            rows += [served, *await past_versions(documents, served)]
    rows += await scan(documents, replays.KIND, AnyOf(replays.CLAIM, (authorization.claim,)))
    rows += await scan(documents, notifications.KIND, AnyOf(notifications.AUTHORIZATION, (authorization.id,)))
    return rows
