"""Write the answer to a billing claim: a ClaimResponse with use `claim` and an adjudication for every line.

http://hl7.org/fhir/R4/claimresponse.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from app.codes import ADJUDICATION, CARC, LINKED_AUTHORIZATION, OUR_ADJUDICATION, RARC, X12_GROUP_CODE
from app.domain.authorization import RequestWarning
from app.domain.billing import Adjudication, BilledLine, BillingClaim, Draw, LineResult
from app.fhir.instants import instant
from app.pas.face import Face
from app.pas.parts.write_notes import Notes, warning_texts
from app.pas.parts.write_types import SUBMITTED, Json, coded, concept, extension, identifier, money

BENEFIT = concept(ADJUDICATION, "benefit")
ADJUSTMENT = concept(OUR_ADJUDICATION, "adjustment")
REMARK = concept(OUR_ADJUDICATION, "remark")


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
    is `complete`. `warnings` become process notes.
    """
    notes = Notes()
    lines = {line.sequence: line for line in billing_claim.lines}
    written = _head(response_id, billing_claim, face, created)
    written["item"] = [_item(result, lines[result.sequence], notes) for result in adjudication.lines]
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
        "use": "claim",
        "patient": face.patient,
        "created": instant(created),
        "insurer": face.insurer,
        "requestor": face.requestor,
        "request": face.request,
        "outcome": "complete",
    }


def _item(result: LineResult, line: BilledLine, notes: Notes) -> Json:
    written: Json = {"itemSequence": result.sequence}
    if result.draw is not None:
        written["extension"] = [_linked(result.draw)]
    numbers = notes.numbers(result.notes)
    if numbers:
        written["noteNumber"] = numbers
    return {**written, "adjudication": [*_amounts(result, line), *_adjustment(result), *_remarks(result)]}


def _amounts(result: LineResult, line: BilledLine) -> list[Json]:
    submitted = _entry(SUBMITTED, line.charge, line.currency, line.quantity)
    return [submitted, _entry(BENEFIT, result.paid_amount, result.currency, result.paid_units)]


def _adjustment(result: LineResult) -> list[Json]:
    reason = result.reason
    if reason is None:
        return []
    group = {"system": X12_GROUP_CODE, "code": reason.group}
    category = {"coding": [*ADJUSTMENT["coding"], group]}
    entry = _entry(category, result.adjusted_amount, result.currency, result.adjusted_units)
    return [{**entry, "reason": concept(CARC, reason.carc)}]


def _remarks(result: LineResult) -> list[Json]:
    codes = dict.fromkeys((*(result.reason.remarks if result.reason else ()), *result.remarks))
    return [{"category": REMARK, "reason": concept(RARC, code)} for code in codes]


def _entry(category: Json, amount: Decimal | None, currency: str, units: Decimal) -> Json:
    entry: Json = {"category": category}
    if amount is not None:
        entry["amount"] = money(amount, currency)
    return {**entry, "value": units}


def _linked(draw: Draw) -> Json:
    parts = [
        extension("number", valueString=draw.number),
        extension("authorization", valueReference={"reference": f"ClaimResponse/{draw.authorization}"}),
        extension("item", valuePositiveInt=draw.item),
        extension("units-drawn", valueDecimal=draw.units),
    ]
    if draw.remaining is not None:
        parts.append(extension("units-remaining", valueDecimal=draw.remaining))
    return extension(LINKED_AUTHORIZATION, extension=parts)


def _totals(results: Iterable[LineResult], lines: Mapping[int, BilledLine]) -> list[Json]:
    """Add up each kind of amount. A kind without an amount on any line has no total."""
    amounts: dict[str, list[Decimal | None]] = {"submitted": [], "benefit": [], "adjustment": []}
    currency = "USD"
    for result in results:
        if lines[result.sequence].charge is not None:
            currency = result.currency
        amounts["submitted"].append(lines[result.sequence].charge)
        amounts["benefit"].append(result.paid_amount)
        amounts["adjustment"].append(result.adjusted_amount)
    categories = {"submitted": SUBMITTED, "benefit": BENEFIT, "adjustment": ADJUSTMENT}
    present = {kind: [amount for amount in of_kind if amount is not None] for kind, of_kind in amounts.items()}
    return [
        {"category": categories[kind], "amount": money(sum(of_kind, Decimal(0)), currency)}
        for kind, of_kind in present.items()
        if of_kind
    ]
