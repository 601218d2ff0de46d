"""A conditional create: at most one resource is made for the same If-None-Exist, whoever races.

Two conditions are the same where they ask the same of the same parameters, in any order. Creates that race under others
are not kept apart. http://hl7.org/fhir/R4/http.html#ccreate
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
from app.workflow.system import Call, System


class Condition(Struct, frozen=True):
    """What must not exist yet. `key` is the same for all who ask for the same, of the same payer."""

    search: Search
    key: str


class Existing(Exception):  # noqa: N818 - no error: what the condition asked for is there
    """One resource fits the condition already."""

    def __init__(self, document: Document) -> None:
        self.document = document
        super().__init__("there already")


def read_if_none_exist(
    call: Call, payer: str, type_: str, criteria: Sequence[tuple[str, str]] | None
) -> Condition | None:
    """Read the parameters of If-None-Exist; None where there are none to read. Raises FhirError PARAMETER."""
    if criteria is None:
        return None
    search = parse_search(type_, criteria, base_url=call.base, lenient=False)
    conditions = sorted((name, sorted(values)) for name, values in search.conditions)
    if not (search.conditions or search.ranges) or replace(search, conditions=(), ranges=()) != Search(type_):
        text = "If-None-Exist: Search parameters of the type are accepted, and none that shape an answer."
        raise FhirError(Fault.PARAMETER, text)
    rows = repr((payer, type_, conditions, sorted(map(repr, search.ranges))))
    return Condition(search, hashlib.sha256(rows.encode()).hexdigest())


async def unmet(system: System, call: Call, condition: Condition) -> StoredCondition:
    """Return the row by which only one of several creates under the same condition commits, where nothing fits it.

    The row is read before the search: who finds nothing, and does not find the row as it was, was not the first.
    Raises Existing with the one resource that fits, FhirError AMBIGUOUS where several do.
    """
    stored = await read_condition(system.documents, condition.key)
    page = await resources.search(system.documents, call.reach, replace(condition.search, count=2))
    if len(page.documents) > 1:
        raise FhirError(Fault.AMBIGUOUS, "If-None-Exist: More than one resource fits; nothing was created.")
    if page.documents:
        raise Existing(page.documents[0])
    return stored
