"""Serve definitions, our own and the guide's: any client may read them by id and search them by canonical URL.

http://hl7.org/fhir/R4/conformance-module.html. They are files of the program, without versions or histories.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.responses import Response

from app.conformance.capability import definitions
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.pas.edition import Edition
from app.ports import Document, Position
from app.records.paging import Page, position_after
from app.search.canonicals import DEFINED, parse_definition_search
from app.search.parsing import Search
from app.web.interactions.page_links import public_page_links
from app.web.interactions.search import is_lenient
from app.web.interactions.search_links import get_links
from app.web.interactions.searchset import searchset
from app.web.pacing import pace_by_address
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.call import Answer

Shelf = Mapping[str, Document]


async def read_definition(type_: str, request: FhirRequest, edition: Edition, _: str) -> Response:
    """Answer with one definition."""
    pace_by_address(request.scope, request.system)
    document = _published(edition.version)[type_].get(request.path_params["id"])
    if document is None:
        raise FhirError(Fault.NOT_FOUND, f"No {type_} has this id. Search by url to find one.")
    return respond(Answer(document.body))


async def search_definitions(type_: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with a page of definitions, ordered by id."""
    pace_by_address(request.scope, request.system)
    pages = public_page_links(request.system, type_)
    params = pages.read(request.query)
    search = parse_definition_search(type_, params, base_url=base, lenient=is_lenient(request))
    page = _page(_published(edition.version)[type_], search)
    links = get_links(search, base, request.query, page.next, pages)
    return respond(Answer(searchset(page, (), search, base, links)))


def _page(shelf: Shelf, search: Search) -> Page:
    matches = [document for document in shelf.values() if _meets(document, search)]
    after = position_after(search.page).id if search.page else ""
    rest = [document for document in matches if document.id > after]
    documents = tuple(rest[: search.count])
    more = Position("", documents[-1].id) if documents and len(rest) > search.count else None
    return Page(documents, more, len(matches))


def _meets(document: Document, search: Search) -> bool:
    terms = document.terms
    return all(any((condition.name, value) in terms for value in condition.values) for condition in search.conditions)


@cache
def _published(edition_version: str) -> Mapping[str, Shelf]:
    """Load the definitions of an edition at the first request for one."""
    shelves: dict[str, dict[str, Document]] = {type_: {} for type_ in DEFINED}
    for resource in sorted(definitions(edition_version), key=lambda resource: str(resource["id"])):
        shelves[resource["resourceType"]][resource["id"]] = _document(resource)
    return shelves


def _document(resource: dict[str, Any]) -> Document:
    url = resource["url"]
    terms = (("_id", resource["id"]), ("url", url), ("url", f"{url}|{resource.get('version')}"))
    return Document(resource["resourceType"], resource["id"], write(resource), terms)
