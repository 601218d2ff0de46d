"""A billing claim without FHIR's shapes, and the payer's answer to each line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.adjustment_key import NextAction
from app.domain.balances.portions import Portion
from app.domain.datatypes import Coding, Identifier
from app.domain.ledger import total
from app.domain.request import Member, Party
from app.domain.service_line import ServiceLine


class BilledLine(ServiceLine, frozen=True, kw_only=True):
    """A billed service line. `authorization_number` is its own number, which overrides the claim's numbers."""

    authorization_number: str | None = None


class EarlierPayers(Struct, frozen=True):
    """The payers that pay before this one. `paid` are their payments by line number; None: an answer is missing.

    `whole`: their payments for the whole claim, which name no line.
    """

    number: int = 0
    paid: Mapping[str, Decimal] | None = None
    whole: Decimal = Decimal(0)


ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
CORRECTIONS = frozenset({REPLACEMENT, VOID})
"""NUBC claim frequencies. The others bill a part of a stay, or late charges; they change no earlier bill."""


class ClaimName(Struct, frozen=True):
    """The names by which a claim refers to an earlier one.

    `ids`: of its Claim or its ClaimResponse, the payer's control number. `identifiers`: those that the biller gave it.
    """

    ids: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


class BillingClaim(Struct, frozen=True):
    """A billing claim. `numbers` are the preAuthRef values of the focal insurance, as typed.

    `type_of_bill` is a facility's NUBC code, such as 0131. `earlier_payers` are those that the claim names.
    `referrals` are the numbers of its referral. `admission_type`: the NUBC priority of the admission, such as 1.
    `sender_ids` are the interchange sender ids of its transmission identifiers. `frequency` is NUBC's; `original` names
    the claim that a replacement or a void is about. A `dry_run` asks for a preview of the answer.
    """

    identifier: Identifier | None
    claim_type: Coding
    member: Member
    insurer: Party
    provider: Party
    created: date
    lines: tuple[BilledLine, ...]
    numbers: tuple[str, ...] = ()
    type_of_bill: str | None = None
    sender_ids: tuple[str, ...] = ()
    earlier_payers: EarlierPayers = EarlierPayers()
    frequency: str = ORIGINAL
    original: ClaimName = ClaimName()
    referrals: tuple[str, ...] = ()
    admission_type: str | None = None
    dry_run: bool = False


class AdjudicationReason(Struct, frozen=True):
    """A row of reasons.yaml: why an amount is not paid, and the `next_step` for the biller. `remarks` are RARCs.

    `action`: the next step as a code.
    """

    key: str
    group: str
    carc: str
    remarks: tuple[str, ...]
    text: str
    next_step: str
    action: NextAction = NextAction.NONE


class Draw(Struct, frozen=True):
    """Units that a claim line takes from an authorized item. `item` and `line` are the numbers of both lines.

    `shares`: the appealed items on which the units count, too: their authorizations and numbers.
    `portions` are the same units by days: one portion, or more if the units of each period of a cap count apart.
    """

    authorization: str
    number: str
    item: str
    line: str
    units: Decimal
    remaining: Decimal | None
    portions: tuple[Portion, ...] = ()
    shares: tuple[tuple[str, str], ...] = ()


class Link(Struct, frozen=True):
    """The authorized item that a denial is about. `number` is its authorization number, else its case reference."""

    authorization: str
    number: str
    item: str


class Adjustment(Struct, frozen=True):
    """Units and an amount of a line that are not paid, and the reason. `amount` None: the line has no charge."""

    reason: AdjudicationReason
    units: Decimal
    amount: Decimal | None = None


class Difference(Struct, frozen=True):
    """An attribute of a line that differs from the authorization, with both values in words."""

    attribute: str
    claimed: str
    authorized: str


class Advice(Struct, frozen=True):
    """The next step for the part of a line that is not paid, with its last day `until`.

    `units_left` are those of the authorization that the line is about; None: no limit, or no authorization.
    """

    action: NextAction
    differences: tuple[Difference, ...] = ()
    until: date | None = None
    units_left: Decimal | None = None


class LineResult(Struct, frozen=True):
    """The answer to one claim line: what is paid and what is adjusted, which add up to the line, and the draws.

    `remarks` are RARCs beside those of the reasons. `notes` are sentences for the biller. `linked` is the item that a
    denial is about, for its party. `advice` is for the part that is not paid. `waits_for` is the id of the
    authorization on whose decision a pending line waits.
    """

    number: str
    paid_units: Decimal
    paid_amount: Decimal | None = None
    currency: str = "USD"
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draws: tuple[Draw, ...] = ()
    linked: Link | None = None
    advice: Advice | None = None
    waits_for: str = ""

    @property
    def attribute(self) -> str:
        """The first attribute in which the line differs from an authorization; empty if it differs in none."""
        differences = () if self.advice is None else self.advice.differences
        return differences[0].attribute if differences else ""

    @property
    def reason(self) -> AdjudicationReason | None:
        """The reason of the first adjustment; None if the line is paid in full."""
        return self.adjustments[0].reason if self.adjustments else None

    @property
    def adjusted_amount(self) -> Decimal | None:
        """The sum of the adjusted amounts; None if the line has no charge."""
        if self.paid_amount is None:
            return None
        return total(adjustment.amount or Decimal(0) for adjustment in self.adjustments)

    @property
    def paid(self) -> bool:
        """True if at least part of the line is paid."""
        return self.paid_units > 0


class Adjudication(Struct, frozen=True):
    """The payer's answer to a billing claim. `number` is the authorization number if all draws share one."""

    lines: tuple[LineResult, ...]
    number: str | None = None

    @property
    def drawn_on(self) -> frozenset[str]:
        """The ids of the authorizations on which the units of the lines count."""
        draws = [draw for line in self.lines for draw in line.draws]
        shares = frozenset(authorization for draw in draws for authorization, _ in draw.shares)
        return frozenset(draw.authorization for draw in draws) | shares

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The ids of the authorizations on whose decision lines wait."""
        return tuple(dict.fromkeys(line.waits_for for line in self.lines if line.waits_for))

    @property
    def outcome(self) -> str:
        """The R4 outcome: `queued` if all lines wait, `partial` if some do, else `complete`, also for a denial."""
        if not self.waits_for:
            return "complete"
        return "queued" if all(line.waits_for for line in self.lines) else "partial"
