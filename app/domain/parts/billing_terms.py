"""The payer's terms of bills."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

OverLimit = Literal["pay-up-to", "deny-line"]


class BillingTerms(Struct, frozen=True):
    """The payer's terms of bills, by which every line is answered.

    `over_limit`: how to treat a claim line with more units than are left.
    `future_services`: whether a service after the day of receipt can be paid.
    """

    over_limit: OverLimit = "pay-up-to"
    future_services: bool = False
