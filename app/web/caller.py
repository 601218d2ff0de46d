"""Identify the caller of a request by its bearer token, and check its permissions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.access.grant import Grant, InvalidToken
from app.access.reach import reach_of
from app.access.scopes import allows, allows_operation
from app.access.verifier import Verified
from app.pas.edition import Edition
from app.search.granular import narrowed
from app.web.audit.origin import origin_of
from app.web.certificate import check_binding
from app.web.challenge import scopes_missing, token_refused, token_required
from app.web.pacing import pace_by_address
from app.web.request import FhirRequest
from app.workflow.call import Call
from app.workflow.registry.grants import grant_of


async def call_of(request: FhirRequest, edition: Edition, base: str) -> Call:
    """Return the caller, from the bearer token. Raises FhirError LOGIN if the token is missing or invalid."""
    now = request.system.clock.now()
    _, grant = await identified(request, now)
    request.call = Call(grant, narrowed(reach_of(grant), grant), edition, base, now, origin_of(request, base))
    return request.call


async def identified(request: FhirRequest, now: datetime) -> tuple[Verified, Grant]:
    """Return what the bearer token proves, and the grant of its client, whose request begins.

    Raises FhirError LOGIN if the token is missing or invalid, and ThrottledError.
    """
    system = request.system
    identity = system.identity
    scheme, _, token = (request.listed(b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        pace_by_address(request.scope, system)
        raise token_required(demo=system.demo)
    try:
        verified = await identity.tokens.verify(token.strip(), now)
        check_binding(verified, request.scope, identity.certificate_header, system.trusted_proxies)
        request.scope["state"]["client"] = verified.client
        await identity.revocations.check(system.documents, verified, now)
        grant = await grant_of(system.documents, identity.registry, verified, now)
        request.scope["state"]["client"] = grant.client
    except InvalidToken as refused:
        pace_by_address(request.scope, system)
        raise token_refused(refused, demo=system.demo) from refused
    await request.enter(grant.client, now.timestamp())
    return verified, grant


def permit(call: Call, resource_type: str, letter: str) -> None:
    """Check that the token has one permission, before any lookup. Raises ChallengeError."""
    if not allows(call.grant.scopes, resource_type, letter):
        needed = ((resource_type, letter),)
        raise scopes_missing(call, needed, needed)


def permit_operation(call: Call, needed: Sequence[tuple[str, str]]) -> None:
    """Check that the token has the permissions of an operation, each a type and a letter. Raises ChallengeError."""
    missing = [permission for permission in needed if not allows_operation(call.grant.scopes, *permission)]
    if missing:
        raise scopes_missing(call, needed, missing, operation=True)
