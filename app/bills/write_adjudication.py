"""Write the answer to a billing claim: a ClaimResponse with use `claim` and an adjudication for every line.

http://hl7.org/fhir/R4/claimresponse.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from app.bills.write_line import ADJUSTMENT, BENEFIT, write_lines
from app.domain.authorization import RequestWarning
from app.domain.billing import Adjudication, BilledLine, BillingClaim, LineResult
from app.fhir.instants import instant
from app.pas.face import Face
from app.pas.parts.write_notes import Notes, warning_texts
from app.pas.parts.write_types import SUBMITTED, Json, coded, identifier, money


def write_adjudication(
    response_id: str,
    billing_claim: BillingClaim,
    adjudication: Adjudication,
    face: Face,
    created: datetime,
    *,
    warnings: Iterable[RequestWarning] = (),
) -> Json:
    """Write the ClaimResponse: paid and adjusted amounts of every line, reasons, and the authorized units drawn.

    On every line the benefit and the adjustments add up to the submitted amount. A denial is not an error: its outcome
    is `complete`. The outcome of a claim with pending lines is `queued` or `partial`. `warnings` become process notes.
    """
    notes = Notes()
    lines = {line.number: line for line in billing_claim.lines}
    written = _head(response_id, billing_claim, face, created)
    written["outcome"] = adjudication.outcome
    written["item"] = write_lines([(result, lines[result.number]) for result in adjudication.lines], notes)
    if billing_claim.identifier is not None:
        written["identifier"] = [identifier(billing_claim.identifier)]
    if adjudication.number:
        written["preAuthRef"] = adjudication.number
    notes.numbers(warning_texts(warnings))
    parts = {"total": _totals(adjudication.lines, lines), "processNote": notes.written()}
    return written | {name: part for name, part in parts.items() if part}


def _head(response_id: str, billing_claim: BillingClaim, face: Face, created: datetime) -> Json:
    return {
        "resourceType": "ClaimResponse",
        "id": response_id,
        "status": "active",
        "type": coded(billing_claim.claim_type),
        "use": "predetermination" if billing_claim.dry_run else "claim",
        "patient": face.patient,
        "created": instant(created),
        "insurer": face.insurer,
        "requestor": face.requestor,
        "request": face.request,
    }


def _totals(results: Iterable[LineResult], lines: Mapping[str, BilledLine]) -> list[Json]:
    """Add up each kind of amount. A kind without an amount on any line has no total."""
    amounts: dict[str, list[Decimal | None]] = {"submitted": [], "benefit": [], "adjustment": []}
    currency = "USD"
    for result in results:
        if lines[result.number].charge is not None:
            currency = result.currency
        amounts["submitted"].append(lines[result.number].charge)
        amounts["benefit"].append(result.paid_amount)
        amounts["adjustment"].append(result.adjusted_amount)
    categories = {"submitted": SUBMITTED, "benefit": BENEFIT, "adjustment": ADJUSTMENT}
    present = {kind: [amount for amount in of_kind if amount is not None] for kind, of_kind in amounts.items()}
    return [
        {"category": categories[kind], "amount": money(sum(of_kind, Decimal(0)), currency)}
        for kind, of_kind in present.items()
        if of_kind
    ]
