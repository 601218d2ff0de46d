"""Complete the decision of a rule for the provider: criterion, appeal, and the documents that are still missing."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AskedDocument
from app.domain.request import AuthorizationRequest
from app.domain.review.recourse import with_recourse
from app.policy.policy import Policy

_COMPLETE = frozenset({ReviewAction.CERTIFIED, ReviewAction.CANCELLED})


def explained(decision: ItemDecision, request: AuthorizationRequest, policy: Policy) -> ItemDecision:
    """Add the criterion and the appeal right, and ask only for documents that the request does not have."""
    if decision.action in _COMPLETE:
        return decision
    decision = with_recourse(decision, decision.criterion or policy.criteria.get(decision.rule), policy.appeal.terms)
    if not decision.ask_for:
        return decision
    attached = {(document.system, document.code) for document in request.documents}
    documents = [document for document in decision.ask_for if isinstance(document, AskedDocument)]
    return replace(
        decision,
        ask_for=tuple(document for document in documents if document.type not in attached),
        received=tuple(document for document in documents if document.type in attached),
    )
