"""Authenticate a client at the token, introspection and revocation endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from app import log
from app.access.registry import Client, ClientAuth
from app.access.smart.assertion import NOT_PROVED, Assertion, verify_assertion
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.certificates import presenting
from app.access.smart.credentials import (
    CertifiedAssertion,
    Credentials,
    Form,
    Proved,
    PublicClient,
    Secret,
    Sender,
    read_credentials,
)
from app.access.smart.jwks import admitted
from app.access.smart.key_source import KeysUnavailable, PublicKey
from app.access.smart.oauth_error import invalid_client
from app.access.smart.secret import is_secret, waste_time
from app.access.verifier import Verified
from app.ports import StoreUnavailable
from app.records.access.registry import find
from app.workflow.assertion_use import use_assertion
from app.workflow.smart.hashing import on_hashing_thread
from app.workflow.system import System
from app.workflow.udap.certified import prove_by_certificate


async def authenticate(system: System, server: AuthorizationServer, form: Form, sender: Sender) -> Proved:
    """Return the client that the request proves, from the store, not disabled, and with the certificate it presents.

    The attempts of one client at one address take turns: each is counted before its signature or secret is checked.
    Raises OAuthError, and ThrottledError after too many failures.
    """
    credentials = read_credentials(form, sender.authorization)
    name, address = credentials.client, sender.address
    async with system.contention.turn([f"client {name} {address}"]):
        now = system.clock.now().timestamp()
        system.budgets.limiter.attempt(name, address, now)
        try:
            proved = await _proved(system, server, credentials)
            presented = presenting(proved.client, sender.certificate)
        except StoreUnavailable:
            system.budgets.limiter.forgive(name, address, now)
            raise
        system.budgets.limiter.forgive(name, address, now)
    return replace(proved, client=presented)


async def client_behind(system: System, verified: Verified, now: datetime) -> Client:
    """Return the client that got a token of this server. Raises OAuthError for a token of another issuer."""
    own = verified.claimed is None
    principal = await system.identity.registry.principal(verified.client, "", now) if own else None
    if principal is None:
        raise invalid_client("The bearer token must be one of this server.")
    return principal.client


async def _proved(system: System, server: AuthorizationServer, credentials: Credentials) -> Proved:
    known = await find(system.documents, Client, credentials.client)
    unusable = known is None or known.disabled or known.issuer is not None
    client = None if known is None or unusable else known.at(system.clock.now().timestamp())
    match credentials:
        case Assertion():
            return Proved(await _by_assertion(system, server, client, credentials))
        case CertifiedAssertion():
            return await prove_by_certificate(system, client, credentials)
        case Secret():
            return Proved(await _by_secret(client, credentials))
        case PublicClient() if client is not None and client.auth is ClientAuth.NONE:
            return Proved(client)
    raise invalid_client("The client is unknown, or must prove its identity.")


async def _by_assertion(
    system: System, server: AuthorizationServer, client: Client | None, assertion: Assertion
) -> Client:
    keys: Sequence[PublicKey] = ()
    if client is not None and assertion.key_url in (None, client.jwks_uri):
        keys = await _keys(server, client, assertion.kid)
    now = system.clock.now()
    proof = verify_assertion(assertion, keys, server.token_url, now.timestamp())
    if client is None:
        raise invalid_client(NOT_PROVED)
    await use_assertion(system.documents, proof.client, proof.jti, now, proof.expires)
    return client


async def _keys(server: AuthorizationServer, client: Client, kid: str) -> Sequence[PublicKey]:
    """Return the keys of a client that authenticates by assertions; none for other clients."""
    if client.auth is not ClientAuth.PRIVATE_KEY_JWT:
        return ()
    if client.jwks is not None:
        return admitted({"keys": [key for key in client.jwks["keys"] if key.get("kid") == kid]})
    if client.jwks_uri is None:
        return ()
    try:
        return await server.clients_keys.keys(client.jwks_uri, kid)
    except KeysUnavailable as unavailable:
        log.get_logger().warning("keys of a client unavailable", client=client.id, reason=str(unavailable))
        return ()


async def _by_secret(client: Client | None, given: Secret) -> Client:
    hashes = client.secrets if client is not None and client.auth is ClientAuth.CLIENT_SECRET else ()
    proved = await on_hashing_thread(_fits, given.secret, hashes)
    if client is None or not proved:
        raise invalid_client("The client is unknown, or its secret is wrong.")
    return client


def _fits(secret: str, hashes: Sequence[str]) -> bool:
    if not hashes:
        waste_time(secret)
    return any(is_secret(secret, known) for known in hashes)
