"""Apply a reviewer's rulings to the pended items of an authorization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem, Granted, ItemDecision, Reason, ReviewAction
from app.domain.covered import Covered
from app.domain.review.review_reason import ReasonKey, ReasonKind, ReviewReason, keys_of
from app.domain.review.ruled_grant import NotDecidable, ruled_grant
from app.domain.review.ruling import ItemRuling
from app.domain.review.shortfall import Shortfall, shortfalls
from app.domain.update.settled import asks_more
from app.domain.update.standing import covers

REVIEWER = "reviewer"
"""The value of a decision's `rule` if a reviewer made the decision."""


def decided(
    authorization: Authorization,
    rulings: Sequence[ItemRuling],
    today: date,
    reasons: Mapping[str, ReviewReason],
    covered: Covered | None = None,
) -> Authorization:
    """Apply the rulings to pended items. Raises NotDecidable at the first ruling that does not fit.

    `today` is the payer's calendar day. The day on which an item was pended is that of its receipt: an item of an
    update came later than its request.
    `covered` are the member's coverages. None: the payer has no record of the member.
    """
    by_number = {ruling.number: ruling for ruling in rulings}
    numbers = {item.requested.number for item in authorization.items}
    for number in by_number:
        if number not in numbers:
            raise NotDecidable(number, f"The request has no item {number}.")
    return replace(
        authorization,
        items=tuple(
            _ruled(item, by_number[item.requested.number], today, reasons, covered)
            if item.requested.number in by_number
            else item
            for item in authorization.items
        ),
    )


def _ruled(
    item: AuthorizedItem,
    ruling: ItemRuling,
    today: date,
    reasons: Mapping[str, ReviewReason],
    covered: Covered | None,
) -> AuthorizedItem:
    if item.decision.action is not ReviewAction.PENDED:
        raise NotDecidable(ruling.number, f"Item {ruling.number} is not pended. A ruling must name a pended item.")
    if ruling.action == "deny":
        if not ruling.is_as_requested:
            text = "deny must have no quantity, no code and no days. To authorize a part, use partly-certify."
            raise NotDecidable(ruling.number, text)
        reason = _reason(ruling, ruling.reason, reasons, ReasonKind.DENY)
        decision = ItemDecision(ReviewAction.NOT_CERTIFIED, REVIEWER, today, reason, human=True)
    else:
        granted = ruled_grant(item.requested, ruling, _first_day(item), covered)
        _check_standing(item, ruling, granted)
        less = _reason_for_less(ruling, shortfalls(item.requested, granted), reasons)
        action = ReviewAction.CERTIFIED if less is None else ReviewAction.MODIFIED
        decision = ItemDecision(action, REVIEWER, today, less, granted, human=True)
    return replace(item, decision=replace(decision, note=ruling.note))


def _first_day(item: AuthorizedItem) -> date:
    """Return the first day of a grant that names none: the day of receipt, or the first day that is granted already."""
    received, standing = item.decision.decided, item.granted
    return received if standing is None or standing.period.start is None else min(received, standing.period.start)


def _check_standing(item: AuthorizedItem, ruling: ItemRuling, granted: Granted) -> None:
    """Check that the grant of more includes the earlier grant, which a ruling cannot take back."""
    standing = item.standing
    former = None if standing is None else standing.decision.granted
    if standing is None or former is None or not asks_more(item.requested, standing) or covers(granted, former):
        return
    units = "any number of units" if former.quantity is None else f"{former.quantity:f} units"
    text = (
        f"The grant must include the earlier one: {units} from {former.period.start} until {former.period.end}."
        " To keep only that, deny the change."
    )
    raise NotDecidable(ruling.number, text)


def _reason_for_less(
    ruling: ItemRuling, lacking: frozenset[Shortfall], reasons: Mapping[str, ReviewReason]
) -> Reason | None:
    """Return the reason of a grant of less than requested; None if nothing is lacking."""
    if lacking:
        usual = ReasonKey.LESS_TIME if lacking == {Shortfall.TIME} else ReasonKey.APPROVED_LESS
        return _reason(ruling, ruling.reason or usual, reasons, ReasonKind.LESS)
    if ruling.reason is not None:
        text = "The ruling grants the whole request, so it must have no `reason`."
        raise NotDecidable(ruling.number, text)
    return None


def _reason(ruling: ItemRuling, key: str | None, reasons: Mapping[str, ReviewReason], kind: ReasonKind) -> Reason:
    row = reasons.get(key or "")
    if row is None or kind not in row.kinds:
        unknown = ", not an unknown one" if key else ""
        found = unknown if row is None else f", not {row.reason.key}"
        text = f"{ruling.action} must have a reason of kind {kind}{found}: one of {keys_of(kind, reasons)}."
        raise NotDecidable(ruling.number, text)
    return row.reason
