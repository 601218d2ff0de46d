"""Read FHIR datatypes into values of the domain (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from app.domain.coding.shapes import shape_problem
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.units import Unit, unit_of
from app.fhir.concepts import codes_of
from app.fhir.element import Element

Value = TypeVar("Value")

CONCEPT = "valueCodeableConcept"
"""The element in which an extension carries a CodeableConcept."""


def codings(owner: Element | None, name: str) -> tuple[Coding, ...]:
    """Read the codes of a CodeableConcept that an element carries as `name`."""
    concept = None if owner is None else owner.fields.get(name)
    return () if concept is None else tuple([Coding(*code) for code in codes_of(concept)])


def many_codings(owner: Element, name: str) -> tuple[Coding, ...]:
    """Read the codes of a CodeableConcept that repeats."""
    return tuple([Coding(*code) for concept in owner.fields.get(name, ()) for code in codes_of(concept)])


def possible_codings(owner: Element, name: str, severity: str = "error") -> tuple[Coding, ...]:
    """Read the codes of a CodeableConcept; note each that cannot be a code of its system."""
    read = codings(owner, name)
    for coding in read:
        problem = shape_problem(coding)
        if problem is not None:
            owner.note(problem, name, code="code-invalid", severity=severity)
    return read


def read_coding(coding: Element) -> Coding | None:
    """Read a Coding; None if it has no code."""
    codes = codes_of({"coding": [coding.fields]})
    return Coding(*codes[0]) if codes else None


def first_code(owner: Element | None, name: str) -> str | None:
    """Read the first code of a CodeableConcept that an element carries."""
    codes = codings(owner, name)
    return codes[0].code if codes else None


def first_coding(owner: Element | None, name: str) -> Coding | None:
    """Read the first Coding of a CodeableConcept that an element carries."""
    codes = codings(owner, name)
    return codes[0] if codes else None


def single_coding(owner: Element | None, name: str) -> Coding | None:
    """Read the first Coding of a CodeableConcept. Another code of its system is an issue: only one can be read."""
    codes = codings(owner, name)
    if owner is not None and any(code.system == codes[0].system and code.code != codes[0].code for code in codes[1:]):
        owner.note("The codings must not have different codes of one system.", name, code="code-invalid")
    return codes[0] if codes else None


def read_identifier(identifier: Element) -> Identifier | None:
    """Read an Identifier; None if it has no value."""
    value = identifier.text("value")
    return None if value is None else Identifier(identifier.text("system") or "", value)


def identifiers(elements: list[Element]) -> tuple[Identifier, ...]:
    """Read the Identifiers that have a value."""
    return tuple(identifier for identifier in map(read_identifier, elements) if identifier is not None)


def period(element: Element | None) -> Period | None:
    """Read a Period as calendar days; None if it has neither start nor end."""
    if element is None:
        return None
    start, end = element.days("start"), element.days("end")
    if start is None and end is None:
        return None
    if start is not None and end is not None and end[1] < start[0]:
        element.note("A period must not end before it starts.")
    return Period(start[0] if start else None, end[1] if end else None)


def timing(element: Element, moment: str, name: str) -> Period | None:
    """Read the date or dateTime `moment`, else the Period `name`, as a period of calendar days."""
    days = element.days(moment)
    if days is not None:
        return Period(*days)
    return period(element.one(name))


def distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    """Return the values without duplicates, in order."""
    return tuple(dict.fromkeys(values))


def amount(quantity: Element | None) -> tuple[Decimal | None, Unit | None]:
    """Read a Quantity as its value and its unit. Issues: no value, a value of zero or less, and a comparator."""
    if quantity is None:
        return None, None
    value = exact_value(quantity)
    if value is None:
        quantity.missing("value", "A quantity must have a value.")
    elif value <= 0:
        quantity.note("`quantity.value` must be greater than 0.")
    return value, unit_of_quantity(quantity)


def unit_of_quantity(quantity: Element) -> Unit | None:
    """Read the unit of a Quantity, as sent."""
    return unit_of(quantity.text("code"), quantity.text("system"), quantity.text("unit"))


def exact_value(quantity: Element) -> Decimal | None:
    """Read the value of a Quantity. A comparator is an issue at every level: `> 4` is not 4."""
    if "comparator" in quantity.fields:
        quantity.note("A quantity must be exact, so it must not have a comparator.")
    return quantity.decimal("value")
