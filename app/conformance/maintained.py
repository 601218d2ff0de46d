"""Validate the resources that a payer maintains, including the check digits of NPIs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from app.codes import NPI, canonical, valid_npi
from app.conformance.validator import Validator
from app.fhir.outcome import MOST_ISSUES, Fault, FhirError, Issue
from app.fhir.place import Place, fhirpath

MAINTAINED = ("Patient", "Coverage", "Organization", "Practitioner")
"""The resource types that a payer creates and updates through FHIR interactions."""

_NPI = "An NPI must have ten digits and a valid check digit."


def check(resource: dict[str, Any], engine: Validator) -> None:
    """Check a resource against R4, its declared profiles that the engine knows, and the rule for NPIs.

    Raises FhirError UNPROCESSABLE with all errors and their places; their texts repeat no value.
    """
    errors = [issue for issue in engine.validate(resource) if issue.severity == "error"]
    errors += islice(_npi_issues(resource, resource["resourceType"]), MOST_ISSUES)
    if errors:
        raise FhirError(Fault.UNPROCESSABLE, *errors)


def _npi_issues(value: Any, place: Place) -> Iterator[Issue]:
    """Search JSON of any shape for NPIs with a wrong check digit."""
    if isinstance(value, list):
        for index, below in enumerate(value):
            yield from _npi_issues(below, (place, index))
    elif isinstance(value, dict):
        system, number = value.get("system"), value.get("value")
        is_npi = isinstance(system, str) and canonical(system) == NPI
        if is_npi and isinstance(number, str) and not valid_npi(number):
            yield Issue(_NPI, fhirpath((place, "value")))
        for name, below in value.items():
            yield from _npi_issues(below, (place, name))
