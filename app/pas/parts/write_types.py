"""Write values of the domain as FHIR datatypes (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.codes import ADJUDICATION, X12_UNIT, modifier_system
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.units import Unit, name_of

Json = dict[str, Any]


def concept(system: str, code: str) -> Json:
    """Write a CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


SEQUENCES = ("itemSequence", "detailSequence", "subDetailSequence")
"""The elements that number the answers to an item, to its detail and to a subDetail."""

BELOW = ("detail", "subDetail")
"""The elements with the answers below an item, and below a detail."""

SUBMITTED = concept(ADJUDICATION, "submitted")
"""The adjudication category of submitted amounts and of review actions."""


def coding(value: Coding) -> Json:
    """Write a Coding, with the display of the submitter."""
    written = {"code": value.code}
    if value.system:
        written = {"system": value.system, **written}
    return {**written, "display": value.display} if value.display else written


def coded(value: Coding) -> Json:
    """Write a CodeableConcept of a Coding."""
    return {"coding": [coding(value)]}


def identifier(value: Identifier) -> Json:
    """Write an Identifier."""
    return {"system": value.system, "value": value.value} if value.system else {"value": value.value}


def period(value: Period) -> Json:
    """Write a Period of calendar days."""
    written = {}
    if value.start is not None:
        written["start"] = value.start.isoformat()
    if value.end is not None:
        written["end"] = value.end.isoformat()
    return written


def quantity(value: Decimal, unit: Unit | None) -> Json:
    """Write a Quantity with the text of the unit as sent. PAS requires a text, and allows only codes of X12 673."""
    if unit is None or unit.text is None:
        written = {"value": value, "unit": name_of(unit)}
    else:
        written = {"value": value, "unit": unit.text}
    if unit is not None and unit.code is not None and unit.system == X12_UNIT:
        written |= {"system": X12_UNIT, "code": unit.code}
    return written


def money(amount: Decimal, currency: str) -> Json:
    """Write a Money. The amount keeps its decimals."""
    return {"value": amount, "currency": currency}


def modifier(code: str) -> Json:
    """Write a modifier as a CodeableConcept of CPT or HCPCS."""
    return concept(modifier_system(code), code)


def extension(url: str, **value: Any) -> Json:
    """Write an extension: its URL and one `value…`, or its parts as `extension`."""
    return {"url": url, **value}
