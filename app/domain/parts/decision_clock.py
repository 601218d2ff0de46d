"""The clock of the pended items of a request, and its extension."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class ExtensionReason(StrEnum):
    """The circumstances in which a payer may extend the time of a decision (42 CFR 422.568(b)(1)(i), 438.210(d)(1))."""

    MEMBER_REQUEST = "member-request"
    PROVIDER_REQUEST = "provider-request"
    MORE_EVIDENCE = "more-evidence"
    EXTRAORDINARY = "extraordinary"


class Extension(Struct, frozen=True, omit_defaults=True):
    """The one extension of a clock: its length, its reason, a sentence for the provider, and its time."""

    by: timedelta
    reason: ExtensionReason
    at: datetime
    note: str | None = None


class DecisionClock(Struct, frozen=True, omit_defaults=True):
    """The clock of the pended items, as the policy had it when it started. It never stops.

    `started`: the receipt of the request. `source`: the law or the rule that limits the time.
    `due_soon`: the time before the due time from which the decision is due soon.
    `longest_extension`: the most by which the payer may extend the time, once.
    """

    started: datetime
    source: str = ""
    due_soon: timedelta = timedelta(hours=24)
    longest_extension: timedelta = timedelta(days=14)
    extension: Extension | None = None
