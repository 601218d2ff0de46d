"""Searches that begin with another search: a chained one with that for Patients, one by number with that for links.

http://hl7.org/fhir/R4/search.html#chaining
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from app.access.reach import Reach, Terms
from app.fhir.outcome import Fault, FhirError
from app.ports import AnyOf, Document, Documents, Query
from app.records.kinds import ANSWER, NUMBER, NUMBERED
from app.records.paging import PAGE_BYTES, fitting, time_limited
from app.records.queries import query_of
from app.search.parameters import Search, comparable_value
from app.search.values import Condition, Lookup, Span, carried

MAX_PATIENTS = 100
"""The most Patients that may fit."""

MOST_LINKED = 1_000
"""The most bills that are found by their links, the newest first."""

_BILL = ("use", "claim")
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


async def with_linked(documents: Documents, reach: Reach, search: Search) -> Search:
    """Return the search with the linked bills as further values of the authorization number.

    A payer links a bill automatically, or an authorization gets another number after the bill. Only the answers and the
    authorizations that the caller sees make links.
    """
    within = reach.terms(ANSWER) if search.type in NUMBERED else None
    if within is None or not any(condition.name == NUMBER for condition in search.conditions):
        return search
    conditions = [
        await _linked(documents, within, search.type, condition) if condition.name == NUMBER else condition
        for condition in search.conditions
    ]
    return replace(search, conditions=tuple(conditions))


async def _linked(documents: Documents, within: Terms, type_: str, condition: Condition) -> Condition:
    numbers = [comparable_value(NUMBER, value) for value in condition.values]
    numbered = await _answers(documents, within, AnyOf(NUMBER, tuple(numbers)))
    approvals = tuple(f"{ANSWER}/{answer.id}" for answer in numbered if not _is_bill(answer))
    bills = [answer for answer in numbered if _is_bill(answer)]
    if approvals:
        bills += await _answers(documents, within, AnyOf("authorization", approvals))
    ids = [bill.id for bill in bills] if type_ == ANSWER else _claims(bills)
    return condition._replace(values=tuple(dict.fromkeys((*condition.values, *ids))))


async def _answers(documents: Documents, within: Terms, condition: AnyOf) -> list[Document]:
    terms = (condition, *(AnyOf(name, values) for name, values in within))
    with time_limited():
        return await documents.find(Query(ANSWER, terms, descending=True, limit=MOST_LINKED))


def _is_bill(answer: Document) -> bool:
    return _BILL in answer.terms


def _claims(answers: Iterable[Document]) -> list[str]:
    references = (value for answer in answers for name, value in answer.terms if name == "request")
    return [reference.removeprefix("Claim/") for reference in references]
