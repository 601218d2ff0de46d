"""The payer's record of a billing claim: what was answered to each line, and what the claim replaces."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from app.domain.bill.open_claim import OpenClaim
from app.domain.datatypes import Coding, Identifier
from app.domain.parts.link_way import LinkWay


class BillState(StrEnum):
    """The state of a bill. A replaced or voided bill pays nothing: its draws are reversed."""

    ANSWERED = "answered"
    PENDING = "pending"
    REPLACED = "replaced"
    VOIDED = "voided"


class LineAnswer(StrEnum):
    """The answer to a line. A pending line waits for the decision on an authorization."""

    PAID = "paid"
    PARTLY = "partly"
    DENIED = "denied"
    PENDING = "pending"


class BillLink(Struct, frozen=True):
    """An authorized item that a line drew on, or that its denial is about, and how the link was made."""

    authorization: str
    item: str
    way: LinkWay


class AnsweredAdjustment(Struct, frozen=True):
    """Units and an amount of a line that are not paid, with the key and the codes of the reason."""

    reason: str
    group: str
    carc: str
    units: Decimal
    amount: Decimal | None = None


class AnsweredLine(Struct, frozen=True, omit_defaults=True):
    """The answer to one line.

    `attribute`: the first attribute that differs from the closest authorization.
    `key`, `day`: the digests of the service and of its day (`BillKeys`); empty for a service that may be repeated.
    """

    number: str
    service: Coding | None
    performer: str
    answer: LineAnswer
    adjustments: tuple[AnsweredAdjustment, ...] = ()
    attribute: str = ""
    charged: Decimal | None = None
    paid: Decimal | None = None
    units: Decimal = Decimal(0)
    currency: str = "USD"
    key: str = ""
    day: str = ""
    links: tuple[BillLink, ...] = ()

    @property
    def reason(self) -> str:
        """The key of the first adjustment; empty for a line that is paid in full."""
        return self.adjustments[0].reason if self.adjustments else ""

    @property
    def carc(self) -> str:
        """The code of the first adjustment; empty for a line that is paid in full."""
        return self.adjustments[0].carc if self.adjustments else ""


class Bill(Struct, frozen=True, omit_defaults=True):
    """A billing claim as answered. `id` is the id of its Claim, `response` that of its ClaimResponse.

    `owner`: the organization that sent it. `biller`: the NPI of its billing provider.
    `frequency`: the NUBC claim frequency: 1 for an original, 7 for a replacement, 8 for a void, which has no lines.
    `identifier`: the biller's. A claim that names an earlier one wrongly, or repeats its identifier, has none here.
    `identifier_key`: the digest under which no second claim may have the identifier.
    `replaces`, `replaced_by`: the ids of the bills before and after it.
    `open_claim`: the claim, as long as a decision may change its answer.
    `waits_for`: the ids of the authorizations on whose decision pending lines wait.
    """

    id: str
    response: str
    payer: str
    owner: str
    biller: str
    patient: str
    received: datetime
    lines: tuple[AnsweredLine, ...]
    identifier: Identifier | None = None
    identifier_key: str = ""
    frequency: str = "1"
    state: BillState = BillState.ANSWERED
    replaces: str | None = None
    replaced_by: str | None = None
    waits_for: tuple[str, ...] = ()
    open_claim: OpenClaim | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether no later claim has replaced or voided it."""
        return self.state in {BillState.ANSWERED, BillState.PENDING}

    @property
    def is_paid(self) -> bool:
        """Whether a line of it was paid, at least in part."""
        return any(line.units > 0 for line in self.lines)

    @property
    def days(self) -> tuple[str, ...]:
        """The digests of the days with paid services."""
        return tuple(dict.fromkeys(line.day for line in self.lines if line.day and line.units > 0))

    @property
    def authorizations(self) -> tuple[str, ...]:
        """The ids of the authorizations that its lines are linked to or wait for."""
        linked = (link.authorization for line in self.lines for link in line.links)
        return tuple(dict.fromkeys((*linked, *self.waits_for)))
