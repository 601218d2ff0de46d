"""Refuse an update as a whole: the sender must send a new request."""

from __future__ import annotations

from app.domain.authorization import Authorization
from app.domain.decision import ReviewAction
from app.domain.update.item_change import Act, is_denied
from app.domain.update.plan import Plan

MOST_UPDATES = 200
"""The most updates of one request. Each is kept as evidence."""


def refusal_of(authorization: Authorization, plan: Plan) -> str | None:
    """Return why the payer does not process the update; None if it does."""
    open_items = [item for item in authorization.items if item.decision.action is not ReviewAction.CANCELLED]
    if open_items and all(map(is_denied, open_items)):
        return "The request was denied, and an update cannot change it. Appeal the denial, or send a new request."
    if not open_items and any(change.act is not Act.KEPT for change in plan.changes.values()):
        return "The request was cancelled as a whole. Send a new request."
    if plan.request.claim_type.code != authorization.claim_type.code:
        return "An update must have the type of the Claim before it. Send a new request for another type."
    if len(authorization.submissions) >= MOST_UPDATES:
        return f"A request must not have more than {MOST_UPDATES} updates. Send a new request."
    return None
