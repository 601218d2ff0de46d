"""Write the receipt of an attachment: an OperationOutcome that says what the payer does with it."""

from __future__ import annotations

from app.domain.authorization import Authorization
from app.domain.decision import ReviewAction
from app.domain.review.attachment_request import attachment_requests
from app.fhir.json import write
from app.fhir.outcome import Issue, outcome


def attached_receipt(authorization: Authorization, *, final: bool) -> str:
    """Write the receipt of documents that a request has now."""
    requests = attachment_requests(authorization)
    pended = any(item.decision.action is ReviewAction.PENDED for item in authorization.items)
    if not pended:
        text = "The documents were added. All items are decided: Claim/$inquire has the decisions."
    elif requests:
        missing = ", ".join(f"{request.document} ({request.control_number})" for request in requests)
        text = f"The documents were added. Still missing: {missing}."
    elif final:
        text = "The documents were added. The request has all documents and is with a reviewer."
    else:
        text = "The documents were added. The reviewer may wait for the others."
    return _receipt(text)


def known_receipt(authorization: Authorization) -> str:
    """Write the receipt of documents that a request has already."""
    number = authorization.administration_number or authorization.number
    return _receipt(f"The request {number} has these documents already. They were not stored again.")


def held_receipt() -> str:
    """Write the receipt of documents without a request. It is the same for numbers of others."""
    text = (
        "No request of your organization has this number yet. The documents are held until one comes that names it as"
        " the control number of a document."
    )
    return _receipt(text)


def _receipt(text: str) -> str:
    return write(outcome([Issue(text, severity="information")], "informational"))
