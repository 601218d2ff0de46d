"""Which lines of a bill a decision on an authorization answers again."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.bill.bill import Bill
from app.domain.bill.open_claim import OpenClaim
from app.domain.billing import Adjudication, LineResult
from app.domain.decision import ReviewAction

REVERSED_ON_APPEAL = ("MA91", "N690")
"""The RARCs of a line that is paid because the denial of its request was overturned. They inform."""

OF_DECISIONS = frozenset({AdjustmentKey.REQUEST_DENIED, AdjustmentKey.SERVICE_EXCLUDED})
"""The reasons of a denial that stand on a decision, which an appeal or an amendment may change."""


def may_change(result: LineResult) -> bool:
    """Return whether a decision on an authorization may change the answer to a line."""
    return bool(result.waits_for) or (
        result.linked is not None and result.reason is not None and result.reason.key in OF_DECISIONS
    )


def lines_again(bill: Bill, open_claim: OpenClaim, authorization: Authorization) -> frozenset[str]:
    """Return the lines that wait for the authorization, and those that a grant of it may pay.

    The latter were denied because of it, or because of the request that it appeals.
    """
    decided = {authorization.id, authorization.appealed.id if authorization.appealed is not None else ""}
    granted = any(item.decision.granted is not None for item in authorization.items)
    links = {line.number: {link.authorization for link in line.links} for line in bill.lines}
    return frozenset(
        result.number
        for result in open_claim.lines
        if may_change(result)
        and (result.waits_for in decided or (granted and not decided.isdisjoint(links[result.number])))
    )


def with_remarks(before: OpenClaim, adjudication: Adjudication) -> Adjudication:
    """Mark the lines that were denied and are paid now. A line that waited only gets its first decision."""
    denied = {line.number for line in before.lines if not line.paid and not line.waits_for}
    lines = tuple(
        replace(line, remarks=(*line.remarks, *REVERSED_ON_APPEAL)) if line.paid and line.number in denied else line
        for line in adjudication.lines
    )
    return replace(adjudication, lines=lines)


def settles(before: Authorization | None, after: Authorization) -> bool:
    """Return whether a change decides an item that waited, or grants one that was denied."""
    former = {} if before is None else {item.requested.number: item for item in before.items}
    return any(
        item.requested.number in former and _settled(former[item.requested.number], item) for item in after.items
    )


def _settled(before: AuthorizedItem, after: AuthorizedItem) -> bool:
    was, now = before.decision.action, after.decision.action
    if was is ReviewAction.PENDED:
        return now is not ReviewAction.PENDED
    return was is ReviewAction.NOT_CERTIFIED and after.decision.granted is not None
