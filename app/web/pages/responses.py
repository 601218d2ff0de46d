"""Describe answers and errors for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from app.web.headers.media_types import MEDIA_TYPE
from app.web.pages.schemas import REF

Json = dict[str, Any]


def content(type_: str, example: str | None = None) -> Json:
    """Return the content of an answer of a type; its example is `example`, or the one with the name of the type."""
    examples = {example or type_: {"$ref": f"#/components/examples/{example or type_}"}}
    return {MEDIA_TYPE: {"schema": {"$ref": REF + type_}, "examples": examples}}


_REFUSALS = {
    "400": "The request is not valid JSON, has the wrong resource type, or has an unsupported parameter.",
    "401": "The bearer token is missing, invalid or expired. WWW-Authenticate gives the reason.",
    "403": "The scopes of the token or the role of the caller do not permit this request.",
    "404": "No resource with this id exists, or the caller may not see it.",
    "406": "The client does not accept FHIR JSON, the only format of the server.",
    "409": "Another change was stored first.",
    "412": "The condition of If-Match or If-None-Exist is not met.",
    "413": "The body is too large.",
    "415": "The body is not FHIR JSON.",
    "422": "The content violates R4, the profile or a rule. Each issue names the element.",
    "428": "If-Match is missing.",
    "503": "The server is busy or its store is unavailable. Retry-After gives the seconds to wait.",
}

RESPONSES: Json = {
    status: {"description": description, "content": content("OperationOutcome")}
    for status, description in _REFUSALS.items()
}


def answers(status: str, description: str, schema: str, *refusals: str, example: str | None = None) -> Json:
    """Return the answer of a request, and references to the errors in RESPONSES."""
    answer = {"description": description, "content": content(schema, example)}
    return {status: answer, **{refusal: {"$ref": f"#/components/responses/{refusal}"} for refusal in refusals}}
