"""How long a payer keeps the record of a request, and the hold that stops the end of that time."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.domain.span import Span

LEAST_AFTER_SERVICE = Span(months=6, days=0)
"""PAS: a request that was pended stays queryable for six months after the services."""

LEAST_AFTER_CHANGE = Span(months=12, days=0)
"""CMS-0057-F: a decision stays available for a year after its last change."""


class RetentionTerms(Struct, frozen=True):
    """The time for which a record is kept after the last day of service, and after its last change."""

    after_service: Span = LEAST_AFTER_SERVICE
    after_change: Span = LEAST_AFTER_CHANGE


class LegalHold(Struct, frozen=True):
    """An order to keep a record: its reason, its time, and the person or client that gave it."""

    reason: str
    since: datetime
    by: str
