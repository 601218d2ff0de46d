"""The codes of a CodeableConcept (http://hl7.org/fhir/R4/datatypes.html#CodeableConcept)."""

from __future__ import annotations

from typing import Any

from app.codes import DATA_ABSENT_REASON

Code = tuple[str, str, str | None]
"""System, code and display of a Coding; the system is empty if the Coding names none."""


def codes_of(concept: dict[str, Any]) -> list[Code]:
    """Read the codes of a CodeableConcept that was checked, without those that only say why a code is absent."""
    codes = (code_of(coding) for coding in concept.get("coding", ()))
    return [code for code in codes if code is not None and code[0] != DATA_ABSENT_REASON]


def code_of(coding: dict[str, Any]) -> Code | None:
    """Read a Coding; None if it has no code."""
    return (coding.get("system", ""), coding["code"], coding.get("display")) if "code" in coding else None
