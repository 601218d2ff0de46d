"""Search by type: parameters in the address, or in a form that keeps them out of it.

http://hl7.org/fhir/R4/http.html#search
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from app.pas.edition import Edition
from app.ports import Position
from app.records import resources
from app.records.include import with_included
from app.search.parameters import parse_search
from app.search.parsing import Search
from app.web.deps import call_of, form, permit
from app.web.headers.media_types import negotiate_format
from app.web.headers.preferences import preference
from app.web.interactions.bundle_text import Links
from app.web.interactions.search_links import Parameters, get_links, post_links, posted
from app.web.interactions.searchset import searchset
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.system import Answer, Call

Linked = Callable[[Search, Position | None], Links]


async def get_search(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Search with the parameters of the address."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "s")
    asked = request.query
    return await _found(request, call, resource_type, asked, lambda search, end: get_links(search, base, asked, end))


async def post_search(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Search with the parameters of the address and of the form, which hold together."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "s")
    asked = [*request.query, *await form(request)]
    for _, value in (pair for pair in asked if pair[0] == "_format"):
        negotiate_format(value)
    return await _found(
        request, call, resource_type, posted(asked), lambda search, end: post_links(search.type, base, asked, end)
    )


def is_strict(request: FhirRequest) -> bool:
    """Whether the client wants unknown parameters to be refused (http://hl7.org/fhir/R4/search.html#errors)."""
    return preference(request, "handling") == "strict"


async def _found(request: FhirRequest, call: Call, resource_type: str, asked: Parameters, linked: Linked) -> Response:
    search = parse_search(resource_type, asked, base_url=call.base, lenient=not is_strict(request))
    if search.lookups:
        permit(call, "Patient", "s")
    for include in search.includes:
        permit(call, include.type, "s" if include.reverse else "r")
    documents = request.system.documents
    page = await resources.search(documents, call.reach, search)
    page, beside = await with_included(documents, call.reach, search, page)
    return respond(Answer(searchset(page, beside, search, call.base, linked(search, page.next))))
