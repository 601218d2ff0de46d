"""Answers and errors as HTTP responses: FHIR JSON, ETag, Location."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any

from starlette.responses import Response

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, operation_outcome
from app.workflow.system import Answer

MEDIA_TYPE = "application/fhir+json"
_CONTENT_TYPE = (b"content-type", MEDIA_TYPE.encode())
RETRY_AFTER_SECONDS = "2"
PAS_OPERATIONS = ("/Claim/$submit", "/Claim/$inquire")


class _Answered(Response):
    """An answer as HTTP: what Starlette would first find out about its body and its headers is known here."""

    def __init__(self, body: bytes, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code = status
        self.body = body
        self.raw_headers = [*headers, (b"content-length", b"%d" % len(body)), _CONTENT_TYPE]
        self.background = None


def respond(answer: Answer) -> Response:
    """Render an answer."""
    headers: list[tuple[bytes, bytes]] = []
    if answer.etag is not None:
        headers.append((b"etag", answer.etag.encode()))
    if answer.last_modified is not None:
        headers.append((b"last-modified", format_datetime(answer.last_modified, usegmt=True).encode()))
    if answer.location is not None:
        headers.append((b"location", answer.location.encode("latin-1")))
    return _Answered(answer.body.encode(), answer.status, headers)


def respond_resource(resource: dict[str, Any], status: int = 200) -> Response:
    """Render a resource made for this answer."""
    return Response(write(resource), status, media_type=MEDIA_TYPE)


def respond_error(path: str, error: FhirError) -> Response:
    """Render what went wrong; a 5xx of `Claim/$submit` and `$inquire` has no OperationOutcome, by PAS's rule."""
    headers: dict[str, str] = {}
    if error.fault is Fault.LOGIN:
        headers["WWW-Authenticate"] = 'Bearer realm="preauth"'
    if error.fault is Fault.BUSY:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if error.status >= 500 and path.endswith(PAS_OPERATIONS):  # noqa: PLR2004 - the class of statuses
        return Response(status_code=error.status, headers=headers)
    return Response(write(operation_outcome(error)), error.status, headers, MEDIA_TYPE)
