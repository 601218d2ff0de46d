"""Search by type, with parameters in the URL or in a form that keeps them out of it.

http://hl7.org/fhir/R4/http.html#search
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from app.pas.edition import Edition
from app.ports import Position
from app.records.include import with_included
from app.records.views import served
from app.search.parameters import parse_search
from app.search.parsing import Search
from app.web.body import read_form
from app.web.caller import call_of, permit
from app.web.headers.media_types import negotiate_format
from app.web.headers.preferences import preference
from app.web.interactions.bundle_text import Links
from app.web.interactions.page_links import Parameters, page_links
from app.web.interactions.search_links import get_links, post_links
from app.web.interactions.searchset import searchset
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.call import Answer, Call

LinksTo = Callable[[Search, Position | None], Links]
"""Returns the links of a page, given the position of the next one."""


async def get_search(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Search with the parameters of the URL."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "s")
    params = request.query
    pages = page_links(request.system, call, f"GET {resource_type}")
    return await _search(
        request,
        call,
        resource_type,
        pages.read(params),
        lambda search, end: get_links(search, base, params, end, pages),
    )


async def post_search(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Search with the parameters of the URL and of the form together."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "s")
    params = [*request.query, *await read_form(request)]
    for name, value in params:
        if name == "_format":
            negotiate_format(value)
    pages = page_links(request.system, call, f"POST {resource_type}")
    return await _search(
        request,
        call,
        resource_type,
        pages.read(params),
        lambda search, end: post_links(search.type, base, params, end, pages),
    )


def is_lenient(request: FhirRequest) -> bool:
    """Return whether the client wants unknown parameters ignored (http://hl7.org/fhir/R4/search.html#errors)."""
    return preference(request, "handling") == "lenient"


async def _search(
    request: FhirRequest, call: Call, resource_type: str, params: Parameters, links_to: LinksTo
) -> Response:
    search = parse_search(resource_type, params, base_url=call.base, lenient=is_lenient(request), now=call.now)
    if search.lookups:
        permit(call, "Patient", "s")
    for include in search.includes:
        permit(call, include.type, "s" if include.reverse else "r")
    documents = request.system.documents
    page = await served.search(documents, call.reach, search)
    page, included = await with_included(documents, call.reach, search, page)
    body = searchset(page, included, search, call.base, links_to(search, page.next))
    return respond(Answer(body, documents=(*page.documents, *included)))
