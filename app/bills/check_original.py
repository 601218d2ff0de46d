"""Refuse corrections and voids of an earlier claim: they would be paid again, on top of the original.

R4 has no element for the claim frequency (NUBC: 1 original, 7 replacement, 8 void). It comes in our extension, or as
the last character of the type of bill.
"""

from __future__ import annotations

from app.bills.read_type_of_bill import types_of_bill
from app.codes import CLAIM_FREQUENCY
from app.fhir.element import Element
from app.fhir.extension import extensions_of

WHAT_TO_DO = (
    "This server does not process corrections and voids of claims yet. Ask the payer to reverse the earlier claim."
    " Bill other services in a Claim of their own."
)

_ORIGINAL = "1"
_ORIGINAL_BILLS = frozenset("1234569")
"""Frequencies of a type of bill that change no earlier bill: whole, first, continuing and last bills, late charges."""


def check_original(claim: Element) -> None:
    """Note an issue for each sign that the claim corrects or voids an earlier one."""
    if claim.text("status") == "cancelled":
        claim.note(f"A Claim cannot be cancelled. {WHAT_TO_DO}", "status", code="not-supported")
    if claim.many("related"):
        claim.note(f"A billing claim must not have `related`. {WHAT_TO_DO}", "related", code="not-supported")
    for extension in extensions_of(claim).all(CLAIM_FREQUENCY):
        if extension.text("valueCode") != _ORIGINAL:
            extension.note(f"The claim frequency must be 1 (original). {WHAT_TO_DO}", code="not-supported")
    for information in claim.many("supportingInfo"):
        if not all(bill[-1:] in _ORIGINAL_BILLS for bill in types_of_bill(information)):
            text = f"The type of bill must end with the frequency of an original bill, such as 0131. {WHAT_TO_DO}"
            information.note(text, "code", code="not-supported")
