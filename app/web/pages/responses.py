"""What every request may be answered with when it is not answered, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from app.web.headers.media_types import MEDIA_TYPE
from app.web.pages.schemas import REF

Json = dict[str, Any]


def content(type_: str, example: str | None = None) -> Json:
    """Return the content of an answer with a resource of the type; its example has the name of the type, or another."""
    shown = {example or type_: {"$ref": f"#/components/examples/{example or type_}"}}
    return {MEDIA_TYPE: {"schema": {"$ref": REF + type_}, "examples": shown}}


_REFUSALS = {
    "400": "The request cannot be read: not JSON, another resource type, or a parameter that is not supported.",
    "401": "No bearer token, or one that is not good any more; WWW-Authenticate says which.",
    "403": "The scopes of the token, or the role of the caller, do not cover this.",
    "404": "There is nothing of this id that the caller may see.",
    "406": "The server answers in FHIR JSON only.",
    "409": "Another change came first.",
    "412": "If-Match or If-None-Exist does not hold.",
    "413": "The body is too large.",
    "415": "The body is not FHIR JSON.",
    "422": "The content breaks R4, the profile or a rule; each issue names its place.",
    "428": "The update has no If-Match.",
    "503": "The server is busy or its store cannot answer; Retry-After says when to try again.",
}

RESPONSES: Json = {
    status: {"description": description, "content": content("OperationOutcome")}
    for status, description in _REFUSALS.items()
}


def answers(status: str, description: str, schema: str, *refusals: str, example: str | None = None) -> Json:
    """Return the answer of an operation, and the refusals that it shares with others."""
    answer = {"description": description, "content": content(schema, example)}
    return {status: answer, **{refusal: {"$ref": f"#/components/responses/{refusal}"} for refusal in refusals}}
