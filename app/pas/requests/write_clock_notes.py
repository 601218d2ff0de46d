"""Write the notes on the clock of a decision: its extension, and a decision that came late."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.parts.decision_clock import ExtensionReason

_REASONS = {
    ExtensionReason.MEMBER_REQUEST: "The member asked for more time",
    ExtensionReason.PROVIDER_REQUEST: "The provider asked for more time",
    ExtensionReason.MORE_EVIDENCE: "The payer needs evidence that may change its decision",
    ExtensionReason.EXTRAORDINARY: "The payer cannot decide in time because of an extraordinary circumstance",
}


def clock_texts(item: AuthorizedItem, authorization: Authorization) -> Iterator[str]:
    """Say why the time of a pended item is extended, and that a decision came after it was due."""
    extension = None if authorization.clock is None else authorization.clock.extension
    if item.decision.action is ReviewAction.PENDED and extension is not None:
        yield f"{_REASONS[extension.reason]}, so the time is extended by {extension.by.days} days."
        if extension.note is not None:
            yield extension.note
    if item.decision.late:
        yield "This decision came after it was due."
