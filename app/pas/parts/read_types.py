"""FHIR's datatypes, read into the values of the business (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from decimal import Decimal

from app.domain.request import Coding, Identifier, Period
from app.fhir import systems
from app.fhir.element import Element


def codings(concept: Element | None) -> tuple[Coding, ...]:
    """Read the codes of a CodeableConcept; one that stands for an absent code is none."""
    if concept is None:
        return ()
    found = [_coding(system, code, display) for system, code, display in concept.rows("coding", _CODING)]
    return tuple([one for one in found if one is not None and one.system != systems.DATA_ABSENT_REASON])


def read_coding(coding: Element) -> Coding | None:
    """Read a Coding; None without a code."""
    return _coding(coding.text("system"), coding.text("code"), coding.text("display"))


def _coding(system: str | None, code: str | None, display: str | None) -> Coding | None:
    return Coding(system or "", code, display) if code else None


def first_code(concept: Element | None) -> str | None:
    """Read the first code of a CodeableConcept."""
    found = codings(concept)
    return found[0].code if found else None


def first_coding(concept: Element | None) -> Coding | None:
    """Read the first Coding of a CodeableConcept."""
    found = codings(concept)
    return found[0] if found else None


def many_codings(concepts: list[Element]) -> tuple[Coding, ...]:
    """Read the codes of several CodeableConcepts."""
    return tuple(coding for concept in concepts for coding in codings(concept))


def read_identifier(identifier: Element) -> Identifier | None:
    """Read an Identifier; None without a value."""
    value = identifier.text("value")
    return None if value is None else Identifier(identifier.text("system") or "", value)


def identifiers(elements: list[Element]) -> tuple[Identifier, ...]:
    """Read several Identifiers, those with a value."""
    found = (read_identifier(element) for element in elements)
    return tuple(one for one in found if one is not None)


def period(element: Element | None) -> Period | None:
    """Read a Period as calendar days; None where neither end is given."""
    if element is None:
        return None
    start, end = element.days("start"), element.days("end")
    if start is None and end is None:
        return None
    if start is not None and end is not None and end[1] < start[0]:
        element.note("A period must not end before it starts.")
    return Period(start[0] if start else None, end[1] if end else None)


def timing(element: Element | None, name: str, moment: str = "Date") -> Period | None:
    """Read what happens on a day or in a period: `<name>Date` (or another `moment`), or else `<name>Period`."""
    if element is None:
        return None
    day = element.days(name + moment, timed=moment == "DateTime")
    return period(element.one(f"{name}Period")) if day is None else Period(*day)


def amount(quantity: Element | None) -> tuple[Decimal | None, str | None]:
    """Read a Quantity as its value and its unit; a value that is not above zero is an issue."""
    if quantity is None:
        return None, None
    value = quantity.decimal("value")
    if value is not None and value <= 0:
        quantity.note("A quantity must be greater than zero.")
    code = quantity.text("code")
    return value, quantity.text("unit") if code in {None, _DIMENSIONLESS} else code


_CODING = ("system", "code", "display")
_DIMENSIONLESS = "1"
"""UCUM's code of a count, which says nothing; then the unit's name does."""
