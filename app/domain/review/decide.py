"""Apply a reviewer's rulings to the pended items of an authorization, or propose their decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.parts.ruling import ALL, ItemRuling
from app.domain.review.ask import asking
from app.domain.review.grounds import Grounds
from app.domain.review.not_decidable import AlreadyDecided, NotDecidable
from app.domain.review.ruled_grant import ruled_grant
from app.domain.review.ruled_reasons import reasons_for_denial, reasons_for_less
from app.domain.review.shortfall import shortfalls
from app.domain.review.staging import check_signer, check_takes, staged, takes
from app.domain.update.settled import asks_more
from app.domain.update.standing import covers

REVIEWER = "reviewer"
"""The value of a decision's `rule` if a reviewer made the decision."""


def decided(authorization: Authorization, rulings: Sequence[ItemRuling], grounds: Grounds) -> Authorization:
    """Apply the rulings to pended items. Raises NotDecidable at the first ruling that does not fit.

    The day on which an item was pended is that of its receipt: an item of an update came later than its request.
    """
    by_number = {ruling.number: ruling for ruling in _for_each_item(authorization, rulings)}
    return replace(
        authorization,
        items=tuple(
            _ruled(item, by_number[item.requested.number], grounds) if item.requested.number in by_number else item
            for item in authorization.items
        ),
    )


def _for_each_item(authorization: Authorization, rulings: Sequence[ItemRuling]) -> Iterator[ItemRuling]:
    """Yield the ruling on each item. The ruling on all is one on each pended item that no other ruling names."""
    items = {item.requested.number: item for item in authorization.items}
    named = {ruling.number for ruling in rulings}
    for ruling in rulings:
        if ruling.number != ALL:
            if ruling.number not in items:
                raise NotDecidable(ruling.number, f"The request has no item {ruling.number}.")
            yield ruling
            continue
        others = [number for number, item in items.items() if number not in named and _waits(item, ruling)]
        if not others:
            raise AlreadyDecided(ALL, f"The request has no other pended item for a ruling {ruling.action} on all.")
        yield from (replace(ruling, number=number) for number in others)


def _waits(item: AuthorizedItem, ruling: ItemRuling) -> bool:
    return item.decision.action is ReviewAction.PENDED and takes(item, ruling.action)


def _ruled(item: AuthorizedItem, ruling: ItemRuling, grounds: Grounds) -> AuthorizedItem:
    if item.decision.action is not ReviewAction.PENDED:
        text = f"Item {ruling.number} is not pended: it has a decision. A ruling must name a pended item."
        raise AlreadyDecided(ruling.number, text)
    check_takes(item, ruling.action)
    proposal = item.proposal
    if ruling.action == "ask":
        return asking(item, ruling, grounds.by)
    if ruling.ask_for:
        raise NotDecidable(ruling.number, f"{ruling.action} must have no `ask-for`. To ask for documents, use ask.")
    if ruling.action == "undo":
        return replace(item, proposal=None)
    if ruling.action == "sign" and proposal is not None:
        check_signer(item, proposal, grounds)
        decision = _judged(item, proposal.ruling, replace(grounds, by=proposal.decision.by))
        return staged(item, proposal.ruling, replace(decision, signed_by=grounds.by), grounds)
    return staged(item, ruling, _judged(item, ruling, grounds), grounds)


def _judged(item: AuthorizedItem, ruling: ItemRuling, grounds: Grounds) -> ItemDecision:
    """Return the decision that a ruling makes. Raises NotDecidable if it does not fit the item."""
    match ruling.action:
        case "deny":
            _check_nothing_granted(ruling)
            main, *further = reasons_for_denial(ruling, grounds.reasons)
            decision = ItemDecision(
                ReviewAction.NOT_CERTIFIED, REVIEWER, grounds.today, main, further_reasons=tuple(further)
            )
        case "cancel":
            _check_cancellation(item, ruling)
            decision = ItemDecision(ReviewAction.CANCELLED, REVIEWER, grounds.today)
        case _:
            decision = _granting(item, ruling, grounds)
    return replace(decision, human=True, note=ruling.note, by=grounds.by)


def _granting(item: AuthorizedItem, ruling: ItemRuling, grounds: Grounds) -> ItemDecision:
    granted = ruled_grant(item.requested, ruling, _first_day(item, grounds.received), grounds.covered)
    _check_standing(item, ruling, granted)
    less = reasons_for_less(ruling, shortfalls(item.requested, granted), grounds.reasons)
    main, further = (less[0], tuple(less[1:])) if less else (None, ())
    action = ReviewAction.MODIFIED if less else ReviewAction.CERTIFIED
    return ItemDecision(action, REVIEWER, grounds.today, main, granted, further_reasons=further)


def _check_nothing_granted(ruling: ItemRuling) -> None:
    if not ruling.is_as_requested or ruling.has_terms:
        text = (
            f"{ruling.action} must have no quantity, no code, no days, no circumstance, no cap and no"
            " network-exception. To authorize a part, use partly-certify."
        )
        raise NotDecidable(ruling.number, text)


def _check_cancellation(item: AuthorizedItem, ruling: ItemRuling) -> None:
    """Check that a cancellation hides no denial, and takes no earlier grant away."""
    _check_nothing_granted(ruling)
    if ruling.reasons:
        raise NotDecidable(ruling.number, "cancel must have no `reason`. To refuse the service, use deny.")
    if ruling.note is None:
        raise NotDecidable(
            ruling.number, "cancel must have a `note` that tells the provider why the item is cancelled."
        )
    if item.standing is not None:
        text = f"Item {ruling.number} has an earlier grant, which cancel would end. To keep only that, deny the change."
        raise NotDecidable(ruling.number, text)


def _first_day(item: AuthorizedItem, first_received: date | None) -> date:
    """Return the first day of a grant that names none: the day of receipt, or the first day that is granted already."""
    received, standing = min(item.decision.decided, first_received or date.max), item.granted
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
