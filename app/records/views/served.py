"""Read what clients see of every served type, and make an ExplanationOfBenefit where one is read.

The interactions read through this module. A caller sees an ExplanationOfBenefit if the reach of its own type includes
the ClaimResponse that it is made from.
"""

from __future__ import annotations

from collections.abc import Awaitable

from msgspec.structs import replace

from app.access.reach import Reach
from app.codes import PDEX_PRIOR_AUTHORIZATION
from app.fhir.outcome import Fault, FhirError
from app.ports import Document, Documents, Order
from app.records import history, resources
from app.records.paging import PAGE_BYTES, Page, position
from app.records.resources import not_found
from app.records.views.benefits import KIND, SOURCE, USE, benefits_of
from app.search.history import HistoryQuery
from app.search.parsing import Search
from app.search.values import Condition

_TERMS = {"claim": "request", "provider": "requestor"}
"""The terms of a ClaimResponse for search parameters of an ExplanationOfBenefit with other names."""

_PROFILES = frozenset({"", "|2.1.0", "|2.2.0"})


async def read(documents: Documents, reach: Reach, type_: str, id_: str) -> Document:
    """Return the current version. Raises FhirError NOT_FOUND, with the same text if it exists outside the Reach."""
    if type_ != KIND:
        return await resources.read(documents, reach, type_, id_)
    return await _one(documents, resources.read(documents, _of_source(reach), SOURCE, id_))


async def vread(documents: Documents, reach: Reach, type_: str, id_: str, version: str) -> Document:
    """Return one version of a resource that the caller sees. Raises FhirError NOT_FOUND as `read` does."""
    if type_ != KIND:
        return await resources.vread(documents, reach, type_, id_, version)
    return await _one(documents, resources.vread(documents, _of_source(reach), SOURCE, id_, version))


async def search(documents: Documents, reach: Reach, search: Search) -> Page:
    """Return a page of the matches that the caller sees, as `resources.search` does."""
    if search.type != KIND:
        return await resources.search(documents, reach, search)
    translated = _translated(search)
    if translated is None:
        return Page((), None, 0 if search.total or search.count == 0 else None)
    page = await resources.search(documents, _of_source(reach), translated)
    return await _page(documents, page, Order(search.order))


async def of_instance(documents: Documents, reach: Reach, type_: str, id_: str, query: HistoryQuery) -> Page:
    """Return a page of the versions of one resource, as `history.of_instance` does."""
    if type_ != KIND:
        return await history.of_instance(documents, reach, type_, id_, query)
    await read(documents, reach, type_, id_)
    page = await history.of_instance(documents, _of_source(reach), SOURCE, id_, query)
    return await _page(documents, page, Order.UPDATED)


async def of_type(documents: Documents, reach: Reach, type_: str, query: HistoryQuery) -> Page:
    """Return a page of the versions of all resources of a type, as `history.of_type` does."""
    if type_ != KIND:
        return await history.of_type(documents, reach, type_, query)
    page = await history.of_type(documents, _of_source(reach), SOURCE, query)
    return await _page(documents, page, Order.UPDATED)


def _of_source(reach: Reach) -> Reach:
    return reach.standing_for(KIND, SOURCE, _TERMS)


async def _one(documents: Documents, reading: Awaitable[Document]) -> Document:
    try:
        response = await reading
    except FhirError as error:
        raise (not_found(KIND) if error.fault is Fault.NOT_FOUND else error) from None
    made = await benefits_of(documents, [response], PAGE_BYTES)
    if not made.documents:
        raise not_found(KIND)
    return made.documents[0]


async def _page(documents: Documents, page: Page, order: Order) -> Page:
    made = await benefits_of(documents, page.documents, PAGE_BYTES)
    if made.consumed == len(page.documents):
        return Page(made.documents, page.next, page.total)
    return Page(made.documents, position(page.documents[made.consumed - 1], order), page.total)


def _translated(search: Search) -> Search | None:
    """Return the search of ClaimResponses with the same matches; None if no ExplanationOfBenefit can match."""
    own = [condition for condition in search.conditions if condition.name == "_profile"]
    if any(not _names_profile(condition) for condition in own):
        return None
    conditions = (Condition(_TERMS.get(name, name), values) for name, values in search.conditions if name != "_profile")
    ranges = (span._replace(name=_TERMS.get(span.name, span.name)) for span in search.ranges)
    requests = Condition("use", (USE,))
    return replace(search, type=SOURCE, conditions=(*conditions, requests), ranges=tuple(ranges), includes=())


def _names_profile(condition: Condition) -> bool:
    return any(value.removeprefix(PDEX_PRIOR_AUTHORIZATION) in _PROFILES for value in condition.values)
