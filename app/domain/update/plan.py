"""Plan an update: which items a review must look at, and what becomes of each item afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.update.item_change import REVIEWED, Act, ItemChange, change_of
from app.domain.update.settled import settled
from app.domain.update.standing import until

CANCELLED_BY_SENDER = "cancelled-by-sender"
"""The rule id of a decision if the submitter withdrew the item."""


class Carried(Struct, frozen=True):
    """The items of the record that count for the review of an update.

    `kept` are not reviewed; they are as the update leaves them. `replaced` are the reviewed ones, as before it.
    """

    kept: Mapping[str, AuthorizedItem] = {}
    replaced: Mapping[str, AuthorizedItem] = {}


class Plan(Struct, frozen=True):
    """An update: the request for the review, what the update does to each item, and the items of the record.

    `request` has the submitted items, then those that the update leaves out.
    """

    request: AuthorizationRequest
    changes: Mapping[str, ItemChange]
    carried: Carried
    omitted: tuple[str, ...] = ()

    @property
    def refused(self) -> Iterator[tuple[str, str]]:
        """The items that cannot change as the update asks, each with the reason."""
        return ((number, change.text) for number, change in self.changes.items() if change.act is Act.REFUSED)

    def numbers(self, act: Act) -> list[str]:
        """Return the numbers of the items to which the update does this."""
        return [number for number, change in self.changes.items() if change.act is act]


def planned(authorization: Authorization, request: AuthorizationRequest, day: date) -> Plan:
    """Compare an update, received on a day, with the record. A cancelled request cancels all items of the record."""
    before = {item.requested.number: item for item in authorization.items}
    submitted = {item.number for item in request.items}
    omitted = [item.requested for number, item in before.items() if number not in submitted]
    if request.cancelled:
        omitted = [replace(item, cancelled=True) for item in omitted]
    items = (*request.items, *omitted)
    changes = {item.number: change_of(before.get(item.number), item) for item in items}
    reviewed = {number for number, change in changes.items() if change.act in REVIEWED}
    kept = {
        item.number: _kept(before[item.number], item, changes[item.number].act, day)
        for item in items
        if item.number not in reviewed
    }
    merged = tuple(
        kept[item.number].requested if item.number in kept else _typed(item, before, changes[item.number].act)
        for item in items
    )
    replaced = {number: item for number, item in before.items() if number in reviewed}
    return Plan(
        replace(request, items=merged), changes, Carried(kept, replaced), tuple(item.number for item in omitted)
    )


def applied(plan: Plan, decisions: Sequence[ItemDecision]) -> tuple[AuthorizedItem, ...]:
    """Return the items after the update, with the decisions of its review.

    A person's decision that is not in force yet is gone, because the person has not seen the update.
    """
    kept, replaced = plan.carried.kept, plan.carried.replaced
    items = (
        kept.get(item.number) or _reviewed(replaced.get(item.number), item, plan.changes[item.number].act, decision)
        for item, decision in zip(plan.request.items, decisions, strict=True)
    )
    return tuple(item if item.proposal is None else replace(item, proposal=None) for item in items)


def _typed(item: RequestedItem, before: Mapping[str, AuthorizedItem], act: Act) -> RequestedItem:
    """Return the item with its type. An unchanged item that still waits has the type of its own day of receipt."""
    return replace(item, type=before[item.number].requested.type) if act is Act.WAITING else item


def _kept(before: AuthorizedItem, item: RequestedItem, act: Act, day: date) -> AuthorizedItem:
    if act is Act.REFUSED:
        return before
    if act is Act.CANCELLED:
        cancelled = replace(before.requested, cancelled=True, certification_type=item.certification_type)
        withdrawn = ItemDecision(ReviewAction.CANCELLED, CANCELLED_BY_SENDER, day)
        return replace(before, requested=cancelled, decision=withdrawn, standing=until(before, day))
    named = replace(
        before.requested,
        certification_type=item.certification_type,
        trace_numbers=item.trace_numbers,
        statements=item.statements,
    )
    return replace(before, requested=named)


def _reviewed(before: AuthorizedItem | None, item: RequestedItem, act: Act, decision: ItemDecision) -> AuthorizedItem:
    if before is None:
        return AuthorizedItem(item, decision)
    decision = _left_to_staff(before, decision)
    if act is Act.WAITING and decision.action is ReviewAction.NOT_CERTIFIED:
        # A reviewer has the unchanged item already, so a rule does not deny it any more.
        return replace(before, requested=item)
    if act is Act.WAITING and decision.action is ReviewAction.PENDED:
        decision = replace(decision, decided=before.decision.decided)
    return settled(before, item, decision)


def _left_to_staff(before: AuthorizedItem, decision: ItemDecision) -> ItemDecision:
    """Return the decision on an item.

    No rule grants a pended item once a person has proposed a decision or asked for documents.
    """
    person = before.decision.by if before.proposal is None else before.proposal.decision.by
    if before.decision.action is not ReviewAction.PENDED or person is None:
        return decision
    if decision.granted is not None:
        return replace(before.decision, decided=decision.decided, by=person)
    return replace(decision, by=person) if decision.action is ReviewAction.PENDED else decision
