"""Apply a reviewer's rulings to the pended items of an authorization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem, Granted, ItemDecision, Reason, ReviewAction
from app.domain.datatypes import Period
from app.domain.ledger import LARGEST, countable
from app.domain.request import RequestedItem
from app.domain.review.review_reason import ReasonKind, ReviewReason, keys_of
from app.domain.review.ruling import ItemRuling

REVIEWER = "reviewer"
"""The value of a decision's `rule` if a reviewer made the decision."""


class NotDecidable(Exception):  # noqa: N818 - about the ruling, not about this program
    """A ruling does not fit the authorization. `number` names the item; the text says what the ruling must be."""

    def __init__(self, number: str, text: str) -> None:
        self.number = number
        super().__init__(text)


def decided(
    authorization: Authorization, rulings: Sequence[ItemRuling], today: date, reasons: Mapping[str, ReviewReason]
) -> Authorization:
    """Apply the rulings to pended items. Raises NotDecidable at the first ruling that does not fit."""
    by_number = {ruling.number: ruling for ruling in rulings}
    numbers = {item.requested.number for item in authorization.items}
    for number in by_number:
        if number not in numbers:
            raise NotDecidable(number, f"The request has no item {number}.")
    return replace(
        authorization,
        items=tuple(
            _ruled(item, by_number[item.requested.number], today, reasons)
            if item.requested.number in by_number
            else item
            for item in authorization.items
        ),
    )


def _ruled(
    item: AuthorizedItem, ruling: ItemRuling, today: date, reasons: Mapping[str, ReviewReason]
) -> AuthorizedItem:
    if item.decision.action is not ReviewAction.PENDED:
        raise NotDecidable(ruling.number, f"Item {ruling.number} is not pended. A ruling must name a pended item.")
    if ruling.action == "deny":
        decision = ItemDecision(
            ReviewAction.NOT_CERTIFIED, REVIEWER, today, reason=_reason(ruling, reasons, ReasonKind.DENY), human=True
        )
    else:
        granted = _granted(item.requested, ruling, today)
        changed = granted.service is not None or granted.quantity != item.requested.quantity
        action = ReviewAction.MODIFIED if changed else ReviewAction.CERTIFIED
        reason = _reason(ruling, reasons, ReasonKind.LESS)
        decision = ItemDecision(action, REVIEWER, today, reason=reason, granted=granted, human=True)
    return replace(item, decision=decision)


def _granted(requested: RequestedItem, ruling: ItemRuling, today: date) -> Granted:
    if ruling.action == "partly-certify" and ruling.quantity is None and ruling.code is None:
        raise NotDecidable(ruling.number, "partly-certify must have a quantity, a code or both.")
    if ruling.action == "certify" and (ruling.quantity is not None or ruling.code is not None):
        raise NotDecidable(
            ruling.number, "certify must have no quantity and no code. To change them, use partly-certify."
        )
    return Granted(_period(requested, ruling, today), _quantity(requested, ruling), requested.unit, ruling.code)


def _quantity(requested: RequestedItem, ruling: ItemRuling) -> Decimal | None:
    if ruling.quantity is None:
        return requested.quantity
    if requested.quantity is not None and ruling.quantity > requested.quantity:
        raise NotDecidable(ruling.number, "The quantity must not exceed the requested quantity.")
    if not countable(ruling.quantity):
        text = f"The quantity must be greater than 0 and at most {LARGEST:,f}, with at most three decimals."
        raise NotDecidable(ruling.number, text)
    return ruling.quantity


def _period(requested: RequestedItem, ruling: ItemRuling, today: date) -> Period:
    serviced = requested.serviced or Period()
    start = max(today, serviced.start or today)
    if ruling.span is not None:
        return Period(start, ruling.span.end(start))
    if serviced.end is None:
        raise NotDecidable(
            ruling.number,
            "The request has no end date. The ruling must give the length of the grant in `for`, such as P60D.",
        )
    return Period(min(start, serviced.end), serviced.end)


def _reason(ruling: ItemRuling, reasons: Mapping[str, ReviewReason], kind: ReasonKind) -> Reason | None:
    if ruling.reason is None and kind is not ReasonKind.DENY:
        return None
    row = reasons.get(ruling.reason or "")
    if row is None or kind not in row.kinds:
        found = f", not {row.reason.key}" if row is not None else ""
        text = f"{ruling.action} must have a reason of kind {kind}{found}: one of {keys_of(kind, reasons)}."
        raise NotDecidable(ruling.number, text)
    reason = row.reason
    return Reason(reason.key, reason.code, f"{reason.text} {ruling.note}") if ruling.note else reason
