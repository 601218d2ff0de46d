"""The documents that the payer asks for while items are pended, each with the control number of its attachment."""

from __future__ import annotations

from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.notice import AskedDocument


class AttachmentRequest(Struct, frozen=True):
    """A document that the payer needs for a pended item.

    `control_number` names the request in the attachment that answers it: the case reference, the number of the item and
    the type of the document. It follows from the record, so that each answer gives the same.
    """

    control_number: str
    item: AuthorizedItem
    document: AskedDocument


def attachment_requests(authorization: Authorization) -> tuple[AttachmentRequest, ...]:
    """Return the open requests for documents, item by item. A record without a case reference has none."""
    case = authorization.administration_number
    if case is None:
        return ()
    return tuple(
        AttachmentRequest(f"{case}-{item.requested.number}-{document.code}", item, document)
        for item in authorization.items
        if item.decision.action is ReviewAction.PENDED
        for document in map(named_document, item.decision.ask_for)
    )


def case_reference(control_number: str) -> str:
    """Return the case reference with which a control number of the payer begins; of another text, its first part."""
    return control_number.partition("-")[0]


def named_document(document: AskedDocument | str) -> AskedDocument:
    """Return a document with a name: records of release 0.1.0 have the LOINC code only."""
    return document if isinstance(document, AskedDocument) else AskedDocument(document, f"LOINC {document}")
