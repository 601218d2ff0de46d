"""The payer's facts for one billing claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.domain.adjudication.repeats import Earlier
from app.domain.authorization import Authorization
from app.domain.billing import AdjudicationReason, BilledLine, LineResult
from app.domain.covered import Covered
from app.domain.ledger import LedgerEntry
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.claim_fault import ClaimFault
from app.domain.parts.line_plan import NO_PLAN, LinePlan
from app.domain.requirement import Requirement


def without_plan(_line: BilledLine) -> LinePlan:
    """Return the plan of a payer that says nothing about bills."""
    return NO_PLAN


class BillingFacts(Struct, frozen=True):
    """The payer's facts for one claim, read once before the answer.

    `authorizations`: the payer's authorizations that the claim names, by canonical number.
    `on_file`: the member's authorizations, read only if a line may need them. The biller is a party to every
    authorization here.
    `patient`: the payer's id of the member; None if no member on file has the member id.
    `covered`: whether and how the payer covers the member.
    `requirement`: what a line needs, by the payer's rules on the day of service.
    `services`: the digests of the lines' services, by line number. `paid_before`: the claims that were paid for them.
    `received`: the payer's calendar day on which the claim came.
    `terms`: the payer's terms of bills. `plan`: those that depend on a line.
    `appealed`: the requests whose units the named appeals share.
    `entries`: the ledger entries of the authorizations that a line may draw on, by the authorization's id.
    `fault`: why no line can be paid, such as an unknown original.
    `kept`: the answers that stay when a claim is answered again, by line number; `decided`: the authorizations
    that were decided since, on which the other lines can draw, also if they name another number.
    """

    authorizations: Mapping[str, Authorization]
    patient: str | None
    payer_known: bool
    covered: Covered
    on_file: tuple[Authorization, ...]
    services: Mapping[str, str]
    paid_before: Mapping[str, Earlier]
    requirement: Callable[[BilledLine], Requirement]
    received: date
    terms: BillingTerms
    reasons: Mapping[str, AdjudicationReason]
    entries: Mapping[str, Sequence[LedgerEntry]] = {}
    fault: ClaimFault | None = None
    kept: Mapping[str, LineResult] = {}
    decided: tuple[Authorization, ...] = ()
    plan: Callable[[BilledLine], LinePlan] = without_plan
    appealed: tuple[Authorization, ...] = ()
