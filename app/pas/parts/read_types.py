"""FHIR's datatypes, read into the values of the business (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from app.codes import DATA_ABSENT_REASON
from app.domain.request import Coding, Identifier, Period
from app.fhir.element import Element

Value = TypeVar("Value")

CONCEPT = "valueCodeableConcept"
"""The element in which an extension carries a CodeableConcept."""


def codings(owner: Element | None, name: str) -> tuple[Coding, ...]:
    """Read the codes of a CodeableConcept that an element carries; one that stands for an absent code is none."""
    if owner is None or name not in owner.fields:
        return ()
    found = _plain(owner.fields[name])
    if found is not None:
        return found
    concept = owner.one(name)
    return () if concept is None else _looked_through(concept)


def many_codings(owner: Element, name: str) -> tuple[Coding, ...]:
    """Read the codes of a CodeableConcept that repeats."""
    codes: tuple[Coding, ...] = ()
    for concept in owner.many(name):
        found = _plain(concept.fields)
        codes += _looked_through(concept) if found is None else found
    return codes


def read_coding(coding: Element) -> Coding | None:
    """Read a Coding; None without a code."""
    return _coding(coding.text("system"), coding.text("code"), coding.text("display"))


def first_code(owner: Element | None, name: str) -> str | None:
    """Read the first code of a CodeableConcept that an element carries."""
    found = codings(owner, name)
    return found[0].code if found else None


def first_coding(owner: Element | None, name: str) -> Coding | None:
    """Read the first Coding of a CodeableConcept that an element carries."""
    found = codings(owner, name)
    return found[0] if found else None


def _plain(concept: Any) -> tuple[Coding, ...] | None:
    """Read a concept of which every coding has a system and a code; None where it must be looked through instead."""
    found = []
    try:
        rows = concept["coding"]
        if type(rows) is not list:
            return None
        for row in rows:
            system, code, display = row["system"], row["code"], None
            if type(system) is not str or type(code) is not str or not system or not code:
                return None
            if "display" in row:
                display = row["display"]
                if type(display) is not str or not display:
                    return None
            if system != DATA_ABSENT_REASON:
                found.append(Coding(system, code, display))
    except (KeyError, TypeError):
        return None
    return tuple(found)


def _looked_through(concept: Element) -> tuple[Coding, ...]:
    found = [_coding(system, code, display) for system, code, display in concept.rows("coding", _CODING)]
    return tuple([one for one in found if one is not None and one.system != DATA_ABSENT_REASON])


def _coding(system: str | None, code: str | None, display: str | None) -> Coding | None:
    return Coding(system or "", code, display) if code else None


def read_identifier(identifier: Element) -> Identifier | None:
    """Read an Identifier; None without a value."""
    value = identifier.text("value")
    return None if value is None else Identifier(identifier.text("system") or "", value)


def identifiers(elements: list[Element]) -> tuple[Identifier, ...]:
    """Read several Identifiers, those with a value."""
    found = []
    for element in elements:
        identifier = read_identifier(element)
        if identifier is not None:
            found.append(identifier)
    return tuple(found)


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


def timing(element: Element, moment: str, name: str) -> Period | None:
    """Read what happens on a day or in a period: a date or dateTime, named `moment`, or else the Period `name`."""
    if moment in element.fields:
        day = element.days(moment, timed=moment.endswith("DateTime"))
        if day is not None:
            return Period(day[0], day[1])
    return period(element.one(name))


def distinct(found: Sequence[Value]) -> tuple[Value, ...]:
    """Return what was found, each once."""
    return tuple(found) if len(found) <= 1 else tuple(dict.fromkeys(found))


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
