"""Find the pended items that the rules may look at again, and put their new decisions into the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.parts.authorization_type import AFTER_DENIAL
from app.domain.update.settled import settled


def complete_items(before: Authorization, attached: Authorization) -> dict[str, AuthorizedItem]:
    """Return the pended items, by number, for which all documents came that their rule asks for.

    `before` is the record without the new attachments, which end a proposed denial.

    An item with a person's request for documents or proposal stays with the staff. So does an appeal.
    """
    proposed = {item.requested.number for item in before.items if item.proposal is not None}
    return {
        item.requested.number: item
        for item in attached.items
        if item.decision.action is ReviewAction.PENDED
        and item.decision.received
        and not item.decision.ask_for
        and item.decision.by is None
        and item.requested.number not in proposed
        and item.requested.type not in AFTER_DENIAL
    }


def with_certified(authorization: Authorization, decisions: Mapping[str, ItemDecision], today: date) -> Authorization:
    """Return the record with those decisions that certify an item as requested. All others stay with a reviewer."""

    def decided(item: AuthorizedItem) -> AuthorizedItem:
        decision = decisions.get(item.requested.number)
        if decision is None or decision.action is not ReviewAction.CERTIFIED:
            return item
        received = item.decision.received
        return settled(item, item.requested, replace(decision, decided=today, received=received))

    return replace(authorization, items=tuple(map(decided, authorization.items)))
