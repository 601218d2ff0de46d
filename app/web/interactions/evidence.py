"""Serve the evidence of requests: a document's resource as FHIR, and its bytes as they are.

http://hl7.org/fhir/R4/binary.html
"""

from __future__ import annotations

from base64 import b64encode

from starlette.responses import Response

from app.fhir.json import write
from app.pas.asking.write_evidence import Binary
from app.pas.edition import Edition
from app.web.caller import call_of, permit
from app.web.headers.lists import items
from app.web.headers.media_types import FORMATS, MEDIA_TYPE
from app.web.request import FhirRequest
from app.web.respond import Answered, respond
from app.workflow.call import Answer
from app.workflow.followup import evidence

_SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


async def read_evidence(type_: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with a resource that came as evidence."""
    call = await call_of(request, edition, base)
    permit(call, type_, "r")
    return respond(await evidence.read_evidence(request.system, call, type_, request.path_params["id"]))


async def read_binary(request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with the bytes of a document; with a Binary as JSON if the client asks for FHIR.

    No browser opens the document in place: it came from outside, and may be a page with scripts.
    """
    call = await call_of(request, edition, base)
    permit(call, "Binary", "r")
    id_ = request.path_params["id"]
    binary, answer = await evidence.read_binary(request.system, call, id_)
    headers = {"Content-Disposition": f'attachment; filename="{id_}"', "Content-Security-Policy": _SANDBOX}
    if _wants_fhir(request):
        return Answered(_as_resource(id_, binary, answer), headers)
    return Answered(answer, headers, binary.data, binary.media_type)


def _as_resource(id_: str, binary: Binary, answer: Answer) -> Answer:
    data = b64encode(binary.data).decode()
    resource = {"resourceType": "Binary", "id": id_, "contentType": binary.media_type, "data": data}
    return Answer(write(resource), documents=answer.documents)


def _wants_fhir(request: FhirRequest) -> bool:
    """Return whether `_format` or Accept names FHIR's JSON."""
    formats = [value for name, value in request.query if name == "_format"]
    if formats:
        return formats[-1] in FORMATS
    return any(media_range.name == MEDIA_TYPE for media_range in items(request.listed(b"accept") or ""))
