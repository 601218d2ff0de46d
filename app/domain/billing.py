"""A billing claim without FHIR's shapes, and the payer's answer to each line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.datatypes import Coding, Identifier
from app.domain.request import Member, Party
from app.domain.service_line import ServiceLine


class BilledLine(ServiceLine, frozen=True, kw_only=True):
    """A billed service line. `authorization_number` is its own number, which overrides the claim's numbers."""

    authorization_number: str | None = None


class BillingClaim(Struct, frozen=True):
    """A billing claim. `numbers` are the preAuthRef values of the focal insurance, as typed.

    `sender_ids` are the interchange sender ids of its transmission identifiers.
    """

    identifier: Identifier | None
    claim_type: Coding
    member: Member
    insurer: Party
    provider: Party
    created: date
    lines: tuple[BilledLine, ...]
    numbers: tuple[str, ...] = ()
    facility: Party | None = None
    sender_ids: tuple[str, ...] = ()


class AdjudicationReason(Struct, frozen=True):
    """A row of reasons.yaml: why an amount is not paid, and the `next_step` for the biller. `remarks` are RARCs."""

    key: str
    group: str
    carc: str
    remarks: tuple[str, ...]
    text: str
    next_step: str


class Draw(Struct, frozen=True):
    """Units that a claim line takes from an authorized item. `item` and `line` are the numbers of both lines."""

    authorization: str
    number: str
    item: str
    line: str
    units: Decimal
    remaining: Decimal | None


class Link(Struct, frozen=True):
    """The authorized item that a denial is about. `number` is its authorization number, else its case reference."""

    authorization: str
    number: str
    item: str


class LineResult(Struct, frozen=True):
    """The answer to one claim line: units and amounts paid and adjusted, the reason and the draw.

    `notes` are sentences for the biller. `linked` is the item that a denial is about, for its party.
    """

    number: str
    paid_units: Decimal
    adjusted_units: Decimal
    paid_amount: Decimal | None = None
    adjusted_amount: Decimal | None = None
    currency: str = "USD"
    reason: AdjudicationReason | None = None
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draw: Draw | None = None
    linked: Link | None = None

    @property
    def paid(self) -> bool:
        """True if at least part of the line is paid."""
        return self.paid_units > 0


class Adjudication(Struct, frozen=True):
    """The payer's answer to a billing claim. `number` is the authorization number if all draws share one."""

    lines: tuple[LineResult, ...]
    number: str | None = None
