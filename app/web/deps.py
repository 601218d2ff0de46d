"""Check the bearer token of a request, and read its body within the limits."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from app.access.grant import Grant, InvalidToken, Role
from app.access.reach import reach_of
from app.access.scopes import allows
from app.fhir.body import Unchecked, read_for_engine
from app.fhir.budget import check_entries, check_values
from app.fhir.entity_tags import EntityTags, read_entity_tags
from app.fhir.outcome import Fault, FhirError
from app.pas.edition import Edition
from app.records.members import find_member
from app.search.parsing import MAX_PARAMETERS
from app.web.challenge import scopes_missing, token_refused, token_required
from app.web.headers.media_types import FORM_TYPE, check_content_type, is_form
from app.web.request import FhirRequest, too_large
from app.workflow.system import Call, Received, System

MAX_FORM_BYTES = 65_536
LONGEST_NUMBER = 18


async def call_of(request: FhirRequest, edition: Edition, base: str) -> Call:
    """Return the caller, from the bearer token. Raises FhirError LOGIN if the token is missing or invalid."""
    system = request.system
    now = system.clock.now()
    scheme, _, token = (request.head(b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise token_required(demo=system.demo)
    try:
        grant = system.tokens.verify(token.strip(), now)
    except InvalidToken as refused:
        raise token_refused(refused, demo=system.demo) from refused
    request.scope["state"]["client"] = grant.client
    grant = await _with_patient(system, grant)
    return Call(grant, reach_of(grant), edition, base, now)


async def _with_patient(system: System, grant: Grant) -> Grant:
    """Add the Patient to the grant of a patient token that names the member id only."""
    if grant.role is not Role.PATIENT or grant.patient is not None or grant.member is None:
        return grant
    stored = await find_member(system.documents, *grant.member)
    return grant if stored is None else grant.for_patient(stored.record.patient)


def permit(call: Call, resource_type: str, letter: str) -> None:
    """Check that the token has one permission, before any lookup. Raises ChallengeError."""
    permit_all(call, ((resource_type, letter),))


def permit_all(call: Call, needed: Sequence[tuple[str, str]]) -> None:
    """Check that the token has all permissions, each a type and a letter. Raises ChallengeError."""
    missing = [permission for permission in needed if not allows(call.grant.scopes, *permission)]
    if missing:
        raise scopes_missing(call, needed, missing)


async def received(request: FhirRequest, type_: str, *, carries_documents: bool = False) -> Received:
    """Parse the body as FHIR JSON, sent to the URL of `type_`. The workflow must have the engine check it.

    Raises FhirError MEDIA_TYPE, TOO_LARGE or UNREADABLE.
    """
    check_content_type(request)
    data = await _body(request, _limit(request.system, carries_documents=carries_documents))
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


def _read(data: bytes) -> Unchecked:
    """Parse a body within its budget."""
    check_values(data)
    body = read_for_engine(data)
    check_entries(body.size("entry"))
    return body


async def form(request: FhirRequest) -> list[tuple[str, str]]:
    """Read the body as a form of parameters. Raises FhirError MEDIA_TYPE, TOO_LARGE or PARAMETER."""
    if not is_form(request):
        raise FhirError(Fault.MEDIA_TYPE, f"The body must be {FORM_TYPE}.")
    data = await _body(request, min(MAX_FORM_BYTES, request.system.max_body_bytes))
    return list(_pairs(data.decode("latin-1"), "The form"))


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
    return system.max_body_bytes if carries_documents else min(system.max_other_body_bytes, system.max_body_bytes)


async def _body(request: FhirRequest, limit: int) -> bytes:
    coding = request.head(b"content-encoding")
    if coding is not None and coding.lower() != "identity":
        raise FhirError(
            Fault.MEDIA_TYPE, "The body must not be compressed: Content-Encoding must be identity or absent."
        )
    declared = _number(request.head(b"content-length") or "")
    if declared is not None and declared > limit:
        raise too_large(limit)
    return await request.body(limit)


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
