"""Conditional create: of several racing creates with the same If-None-Exist, one makes a resource.

Two conditions are the same if they have the same parameters and values, in any order. Creates with different conditions
can both commit, even if one resource fits both. http://hl7.org/fhir/R4/http.html#ccreate
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.fhir.outcome import Fault, FhirError
from app.ports import Document
from app.records import resources
from app.records.conditions import StoredCondition, read_condition
from app.search.parameters import Search, parse_search
from app.workflow.call import Call
from app.workflow.system import System


class IfNoneExist(Struct, frozen=True):
    """The search of If-None-Exist, which must have no match. Equal conditions of a payer have the same `key`."""

    search: Search
    key: str


class Existing(Exception):  # noqa: N818 - no error: the answer is the existing resource
    """One resource matches the condition already; no create is needed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        super().__init__("One resource matches the condition.")


def read_if_none_exist(
    call: Call, payer: str, type_: str, criteria: Sequence[tuple[str, str]] | None
) -> IfNoneExist | None:
    """Read the parameters of If-None-Exist; None without that header. Raises FhirError PARAMETER."""
    if criteria is None:
        return None
    search = parse_search(type_, criteria, base_url=call.base, lenient=False)
    conditions = sorted((name, sorted(values)) for name, values in search.conditions)
    if not (search.conditions or search.ranges) or replace(search, conditions=(), ranges=()) != Search(type_):
        text = f"If-None-Exist must have search parameters of {type_} only, without controls such as _count or _sort."
        raise FhirError(Fault.PARAMETER, text)
    normalized = repr((payer, type_, conditions, sorted(map(repr, search.ranges))))
    return IfNoneExist(search, hashlib.sha256(normalized.encode()).hexdigest())


async def check_unmet(system: System, call: Call, condition: IfNoneExist) -> StoredCondition:
    """Search for the condition and return its row, which lets only one of several creates commit.

    The row is read before the search: if another create commits after the search, the row has changed and this create
    conflicts. Raises Existing if one resource fits, FhirError AMBIGUOUS if several do.
    """
    stored = await read_condition(system.documents, condition.key)
    page = await resources.search(system.documents, call.reach, replace(condition.search, count=2))
    if len(page.documents) > 1:
        raise FhirError(
            Fault.AMBIGUOUS,
            "If-None-Exist must match at most one resource, but several match. No resource was created.",
        )
    if page.documents:
        raise Existing(page.documents[0])
    return stored
