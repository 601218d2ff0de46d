"""Read the type of bill (NUBC) of a facility's claim: a leading 0, facility, care and frequency."""

from __future__ import annotations

from collections.abc import Iterator

from app.fhir.element import Element
from app.pas.parts.read_types import codings

_TYPE_OF_BILL = "typeofbill"


def type_of_bill(claim: Element) -> str | None:
    """Return the first type of bill in the supporting information; None if there is none."""
    bills = (bill for information in claim.many("supportingInfo") for bill in types_of_bill(information))
    return next(bills, None)


def types_of_bill(information: Element) -> Iterator[str]:
    """Yield the types of bill of an element of supporting information."""
    if any(coding.code == _TYPE_OF_BILL for coding in codings(information, "category")):
        yield from (coding.code for coding in codings(information, "code"))
        text = information.text("valueString")
        if text is not None:
            yield text.strip()
