"""The codes of a CodeableConcept (http://hl7.org/fhir/R4/datatypes.html#CodeableConcept)."""

from __future__ import annotations

from typing import Any

from app.codes import DATA_ABSENT_REASON, canonical

Code = tuple[str, str, str | None]
"""Canonical system, code and display of a Coding; the system is empty if the Coding names none."""


def codes_of(concept: dict[str, Any]) -> list[Code]:
    """Read the codes of a checked CodeableConcept, without the codes that only give the reason for an absent one."""
    return [
        (canonical(coding.get("system", "")), coding["code"], coding.get("display"))
        for coding in concept.get("coding", ())
        if "code" in coding and coding.get("system") != DATA_ABSENT_REASON
    ]
