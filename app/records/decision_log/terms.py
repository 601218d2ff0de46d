"""The terms and the facts of an event by which the log of decisions is counted."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.metrics.act import LoggedRequest
from app.domain.urgency import urgency_of
from app.ports import Document, Term

EVENT_KIND = "event"

RECEIVED = "received"
DETERMINED = "determined"
APPEALED = "appealed"
"""The names of the terms: the payer that received a request, the payer that decided an item, the request appealed."""

_RECEIVED_BY = frozenset({"submit", "import"})
"""The acts that make a record."""


class _Event(Struct, frozen=True):
    action: str
    payer: str


_decoder = msgspec.json.Decoder(_Event)


def log_terms(before: Authorization | None, after: Authorization) -> tuple[Term, ...]:
    """Return the terms of a receipt, of the receipt of an appeal, and of an act that decides an item which waited."""
    received, appealed = before is None, after.appealed
    waited = {item.requested.number for item in before.items if not _is_decided(item)} if before else set()
    decides = any(_is_decided(item) and (received or item.requested.number in waited) for item in after.items)
    return (
        *(((RECEIVED, after.payer),) if received else ()),
        *(((APPEALED, appealed.id),) if received and appealed is not None else ()),
        *(((DETERMINED, after.payer),) if decides else ()),
    )


def logged_request(authorization: Authorization) -> LoggedRequest:
    """Return the facts of a request that the figures of decisions need."""
    clock, origin = authorization.clock, authorization.origin
    return LoggedRequest(
        urgency_of(authorization.urgency),
        authorization.policy.timezone,
        extended=clock is not None and clock.extension is not None,
        appealed=None if authorization.appealed is None else authorization.appealed.id,
        channel=None if origin is None else origin.channel,
        requestor=authorization.requestor.npi,
        program=authorization.program,
    )


def recomputed_terms(document: Document) -> tuple[Term, ...]:
    """Return the terms of a stored event; one of an earlier release gets the term of its receipt."""
    event = _decoder.decode(document.body)
    if event.action not in _RECEIVED_BY or any(name == RECEIVED for name, _ in document.terms):
        return document.terms
    return (*document.terms, (RECEIVED, event.payer))


def _is_decided(item: AuthorizedItem) -> bool:
    return item.decision.action is not ReviewAction.PENDED
