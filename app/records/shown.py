"""The part of a document that the caller sees. Every read within a Reach must return its documents through `shown`."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.reach import Reach
from app.fhir.outcome import Fault, FhirError
from app.ports import Document
from app.search.parameters import Search, searched_elements
from app.search.subsets import only, without


def shown(reach: Reach, document: Document) -> Document:
    """Return the document with only the elements that the caller sees; its version and its terms stay."""
    elements, hidden = reach.elements(document.kind), reach.hides(document.kind, document.terms)
    if elements is not None:
        return replace(document, body=only(elements, document.body))
    return document if hidden is None else replace(document, body=without(*hidden, document.body))


def check_searched(reach: Reach, search: Search) -> None:
    """Check that the conditions are on elements that the caller sees: a match would tell the value of another.

    Raises FhirError FORBIDDEN.
    """
    elements = reach.elements(search.type)
    if elements is None:
        return
    names = [*(condition.name for condition in search.conditions), *(span.name for span in search.ranges)]
    for name in dict.fromkeys(names):
        if not searched_elements(search.type, name) <= elements:
            raise FhirError(Fault.FORBIDDEN, f"The role of this caller must not search {search.type} by {name}.")
