"""Compare an item of an update with the payer's record: it is added, kept, changed, cancelled or refused.

The content decides. The flag infoChanged of PAS does not: senders forget it, or set it on every item.
https://hl7.org/fhir/us/davinci-pas/specification.html (updating authorization requests)
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.domain.authorization import AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.request import RequestedItem
from app.domain.units import name_of, same_basis
from app.domain.update.same_facts import same_facts, same_service


class Act(StrEnum):
    """The acts of an update on an item. A `waiting` item is unchanged and still pended."""

    ADDED = "added"
    KEPT = "kept"
    WAITING = "waiting"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


REVIEWED = frozenset({Act.ADDED, Act.WAITING, Act.CHANGED})
"""The acts after which the item is reviewed by the rules of the day of receipt."""


class ItemChange(Struct, frozen=True):
    """The act of an update on an item; `text` gives the reason of a refusal, and the next step."""

    act: Act
    text: str = ""


def change_of(before: AuthorizedItem | None, now: RequestedItem) -> ItemChange:
    """Return what the update does to an item; `before` is the payer's record of it, None for a new item."""
    if before is None:
        return ItemChange(Act.ADDED)
    number, action = now.number, before.decision.action
    same = same_facts(before.requested, now)
    if action is ReviewAction.CANCELLED:
        text = f"Item {number} was cancelled. To request the service again, add an item with a new sequence."
        return ItemChange(Act.KEPT) if now.cancelled else ItemChange(Act.REFUSED, text)
    if is_denied(before):
        text = f"Item {number} was denied, and an update cannot change it. Appeal the denial, or send a new request."
        return ItemChange(Act.KEPT) if now.cancelled or same else ItemChange(Act.REFUSED, text)
    if now.cancelled:
        return ItemChange(Act.CANCELLED)
    if same:
        return ItemChange(Act.WAITING if action is ReviewAction.PENDED else Act.KEPT)
    problem = _problem(before, now)
    return ItemChange(Act.CHANGED) if problem is None else ItemChange(Act.REFUSED, problem)


def is_denied(item: AuthorizedItem) -> bool:
    """Return whether an item is denied, and nothing of an earlier grant stands."""
    return item.decision.action is ReviewAction.NOT_CERTIFIED and item.standing is None


def _problem(before: AuthorizedItem, now: RequestedItem) -> str | None:
    """Return why the item cannot change in this way; None if it can."""
    number, used = now.number, before.consumed
    if not same_service(before.requested, now):
        return (
            f"Item {number} must keep its service. To request another service, cancel the item and add one with a new"
            " sequence."
        )
    if used and not same_basis(before.requested.unit, now.unit):
        return f"Item {number} must keep its unit, {name_of(before.requested.unit)}: bills have used units of it."
    if now.quantity < used:
        return f"The quantity of item {number} must not be below {used:f}, the units that bills have used."
    return None
