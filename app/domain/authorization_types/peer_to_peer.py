"""A peer-to-peer review: a clinician of the payer talks with one of the provider, and may then amend a denial."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.review.review_reason import ReviewReason

PEER_TO_PEER = "peer-to-peer"
"""The rule id of an item while its denial is amended."""


class NotOffered(Exception):  # noqa: N818 - a normal outcome
    """The payer offers no talk about the request. The text is for the caller."""


def last_day(authorization: Authorization, within: timedelta) -> date | None:
    """Return the last day to ask for a talk, counted from the newest denial; None if an item still waits.

    Raises NotOffered if no item waits or is denied.
    """
    actions = {item.decision.action for item in authorization.items}
    if ReviewAction.PENDED in actions:
        return None
    denied = [item.decision.decided for item in authorization.items if _is_denied(item)]
    if not denied:
        raise NotOffered("No item of the request is pended or denied, so there is nothing to talk about.")
    return max(denied) + within


def reopened(
    authorization: Authorization, numbers: Collection[str], received: date | None, reason: ReviewReason
) -> Authorization:
    """Return the request with these denied items as they were before a decision, so that a ruling can grant them.

    `received`: the day of receipt of the items. None: they may be of an update, so the day of the denial counts.

    Without a denied item among them, the request is the same.
    """
    if not any(item.requested.number in numbers and _is_denied(item) for item in authorization.items):
        return authorization
    return replace(
        authorization,
        items=tuple(
            _waiting(item, received, reason) if item.requested.number in numbers and _is_denied(item) else item
            for item in authorization.items
        ),
    )


def waits_again(before: Authorization, after: Authorization) -> bool:
    """Return whether an item that was denied waits for a decision."""
    denied = {item.requested.number for item in before.items if _is_denied(item)}
    return any(item.requested.number in denied and item.decision.action is ReviewAction.PENDED for item in after.items)


def _is_denied(item: AuthorizedItem) -> bool:
    return item.decision.action is ReviewAction.NOT_CERTIFIED


def _waiting(item: AuthorizedItem, received: date | None, reason: ReviewReason) -> AuthorizedItem:
    criterion, day = item.decision.criterion, received or item.decision.decided
    waiting = ItemDecision(ReviewAction.PENDED, PEER_TO_PEER, day, reason.reason, criterion=criterion)
    return replace(item, decision=waiting)


def check_start(start: datetime, now: datetime) -> None:
    """Check that a talk is scheduled for a time to come. Raises NotOffered."""
    if start <= now:
        raise NotOffered("`start` must be in the future.")
