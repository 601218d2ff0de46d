"""Put attached documents into a record: an item no longer asks for a document that came."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.notice import AskedDocument
from app.domain.parts.attachment import Attachment
from app.domain.review.attachment_request import attachment_requests, named_document

MOST_ATTACHED = 200
"""The most attachments of a request. Each one adds to its record, and to each later version of its Task."""


def with_attachments(authorization: Authorization, attachments: Collection[Attachment]) -> Authorization:
    """Return the record with the attachments. Their documents move from those requested to those received.

    A document counts by its type, for its lines. One without a type counts as the document that its tracking
    number asks for. The due time stays: a document stops no clock. A denial that does not count yet ends.
    """
    missing = {request.control_number: request.document.type for request in attachment_requests(authorization)}
    items = authorization.items
    for attachment in attachments:
        types = {(code.system, code.code) for code in attachment.codes}
        if not attachment.codes and attachment.tracking in missing:
            types = {missing[attachment.tracking]}
        items = tuple(_received(_read_again(item), types) if _is_for(attachment, item) else item for item in items)
    return replace(authorization, items=items, attachments=(*authorization.attachments, *attachments))


def _is_for(attachment: Attachment, item: AuthorizedItem) -> bool:
    """Return whether an attachment is for an item. A line also names the details of its item."""
    return not attachment.lines or bool({item.requested.number, str(item.requested.sequence)} & set(attachment.lines))


def _read_again(item: AuthorizedItem) -> AuthorizedItem:
    """End a decision that does not count yet, unless it grants everything: its person has not read the document."""
    proposal = item.proposal
    if proposal is None or proposal.decision.action is ReviewAction.CERTIFIED:
        return item
    return replace(item, proposal=None)


def _received(item: AuthorizedItem, types: set[tuple[str, str]]) -> AuthorizedItem:
    decision = item.decision
    if decision.action is not ReviewAction.PENDED:
        return item
    documents: list[AskedDocument] = [named_document(document) for document in decision.ask_for]
    came = tuple(document for document in documents if document.type in types)
    if not came:
        return item
    still = tuple(document for document in documents if document.type not in types)
    return replace(
        item, decision=replace(decision, ask_for=still, received=tuple(dict.fromkeys((*decision.received, *came))))
    )
