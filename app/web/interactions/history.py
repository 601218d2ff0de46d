"""Answer with the versions of a resource, or of all resources of a type, as a history Bundle of the stored bodies.

http://hl7.org/fhir/R4/http.html#history
"""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from app.fhir.instants import instant
from app.fhir.json import write
from app.pas.edition import Edition
from app.ports import Document
from app.records.paging import Page
from app.records.resources import version_of
from app.records.views import served
from app.search.history import parse_history
from app.web.caller import call_of, permit
from app.web.interactions.bundle_text import Links, bundle_text
from app.web.interactions.page_links import PageLinks, page_links
from app.web.interactions.search_links import with_parameters
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.call import Answer
from app.workflow.served import etag


async def instance_history(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with the versions of one resource."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "r")
    id_ = request.path_params["id"]
    path = f"{resource_type}/{id_}/_history"
    pages = page_links(request.system, call, path)
    query = parse_history(pages.read(request.query))
    page = await served.of_instance(request.system.documents, call.reach, resource_type, id_, query)
    return _page_response(request, page, base, path, pages)


async def type_history(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with the versions of all resources of a type that the caller may see."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "s")
    path = f"{resource_type}/_history"
    pages = page_links(request.system, call, path)
    query = parse_history(pages.read(request.query))
    page = await served.of_type(request.system.documents, call.reach, resource_type, query)
    return _page_response(request, page, base, path, pages)


def _page_response(request: FhirRequest, page: Page, base: str, path: str, pages: PageLinks) -> Response:
    params, own = request.query, f"{base}/{path}"
    next_url = None if page.next is None else with_parameters(own, pages.next(params, page.next))
    links = Links(with_parameters(own, params), next_url)
    head = {"resourceType": "Bundle", "type": "history", "link": links.bundle_links()}
    body = bundle_text(head, (_entry(document, base) for document in page.documents))
    return respond(Answer(body, documents=page.documents))


def _entry(document: Document, base: str) -> str:
    """Write one version with the request that made it: a create for version 1, else an update."""
    first = version_of(document) == 1
    local = f"{document.kind}/{document.id}"
    made_by = {"method": "POST", "url": document.kind} if first else {"method": "PUT", "url": local}
    response = {
        "status": "201" if first else "200",
        "etag": etag(document),
        "lastModified": instant(datetime.fromisoformat(document.updated)),
    }
    full_url = write(f"{base}/{local}")
    return (
        f'{{"fullUrl":{full_url},"resource":{document.body},"request":{write(made_by)},"response":{write(response)}}}'
    )
