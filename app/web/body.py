"""Read the body of a request within the limits: FHIR JSON or a form, with the headers that belong to it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from app.fhir.body import Unchecked, read_for_engine
from app.fhir.budget import check_entries, check_values
from app.fhir.entity_tags import EntityTags, read_entity_tags
from app.fhir.outcome import Fault, FhirError
from app.search.parsing import MAX_PARAMETERS
from app.web.headers.media_types import FORM_TYPE, check_content_type, check_media_type
from app.web.request import FhirRequest, too_large
from app.workflow.call import Received
from app.workflow.system import System

MAX_FORM_BYTES = 65_536
LONGEST_NUMBER = 18


async def read_body(request: FhirRequest, type_: str, *, carries_documents: bool = False) -> Received:
    """Parse the body of a request to the URL of `type_` as FHIR JSON. The workflow must validate it.

    Raises FhirError MEDIA_TYPE, TOO_LARGE or UNREADABLE.
    """
    check_content_type(request)
    data = await read_bytes(request, _limit(request.system, carries_documents=carries_documents))
    client = request.scope["state"]["client"]
    body = await request.system.threads.run(len(data), client, _read, data)
    criteria = request.head(b"if-none-exist")
    return Received(
        body,
        request.path_params.get("id", ""),
        _if_match(request),
        None if criteria is None else _pairs(criteria.removeprefix("?"), "If-None-Exist"),
        type_,
        tuple(request.query),
    )


def without_body(request: FhirRequest, type_: str) -> Received:
    """Return a call by GET of an operation: its parameters are in the URL, so its body is Parameters without any."""
    body = read_for_engine(b'{"resourceType":"Parameters"}')
    return Received(body, request.path_params.get("id", ""), None, None, type_, tuple(request.query))


def _read(data: bytes) -> Unchecked:
    """Parse a body within its budget."""
    check_values(data)
    body = read_for_engine(data)
    check_entries(body.size("entry"))
    return body


async def read_form(request: FhirRequest) -> list[tuple[str, str]]:
    """Parse the body as a form of parameters. Raises FhirError MEDIA_TYPE, TOO_LARGE or PARAMETER."""
    check_media_type(request, FORM_TYPE)
    data = await read_bytes(request, min(MAX_FORM_BYTES, request.system.budgets.max_body_bytes))
    return list(_pairs(data.decode("latin-1"), "The form"))


async def read_bytes(request: FhirRequest, limit: int) -> bytes:
    """Return the body as it is. Raises FhirError MEDIA_TYPE for a compressed body, TOO_LARGE or BUSY."""
    coding = request.head(b"content-encoding")
    if coding is not None and coding.lower() != "identity":
        raise FhirError(
            Fault.MEDIA_TYPE, "The body must not be compressed: Content-Encoding must be identity or absent."
        )
    declared = _number(request.head(b"content-length") or "")
    if declared is not None and declared > limit:
        raise too_large(limit)
    return await request.body(limit)


def _pairs(text: str, source: str) -> tuple[tuple[str, str], ...]:
    """Parse percent-encoded parameters; characters without percent-encoding are UTF-8."""
    try:
        decoded = text.encode("latin-1").decode()
        pairs = parse_qsl(decoded, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        rule = f"{source} must have percent-encoded parameters in UTF-8, at most {MAX_PARAMETERS}."
        raise FhirError(Fault.PARAMETER, rule) from None
    return tuple(pairs)


def _limit(system: System, *, carries_documents: bool) -> int:
    budgets = system.budgets
    return budgets.max_body_bytes if carries_documents else min(budgets.max_other_body_bytes, budgets.max_body_bytes)


def _if_match(request: FhirRequest) -> EntityTags | None:
    header = request.listed(b"if-match")
    if header is None:
        return None
    tags = read_entity_tags(header)
    if tags is None:
        raise FhirError(Fault.PARAMETER, 'If-Match must be * or a list of versions such as W/"1".')
    return tags


def _number(text: str) -> int | None:
    """Return the number of a header; None if it is not a number or has too many digits."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None
