"""Conditions on a Patient that the matches refer to: those of the caller's own Patients that fit are found first.

http://hl7.org/fhir/R4/search.html#chaining
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.access.reach import Reach
from app.fhir.outcome import Fault, FhirError
from app.ports import Documents
from app.records.paging import PAGE_BYTES, fitting, in_time
from app.records.queries import query_of
from app.search.parameters import Search
from app.search.values import Condition, Lookup, Span, carried

MAX_PATIENTS = 100
"""How many Patients may fit."""

_NEXT = "\0"
"""Behind a text with this, the first text after it begins."""


async def looked_up(documents: Documents, reach: Reach, search: Search) -> Search:
    """Return the search with references in place of its lookups; a Patient that the caller may not see is not found.

    Raises FhirError TOO_COSTLY where too many Patients fit.
    """
    if not search.lookups:
        return search
    found = [_asked(lookup, await _patients(documents, reach, lookup)) for lookup in search.lookups]
    return replace(
        search,
        conditions=(*search.conditions, *(one for one in found if isinstance(one, Condition))),
        ranges=(*search.ranges, *(one for one in found if isinstance(one, Span))),
        lookups=(),
    )


async def _patients(documents: Documents, reach: Reach, lookup: Lookup) -> list[str]:
    """Return the references to the caller's Patients that fit."""
    within = reach.terms("Patient")
    if within is None:
        return []
    patients = Search("Patient", count=MAX_PATIENTS)
    if isinstance(lookup.asked, Span):
        patients = replace(patients, ranges=(lookup.asked,))
    else:
        patients = replace(patients, conditions=(lookup.asked,))
    with in_time():
        found = await documents.find(query_of(patients, within, PAGE_BYTES))
    if len(fitting(found[:MAX_PATIENTS], PAGE_BYTES)) < len(found):
        raise FhirError(Fault.TOO_COSTLY, f"{lookup.name}: The identifier must fit {MAX_PATIENTS} Patients at most.")
    return [f"Patient/{patient.id}" for patient in found]


def _asked(lookup: Lookup, references: Sequence[str]) -> Condition | Span:
    """Ask for one of the references or, where that counts too, for a reference that carries the identifier."""
    if not lookup.carried:
        return Condition(lookup.name, tuple(references))
    own = carried(lookup.name, lookup.asked)
    if isinstance(own, Condition):
        return Condition(lookup.name, (*references, *own.values))
    return own._replace(others=tuple((reference, reference + _NEXT) for reference in references))
