"""The payer's record of a billing claim: what was answered to each line, and what the claim replaces."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

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


class AnsweredLine(Struct, frozen=True, omit_defaults=True):
    """The answer to one line.

    `reason`, `carc`: the key and the code of its first adjustment; empty for a line that is paid in full.
    `attribute`: the first attribute that differs from the closest authorization.
    `key`, `day`: the digests of the service and of its day (`BillKeys`); empty for a service that may be repeated.
    """

    number: str
    service: Coding | None
    performer: str
    answer: LineAnswer
    reason: str = ""
    carc: str = ""
    attribute: str = ""
    charged: Decimal | None = None
    paid: Decimal | None = None
    units: Decimal = Decimal(0)
    currency: str = "USD"
    key: str = ""
    day: str = ""
    links: tuple[BillLink, ...] = ()


class Bill(Struct, frozen=True, omit_defaults=True):
    """A billing claim as answered. `id` is the id of its Claim, `response` that of its ClaimResponse.

    `owner`: the organization that sent it. `biller`: the NPI of its billing provider.
    `frequency`: the NUBC claim frequency: 1 for an original, 7 for a replacement, 8 for a void.
    `replaces`, `replaced_by`: the ids of the bills before and after it.
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
    frequency: str = "1"
    state: BillState = BillState.ANSWERED
    replaces: str | None = None
    replaced_by: str | None = None
    waits_for: tuple[str, ...] = ()

    @property
    def authorizations(self) -> tuple[str, ...]:
        """The ids of the authorizations that its lines are linked to or wait for."""
        linked = (link.authorization for line in self.lines for link in line.links)
        return tuple(dict.fromkeys((*linked, *self.waits_for)))
