"""Build a plain authorization and a matching billing claim: 97110, 12 units, first quarter of 2026, office."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from app.codes import CPT, PLACE_OF_SERVICE
from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjudication.facts import BillingFacts
from app.domain.authorization import Authorization, AuthorizedItem, PolicyVersion
from app.domain.billing import Adjudication, BilledLine, BillingClaim, Draw, LineResult
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.ledger import LedgerEntry, total
from app.domain.line_result import plain as in_digits
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.reminder_terms import ReminderTerms
from app.domain.request import Member, Party, RequestedItem
from app.domain.requirement import Need, Requirement
from app.policy.loading import shipped_tables

AU1 = "PA260000013"
AU2 = "PA260000021"
NEVER_ISSUED = "PA260000030"
MALFORMED = "PA260000031"
A = "1234567893"
B = "1987654328"
OURS = "patient-1"
OFFICE = Coding(PLACE_OF_SERVICE, "11")
QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))

REASONS = shipped_tables().adjudication_reasons


def cpt(code: str) -> Coding:
    return Coding(CPT, code)


def on(day: str, last: str | None = None) -> Period:
    return Period(date.fromisoformat(day), date.fromisoformat(last or day))


def item(
    code: str = "97110",
    units: str | None = "12",
    *,
    sequence: int = 1,
    used: str = "0",
    action: ReviewAction = ReviewAction.CERTIFIED,
    granted: dict[str, Any] | None = None,
    decided: date = date(2025, 12, 20),
    **requested: Any,
) -> AuthorizedItem:
    asked = RequestedItem(**{"sequence": sequence, "services": (cpt(code),), "place": OFFICE, **requested})
    quantity = None if units is None else Decimal(units)
    grant = Granted(**{"period": QUARTER, "quantity": quantity, **(granted or {})})
    open_to_billing = action in {ReviewAction.CERTIFIED, ReviewAction.MODIFIED}
    decision = ItemDecision(action, "rule", decided, granted=grant if open_to_billing else None)
    return AuthorizedItem(asked, decision, Decimal(used))


def authorization(*items: AuthorizedItem, number: str = AU1, patient: str = OURS, **fields: Any) -> Authorization:
    at = datetime(2025, 12, 20, tzinfo=UTC)
    plain = Authorization(
        id=f"id-of-{number}",
        payer="payer",
        owner="organization-a",
        edition="2.2.1",
        claim="claim",
        patient=patient,
        coverage="coverage",
        identifier=Identifier("urn:a", "1"),
        claim_type=Coding("", "professional"),
        member=Member("M001"),
        requestor=Party(npi=A, tax_id="12-3456789"),
        created=at,
        updated=at,
        policy=PolicyVersion("sample", "0"),
        items=items or (item(),),
        number=number,
    )
    return replace(plain, **fields)


def line(code: str = "97110", units: str = "4", day: str = "2026-01-15", **fields: Any) -> BilledLine:
    plain = {
        "sequence": 1,
        "services": (cpt(code),),
        "quantity": Decimal(units),
        "serviced": on(day),
        "place": OFFICE,
        "providers": (A,),
        "charge": Decimal("100.00"),
    }
    return BilledLine(**{**plain, **fields})


def claim(*lines: BilledLine, number: str | None = AU1, **fields: Any) -> BillingClaim:
    plain = BillingClaim(
        identifier=Identifier("urn:b", "1"),
        claim_type=Coding("", "professional"),
        member=Member("M001"),
        insurer=Party(),
        provider=Party(npi=A, tax_id="123456789"),
        created=date(2026, 6, 1),
        lines=lines or (line(),),
        numbers=() if number is None else (number,),
    )
    return replace(plain, **fields)


def needs(billed: BilledLine) -> Requirement:
    free = billed.services and billed.services[0].code == "99213"
    return Requirement(Need.NOT_REQUIRED if free else Need.REQUIRED)


def facts(*authorizations: Authorization, **fields: Any) -> BillingFacts:
    known = authorizations or (authorization(),)
    plain = BillingFacts(
        authorizations={one.number: one for one in known if one.number},
        patient=OURS,
        payer_known=True,
        covered=Covered(coverages=(CoverageTerms(),)),
        on_file=tuple(one for one in known if one.patient == OURS),
        requirement=needs,
        services={},
        paid_before={},
        received=date(2026, 6, 1),
        terms=BillingTerms(),
        reasons=REASONS,
    )
    return replace(plain, **fields)


def entry(draw: Draw, claim_id: str = "bill") -> LedgerEntry:
    """Return the ledger entry of a draw by a billing claim."""
    return LedgerEntry(
        id=f"{draw.authorization}.{draw.item}.{claim_id}.{draw.line}",
        authorization=draw.authorization,
        item=draw.item,
        units=-draw.units,
        created=datetime(2026, 6, 1, tzinfo=UTC),
        actor="biller",
        claim=claim_id,
        line=draw.line,
    )


def adjusted_units(result: LineResult) -> Decimal:
    """Return the units of a line that are not paid."""
    return total(adjustment.units for adjustment in result.adjustments)


def entries(result: LineResult, claim_id: str = "bill") -> list[LedgerEntry]:
    """Return the ledger entries of the draws of a line, with their days."""
    return [
        replace(
            entry(draw, claim_id),
            id=f"{draw.authorization}.{draw.item}.{claim_id}.{draw.line}.{place}",
            units=-portion.units,
            service_from=portion.days.start,
            service_to=portion.days.end,
        )
        for draw in result.draws
        for place, portion in enumerate(draw.portions)
    ]


def codes(result: LineResult) -> str:
    """Return group, CARC and RARCs as billers write them: `CO-198 N435`, or `paid`."""
    if result.reason is None:
        return "paid"
    return " ".join([f"{result.reason.group}-{result.reason.carc}", *result.reason.remarks])


def answered(adjudication: Adjudication) -> list[str]:
    """Return each line's codes and paid units: `paid 4`."""
    return [f"{codes(result)} {in_digits(result.paid_units)}" for result in adjudication.lines]


def only(billed: BillingClaim, *known: Authorization, **given: Any) -> LineResult:
    """Return the answer to a claim of one line."""
    (result,) = adjudicate(billed, facts(*known, **given)).lines
    return result


def unreminded(record: Authorization) -> Authorization:
    """Return the record under terms by which no reminder is due: its grant is shorter than the time before its end."""
    return replace(record, policy=replace(record.policy, reminders=ReminderTerms(expiring=365)))
