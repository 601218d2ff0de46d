"""Settle a changed item: the new decision counts, but what was granted before stays unless a new grant replaces it."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.authorization import AuthorizedItem, Standing
from app.domain.datatypes import Period
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.request import RequestedItem
from app.domain.update.same_facts import same_but_amount
from app.domain.update.standing import covers, granted_before


def settled(before: AuthorizedItem, requested: RequestedItem, decision: ItemDecision) -> AuthorizedItem:
    """Return the item with the decision on its change.

    A decision that grants nothing leaves the earlier grant standing. If the change only asks for more, a denial, or a
    grant of less than before, means that no more is granted: the earlier grant stays, as a modified item.
    """
    base = granted_before(before)
    former = None if base is None else base.decision.granted
    if base is None or former is None:
        return replace(before, requested=requested, decision=decision, standing=None)
    granted = decision.granted
    if asks_more(requested, base) and _is_less(decision, former):
        modified = replace(decision, action=ReviewAction.MODIFIED, granted=former)
        return replace(before, requested=requested, decision=modified, standing=None)
    if granted is None:
        return replace(before, requested=requested, decision=decision, standing=base)
    return replace(before, requested=requested, decision=_with_used(decision, granted, before), standing=None)


def asks_more(requested: RequestedItem, base: Standing) -> bool:
    """Return whether the change is only for more units and more days: the requested ones are included."""
    earlier = base.requested
    return (
        same_but_amount(earlier, requested)
        and requested.quantity >= earlier.quantity
        and (requested.serviced or Period()).covers(earlier.serviced or Period())
    )


def _is_less(decision: ItemDecision, former: Granted) -> bool:
    if decision.granted is None:
        return decision.action is ReviewAction.NOT_CERTIFIED
    return decision.action is ReviewAction.MODIFIED and not covers(decision.granted, former)


def _with_used(decision: ItemDecision, granted: Granted, before: AuthorizedItem) -> ItemDecision:
    """Let no grant have fewer units than bills have used."""
    if granted.quantity is None or granted.quantity >= before.consumed:
        return decision
    return replace(decision, granted=replace(granted, quantity=before.consumed))
