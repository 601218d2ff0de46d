"""What a payer maintains itself, by the engine; and its NPIs must add up, which no profile asks for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from app.codes import NPI, valid_npi
from app.conformance.validator import Validator
from app.fhir.outcome import MOST_ISSUES, Fault, FhirError, Issue
from app.fhir.place import Place, fhirpath

MAINTAINED = ("Patient", "Coverage", "Organization", "Practitioner")
"""The types of resource that are created and updated by FHIR's own interactions."""

_NPI = "An NPI is accepted as ten digits, the last of which is the right check digit."


def check(resource: dict[str, Any], engine: Validator) -> None:
    """Accept a resource that is R4 and meets the profiles it declares, those that the engine knows.

    Raises FhirError UNPROCESSABLE with all that is wrong, each with its place, and no value repeated.
    """
    wrong = [issue for issue in engine.validate(resource) if issue.severity == "error"]
    wrong += islice(_npi_issues(resource, resource["resourceType"]), MOST_ISSUES)
    if wrong:
        raise FhirError(Fault.UNPROCESSABLE, *wrong)


def _npi_issues(value: Any, place: Place) -> Iterator[Issue]:
    """Go through JSON of any shape for identifiers that are an NPI and have another check digit."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _npi_issues(one, (place, index))
    elif isinstance(value, dict):
        number = value.get("value")
        if value.get("system") == NPI and isinstance(number, str) and not valid_npi(number):
            yield Issue(_NPI, fhirpath((place, "value")))
        for name, one in value.items():
            yield from _npi_issues(one, (place, name))
