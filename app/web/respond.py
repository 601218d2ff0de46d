"""Render answers and errors as HTTP responses: FHIR JSON, ETag, Location."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any

from starlette.responses import Response

from app.access.limiter import ThrottledError
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, operation_outcome
from app.web.challenge import ChallengeError
from app.web.headers.media_types import MEDIA_TYPE
from app.workflow.call import Answer

SHUTTING_DOWN = FhirError(Fault.BUSY, "The server is shutting down. Send the same request again later.")
RETRY_AFTER_SECONDS = "2"
PAS_OPERATIONS = ("/Claim/$submit", "/Claim/$inquire")


class Answered(Response):
    """The response of a workflow, with its answer: an AuditEvent names the documents that it discloses.

    `content` are the bytes of a document in place of FHIR JSON, with the `media_type` of the document.
    """

    def __init__(
        self, answer: Answer, headers: dict[str, str], content: bytes | None = None, media_type: str = MEDIA_TYPE
    ) -> None:
        body = answer.body if content is None else content
        # In the headers: as an argument, a type of text would get a charset, which is not known of a document.
        super().__init__(body, answer.status, {**headers, "Content-Type": media_type})
        self.answer = answer


def respond(answer: Answer) -> Response:
    """Render the answer of a workflow."""
    headers: dict[str, str] = {}
    if answer.etag is not None:
        headers["ETag"] = answer.etag
    if answer.last_modified is not None:
        headers["Last-Modified"] = format_datetime(answer.last_modified, usegmt=True)
    if answer.location is not None:
        headers["Location"] = answer.location
    return Answered(answer, headers)


def respond_resource(resource: dict[str, Any], status: int = 200) -> Response:
    """Render a resource that is not stored."""
    return Response(write(resource), status, media_type=MEDIA_TYPE)


def respond_error(path: str, error: FhirError) -> Response:
    """Render an error; PAS forbids an OperationOutcome in a 5xx of `Claim/$submit` and `Claim/$inquire`."""
    headers = error_headers(error)
    if error.status >= 500 and path.endswith(PAS_OPERATIONS):  # noqa: PLR2004 - the class of statuses
        return Response(status_code=error.status, headers=headers)
    return Response(write(operation_outcome(error)), error.status, headers, MEDIA_TYPE)


def error_headers(error: FhirError) -> dict[str, str]:
    """Return the headers that an error has in every form."""
    headers: dict[str, str] = {}
    if isinstance(error, ChallengeError):
        headers["WWW-Authenticate"] = error.challenge
    if isinstance(error, ThrottledError):
        headers["Retry-After"] = str(error.seconds)
    if error.fault is Fault.BUSY:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    return headers
