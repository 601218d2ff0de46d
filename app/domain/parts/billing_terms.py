"""The payer's terms of bills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from app.domain.notice import AppealTerms
from app.domain.parts.matching_terms import MatchingTerms, Tolerance
from app.domain.span import Span

OverLimit = Literal["pay-up-to", "deny-line"]
AutoLink = Literal["off", "unique", "fifo"]

_ONE_DAY = timedelta(days=1)


class Filing(Struct, frozen=True):
    """The time limit of claims, from the last day of service, and its reference in the payer's documents.

    `secondary`: the limit of a claim that other payers answer first.
    """

    within: Span
    secondary: Span
    reference: str

    def until(self, last_day: date, *, secondary: bool) -> date:
        """Return the last day to send a claim for a service that ended on `last_day`."""
        within = self.secondary if secondary else self.within
        return within.end(min(last_day, date.max - _ONE_DAY) + _ONE_DAY)


class BillingTerms(Struct, frozen=True):
    """The payer's terms of bills, by which every line is answered.

    `over_limit`: how to treat a claim line with more units than are left.
    `auto_link`: whether a line without a number draws on the only authorization that matches (`unique`), or on every
    matching one, the oldest first (`fifo`).
    `date_split`: a line with days outside the authorized period is paid for the days inside. None: it is denied.
    `future_services`: whether a service after the day of receipt can be paid.
    `filing`: the time limit of claims; None: there is none.
    `appeal`: the terms of an appeal. `late_requests`: the longest time from a service to a request for it.
    `matching`: how a line compares with an authorization.
    `pending`: whether a line waits for the decision on its request, or is denied.
    `denied_original`: whether a claim whose lines are all denied can be replaced.
    `referrals`: whether some services need a referral, so that a referral is no authorization.
    """

    over_limit: OverLimit = "pay-up-to"
    auto_link: AutoLink = "off"
    date_split: Tolerance | None = None
    future_services: bool = False
    filing: Filing | None = None
    appeal: AppealTerms | None = None
    late_requests: timedelta | None = None
    matching: MatchingTerms = MatchingTerms()
    pending: Literal["pend", "deny"] = "pend"
    denied_original: Literal["accept", "deny"] = "accept"
    referrals: bool = False
