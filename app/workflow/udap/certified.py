"""Prove a UDAP client by the certificate in its assertion, and find the organization that it asks for.

https://hl7.org/fhir/us/udap-security/b2b.html
"""

from __future__ import annotations

import asyncio

from app.access.registry import Client
from app.access.smart.assertion import NOT_PROVED
from app.access.smart.credentials import CertifiedAssertion, Proved
from app.access.smart.oauth_error import OAuthError, OAuthFault, invalid_client
from app.access.udap.b2b import B2bRefused, organization_of
from app.access.udap.community import NotTrusted
from app.access.udap.statement import times_of
from app.records.access.registry import find_organizations
from app.workflow.assertion_use import use_assertion
from app.workflow.system import System


async def prove_by_certificate(system: System, client: Client | None, assertion: CertifiedAssertion) -> Proved:
    """Return the client if its own certificate signed the assertion, with the claims. Raises OAuthError."""
    server = system.identity.udap
    if server is None or client is None or client.udap is None:
        raise invalid_client(NOT_PROVED)
    now = system.clock.now()
    try:
        # On a thread: a chain has up to five signatures, and lists of revoked certificates.
        stated = await asyncio.to_thread(server.verifier.verify, assertion.text, now)
    except NotTrusted as refused:
        raise invalid_client(NOT_PROVED) from refused
    if client.udap not in stated.names:
        raise invalid_client(NOT_PROVED)
    claims, times = stated.claims, times_of(stated.claims, now.timestamp())
    expected = (client.id, client.id, server.token_url)
    if times is None or (claims.get("iss"), claims.get("sub"), claims.get("aud")) != expected:
        raise invalid_client("The assertion must have the client id as iss and sub, this endpoint as aud, and times.")
    await use_assertion(system.documents, client.id, times.jti, now, times.exp)
    return Proved(client, claims)


async def organization_asked_for(system: System, proved: Proved) -> str | None:
    """Return the id of the organization that a UDAP client asks for; None for other clients. Raises OAuthError.

    The client may assert any organization, so it must be one of those that its record has.
    """
    server, client = system.identity.udap, proved.client
    if client.udap is None:
        return None
    if server is None or proved.claims is None:
        raise invalid_client(NOT_PROVED)
    bound = await find_organizations(system.documents, client.organizations)
    try:
        return organization_of(proved.claims, bound, server.organization_ids).id
    except B2bRefused as refused:
        raise OAuthError(OAuthFault.INVALID_GRANT, str(refused)) from refused
