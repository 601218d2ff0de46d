"""What the payer answered to a request, item by item, and what it granted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from app.domain.request import Coding, Identifier, Member, Party, Period, RequestedItem

UNKNOWN_PAYER = "unknown"
"""The payer that requests to nobody here are kept under: no staff reaches it, and no policy may take the name."""


class ReviewAction(StrEnum):
    """The outcome of reviewing an item, by its X12 306 code."""

    CERTIFIED = "A1"
    NOT_CERTIFIED = "A3"
    PENDED = "A4"
    MODIFIED = "A6"
    CANCELLED = "C"


class Reason(Struct, frozen=True):
    """Why: our key for it, the X12 886 code (None where none fits), and the text that the provider reads."""

    key: str
    code: str | None
    text: str


class Granted(Struct, frozen=True):
    """What was authorized. `quantity` None is no cap; `service` is the code where it differs from the request's."""

    period: Period
    quantity: Decimal | None = None
    unit: str | None = None
    service: Coding | None = None


class ItemDecision(Struct, frozen=True):
    """One item's answer: by which rule (or reviewer), on which day, and what of it is granted."""

    action: ReviewAction
    rule: str
    decided: date
    reason: Reason | None = None
    granted: Granted | None = None
    ask_for: tuple[str, ...] = ()
    human: bool = False


class AuthorizedItem(Struct, frozen=True):
    """A requested item with its decision, and the units that billing claims have drawn from it."""

    requested: RequestedItem
    decision: ItemDecision
    consumed: Decimal = Decimal(0)

    @property
    def remaining(self) -> Decimal | None:
        """Units left; None where the grant has no cap."""
        granted = self.decision.granted
        if granted is None:
            return Decimal(0)
        return None if granted.quantity is None else granted.quantity - self.consumed


class PolicyVersion(Struct, frozen=True):
    """Which policy decided: its name, and a digest of the text that was in force."""

    policy: str
    digest: str


class Authorization(Struct, frozen=True):
    """The payer's record of one request, from its first answer to the last unit billed.

    `id` is the id of its ClaimResponse. `number` is the authorization number (preAuthRef), there when something is
    granted; `administration_number` names it while something is pended. `owner` is the organization whose client
    submitted it; `patient` and `coverage` are the payer's own ids of the member.
    """

    id: str
    payer: str
    owner: str
    edition: str
    claim: str
    patient: str
    coverage: str
    identifier: Identifier
    claim_type: Coding
    member: Member
    requestor: Party
    created: datetime
    updated: datetime
    policy: PolicyVersion
    items: tuple[AuthorizedItem, ...]
    diagnoses: tuple[Coding, ...] = ()
    number: str | None = None
    administration_number: str | None = None
    due: datetime | None = None
    urgency: str | None = None
    related: str | None = None
    errors: tuple[RequestError, ...] = ()
    warnings: tuple[RequestWarning, ...] = ()

    @property
    def performers(self) -> set[str]:
        """The NPIs of who performs it."""
        return {npi for item in self.items for npi in item.requested.providers}

    @property
    def npis(self) -> set[str]:
        """The NPIs of who asked, and of who performs it."""
        return self.performers | ({self.requestor.npi} if self.requestor.npi else set())


class RequestError(Struct, frozen=True):
    """A business reason why a request was not reviewed: X12 901 code, 889 follow-up, FHIRPath and a text."""

    code: str
    followup: str
    path: str
    text: str


class RequestWarning(Struct, frozen=True):
    """What was not as it should be in a request, and did not stand in its way: FHIRPath and a text."""

    path: str
    text: str
