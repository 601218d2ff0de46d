"""Read the type of bill (NUBC) of a facility's claim: a leading 0, facility, care and frequency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.fhir.element import Element
from app.pas.parts.read_types import codings

_TYPE_OF_BILL = "typeofbill"
_SHAPE = re.compile("0?[1-9][0-9][0-9A-Z]")


def type_of_bill(claim: Element) -> str | None:
    """Return the first type of bill in the supporting information, if there is one. Note each that cannot be right."""
    bills: list[str] = []
    for information in claim.many("supportingInfo"):
        for bill in types_of_bill(information):
            bills.append(bill)
            if not _SHAPE.fullmatch(bill):
                text = "A type of bill must have a 0 and three characters: facility, care and frequency, such as 0131."
                information.note(text, "code" if "code" in information.fields else "value", code="code-invalid")
    return next(iter(bills), None)


def types_of_bill(information: Element) -> Iterator[str]:
    """Yield the types of bill of an element of supporting information."""
    if any(coding.code == _TYPE_OF_BILL for coding in codings(information, "category")):
        yield from (coding.code for coding in codings(information, "code"))
        text = information.text("valueString")
        if text is not None:
            yield text.strip()
