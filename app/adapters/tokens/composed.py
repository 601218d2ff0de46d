"""Compose the verifier of tokens and the embedded authorization server from the settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from app.access.issuers.trusted_issuer import TrustedIssuer
from app.access.smart.app_tokens import AppLifetimes
from app.access.smart.authorization_server import AuthorizationServer, ExternalServer
from app.access.verifier import TokenVerifier
from app.adapters.outbound.guard import Guard
from app.adapters.outbound.http import Outbound
from app.adapters.outbound.rules import outbound_rules
from app.adapters.tokens.jwks_cache import JwksCache
from app.adapters.tokens.key_ring import KeyRing
from app.adapters.tokens.own_tokens import OwnTokens
from app.adapters.tokens.root_file import write_root
from app.adapters.tokens.trusted import trusted_issuers, trusted_tokens
from app.ports import Clock
from app.settings import Settings


class Composed(Struct, frozen=True):
    """The root URL, the verifier of tokens, and the authorization server: embedded, of an external issuer, or none."""

    root: str
    verifier: TokenVerifier
    embedded: AuthorizationServer | None = None
    external: ExternalServer | None = None


def composed_tokens(settings: Settings, clock: Clock) -> Composed:
    """Return the verifier of tokens and the authorization server.

    The verifier knows this server's own tokens, unless it is off, and those of the issuers that the operator trusts.
    Raises the errors of `KeyRing` and `trusted_issuers`.
    """
    root, rules = _kept_root(settings), outbound_rules(settings)
    outbound = Outbound(Guard(rules.networks))
    keys = JwksCache(outbound, rules, clock)
    own = OwnTokens(KeyRing(settings.data), root, clock)
    is_embedded = settings.authorization_server == "embedded"
    embedded = {root: own} if is_embedded else {}
    issuers = trusted_issuers(settings.issuers, rules, embedded)
    verifier = trusted_tokens(embedded, issuers, keys=keys, outbound=outbound, rules=rules, clock=clock)
    if not is_embedded:
        return Composed(root, verifier, external=_external(issuers))
    server = AuthorizationServer(
        root=root,
        signer=own,
        clients_keys=keys,
        backend_lifetime=timedelta(seconds=settings.backend_token_lifetime),
        app_lifetimes=AppLifetimes(settings.app_token_lifetime, settings.refresh_token_lifetime),
    )
    return Composed(root, verifier, server)


def _kept_root(settings: Settings) -> str:
    """Return the root URL, and keep it in the data folder for `preauth token`."""
    write_root(settings.data, settings.root)
    return settings.root


def _external(issuers: Sequence[TrustedIssuer]) -> ExternalServer | None:
    """Return the server of the first external issuer, if the file names its token endpoint."""
    first = issuers[0] if issuers else None
    if first is None or first.token_endpoint is None:
        return None
    return ExternalServer(first.issuer, first.token_endpoint, first.authorization_endpoint)
