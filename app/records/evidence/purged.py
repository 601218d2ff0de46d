"""The rows of a request that end with its record. The trail, the AuditEvents, the ledger and the numbers stay."""

from __future__ import annotations

from msgspec import Struct

from app.domain.authorization import Authorization
from app.ports import AnyOf, Document, Documents
from app.records import replays, submissions
from app.records.evidence import contents
from app.records.evidence.contents import Content
from app.records.resources import past_versions
from app.records.scan import scan
from app.records.subscriptions import notifications
from app.records.worklist import tasks


class Purged(Struct, frozen=True):
    """The rows that end, and the contents of documents that other requests still have."""

    rows: list[Document]
    shared: tuple[Content, ...]


async def purged(documents: Documents, authorization: Authorization) -> Purged:
    """Read the served resources with their earlier versions, the Bundles, the documents, and what was sent."""
    id_ = authorization.id
    rows = await documents.get_many(submissions.KIND, [id_, *authorization.submissions])
    served = [
        await documents.get("Claim", authorization.claim),
        await documents.get("ClaimResponse", id_),
        *await scan(documents, tasks.KIND, AnyOf("focus", (f"ClaimResponse/{id_}",))),
    ]
    for current in filter(None, served):
        rows += [current, *await past_versions(documents, current)]
    rows += await scan(documents, replays.KIND, AnyOf(replays.CLAIM, (authorization.claim,)))
    rows += await scan(documents, notifications.KIND, AnyOf(notifications.AUTHORIZATION, (id_,)))
    attached = contents.without(await scan(documents, contents.KIND, AnyOf(contents.REFERRER, (id_,))), (id_,))
    return Purged([*rows, *attached.unused], attached.shared)
