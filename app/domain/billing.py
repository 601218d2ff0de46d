"""A billing claim as the business sees it, and what the payer answered to it, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.request import Coding, Identifier, Member, Party, Period


class BilledLine(Struct, frozen=True):
    """One line of a bill. `number` is the line's own authorization number, which overrides the claim's.

    `serviced` is the line's date or period, or else the claim's billable period; `rendering` is the NPI of the provider
    that performed it; `charge` is the net amount in the claim's currency, None where the claim carries none.
    """

    sequence: int
    services: tuple[Coding, ...]
    quantity: Decimal
    serviced: Period
    unit: str | None = None
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[Coding, ...] = ()
    place: Coding | None = None
    rendering: str | None = None
    number: str | None = None
    charge: Decimal | None = None
    currency: str = "USD"


class BillingClaim(Struct, frozen=True):
    """What a provider bills a payer for. `numbers` are the preAuthRef values of the focal insurance, as typed."""

    identifier: Identifier | None
    claim_type: Coding
    member: Member
    insurer: Party
    provider: Party
    created: date
    lines: tuple[BilledLine, ...]
    numbers: tuple[str, ...] = ()
    facility: Party | None = None


class AdjudicationReason(Struct, frozen=True):
    """Why an amount was adjusted: a row of reasons.yaml. `remarks` are RARCs; `next_step` is for the biller to do."""

    key: str
    group: str
    carc: str
    remarks: tuple[str, ...]
    text: str
    next_step: str


class Draw(Struct, frozen=True):
    """Units a line takes from an authorized item."""

    authorization: str
    number: str
    item: int
    line: int
    units: Decimal
    remaining: Decimal | None


class LineResult(Struct, frozen=True):
    """The answer to one line: units paid, units adjusted and why, and what it drew. `notes` are for the biller."""

    sequence: int
    paid_units: Decimal
    adjusted_units: Decimal
    paid_amount: Decimal | None = None
    adjusted_amount: Decimal | None = None
    currency: str = "USD"
    reason: AdjudicationReason | None = None
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draw: Draw | None = None

    @property
    def paid(self) -> bool:
        """Whether any part of the line is paid."""
        return self.paid_units > 0


class Adjudication(Struct, frozen=True):
    """The payer's answer to a billing claim. `number` is the authorization number applied, where it is a single one."""

    lines: tuple[LineResult, ...]
    number: str | None = None
