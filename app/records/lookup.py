"""Chained searches: find the caller's Patients that fit, then search for references to them.

http://hl7.org/fhir/R4/search.html#chaining
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.access.reach import Reach
from app.fhir.outcome import Fault, FhirError
from app.ports import Documents
from app.records.paging import PAGE_BYTES, fitting, time_limited
from app.records.queries import query_of
from app.search.parameters import Search
from app.search.values import Condition, Lookup, Span, carried

MAX_PATIENTS = 100
"""The most Patients that may fit."""

_NEXT = "\0"
"""A text followed by this character is the next text in order."""


async def resolve_lookups(documents: Documents, reach: Reach, search: Search) -> Search:
    """Return the search with references in place of its lookups; it finds only Patients that the caller sees.

    Raises FhirError TOO_COSTLY if too many Patients fit.
    """
    if not search.lookups:
        return search
    resolved = [_referring(lookup, await _patients(documents, reach, lookup)) for lookup in search.lookups]
    return replace(
        search,
        conditions=(*search.conditions, *(part for part in resolved if isinstance(part, Condition))),
        ranges=(*search.ranges, *(part for part in resolved if isinstance(part, Span))),
        lookups=(),
    )


async def _patients(documents: Documents, reach: Reach, lookup: Lookup) -> list[str]:
    """Return the references to the caller's Patients that fit."""
    within = reach.terms("Patient")
    if within is None:
        return []
    patients = Search("Patient", count=MAX_PATIENTS)
    if isinstance(lookup.identifier, Span):
        patients = replace(patients, ranges=(lookup.identifier,))
    else:
        patients = replace(patients, conditions=(lookup.identifier,))
    with time_limited():
        matches = await documents.find(query_of(patients, within, PAGE_BYTES))
    if len(fitting(matches[:MAX_PATIENTS], PAGE_BYTES)) < len(matches):
        text = f"{lookup.name}: The identifier must match at most {MAX_PATIENTS} Patients."
        raise FhirError(Fault.TOO_COSTLY, text)
    return [f"Patient/{patient.id}" for patient in matches]


def _referring(lookup: Lookup, references: Sequence[str]) -> Condition | Span:
    """Return the condition on the reference: one of `references`, or the identifier that the reference carries."""
    if not lookup.carried:
        return Condition(lookup.name, tuple(references))
    own = carried(lookup.name, lookup.identifier)
    if isinstance(own, Condition):
        return Condition(lookup.name, (*references, *own.values))
    return own._replace(others=tuple((reference, reference + _NEXT) for reference in references))
