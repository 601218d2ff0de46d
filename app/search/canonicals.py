"""Search for definitions by canonical URL or id.

http://hl7.org/fhir/R4/resource.html#canonical
"""

from __future__ import annotations

from collections.abc import Sequence

from app.search.parameters import COMMON, R4
from app.search.parsing import Search, parse
from app.search.terms import Kind, SearchParameter

DEFINED = ("StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter", "OperationDefinition", "Measure")
"""The types of the definitions that the server publishes. They are files, not stored resources."""

DEFINITION_PARAMETERS = (COMMON[0], SearchParameter("url", Kind.URI, f"{R4}conformance-url"))

_PARTS = frozenset({"_summary", "_elements"})


def parse_definition_search(type_: str, params: Sequence[tuple[str, str]], *, base_url: str, lenient: bool) -> Search:
    """Read the query of a search for definitions.

    Matches are complete resources: `_summary` and `_elements` have no effect. Raises FhirError PARAMETER as
    `parse_search` does.
    """
    rows = {row.name: row for row in DEFINITION_PARAMETERS}
    relevant = [(name, value) for name, value in params if name not in _PARTS]
    return parse(type_, rows, relevant, base_url=base_url, lenient=lenient)
