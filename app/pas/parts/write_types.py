"""Write values of the domain as FHIR datatypes (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.codes import ADJUDICATION, modifier_system
from app.domain.datatypes import Coding, Identifier, Period

Json = dict[str, Any]


def concept(system: str, code: str) -> Json:
    """Write a CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


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


def quantity(value: Decimal, unit: str | None) -> Json:
    """Write a Quantity with the unit of the request. PAS requires a unit, so it is `units` if the request has none."""
    return {"value": value, "unit": unit or _UNIT}


def money(amount: Decimal, currency: str) -> Json:
    """Write a Money. The amount keeps its decimals."""
    return {"value": amount, "currency": currency}


def modifier(code: str) -> Json:
    """Write a modifier as a CodeableConcept of CPT or HCPCS."""
    return concept(modifier_system(code), code)


def extension(url: str, **value: Any) -> Json:
    """Write an extension: its URL and one `value…`, or its parts as `extension`."""
    return {"url": url, **value}


_UNIT = "units"
