"""Write the next version of the answer to a claim that a later claim replaced or voided.

The lines stay as they were answered. The payment is taken back: http://hl7.org/fhir/R4/claimresponse.html
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.bills.write_line import REMARK
from app.codes import PAYMENT_ADJUSTMENT, PAYMENT_TYPE, RARC, SUPERSEDED_BY
from app.domain.bill.bill import Bill
from app.pas.parts.write_types import Json, concept, extension, money

_REVERSAL = concept(PAYMENT_ADJUSTMENT, "a001")
_COMPLETE = concept(PAYMENT_TYPE, "complete")


def write_superseded(response: dict[str, Any], bill: Bill, later: str, remark: str, day: str) -> Json:
    """Write the response with the reversal: `later` is the id of the ClaimResponse to the later claim."""
    marker = extension(SUPERSEDED_BY, valueReference={"reference": f"ClaimResponse/{later}"})
    text = f"Reversed: a later claim took the place of this one. Its answer is ClaimResponse/{later}."
    notes = response.get("processNote", [])
    number = 1 + max((note["number"] for note in notes), default=0)
    return {
        **response,
        "extension": [*response.get("extension", []), marker],
        "status": "cancelled",
        "item": [_remarked(item, remark, number) for item in response.get("item", [])],
        "processNote": [*notes, {"number": number, "type": "display", "text": text}],
        **_payment(bill, day),
    }


def _remarked(item: Json, remark: str, note: int) -> Json:
    reversal = {"category": REMARK, "reason": concept(RARC, remark)}
    return {
        **item,
        "noteNumber": [*item.get("noteNumber", []), note],
        "adjudication": [*item["adjudication"], reversal],
    }


def _payment(bill: Bill, day: str) -> Json:
    """Write that the amount paid is taken back, unless the claim named no amounts."""
    amounts = [line.paid for line in bill.lines if line.paid is not None]
    if not amounts:
        return {}
    currency = bill.lines[0].currency
    return {
        "payment": {
            "type": _COMPLETE,
            "adjustment": money(-sum(amounts, Decimal(0)), currency),
            "adjustmentReason": _REVERSAL,
            "date": day,
            "amount": money(Decimal(0), currency),
        }
    }
