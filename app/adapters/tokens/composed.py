"""Compose the verifier of tokens and the embedded authorization server from the settings."""

from __future__ import annotations

from datetime import timedelta

from app.access.smart.app_tokens import AppLifetimes
from app.access.smart.authorization_server import AuthorizationServer
from app.access.verifier import TokenVerifier
from app.adapters.outbound.guard import Guard
from app.adapters.outbound.http import Outbound
from app.adapters.outbound.rules import outbound_rules
from app.adapters.tokens.jwks_cache import JwksCache
from app.adapters.tokens.key_ring import KeyRing
from app.adapters.tokens.own_tokens import OwnTokens
from app.adapters.tokens.root_file import write_root
from app.adapters.tokens.trusted import trusted_tokens
from app.ports import Clock
from app.settings import Settings


def kept_root(settings: Settings) -> str:
    """Return the root URL, and keep it in the data folder for `preauth token`."""
    root = settings.base_url or f"http://{settings.host}:{settings.port}"
    write_root(settings.data, root)
    return root


def composed_tokens(settings: Settings, root: str, clock: Clock) -> tuple[TokenVerifier, AuthorizationServer | None]:
    """Return the verifier of tokens, and the embedded authorization server; None if it is off.

    The verifier knows this server's own tokens, unless it is off, and those of the issuers that the operator trusts.
    Raises the errors of `KeyRing` and `trusted_tokens`.
    """
    rules = outbound_rules(settings)
    outbound = Outbound(Guard(rules.networks))
    keys = JwksCache(outbound, rules, clock)
    own = OwnTokens(KeyRing(settings.data), root, clock)
    server = AuthorizationServer(
        root=root,
        signer=own,
        clients_keys=keys,
        backend_lifetime=timedelta(seconds=settings.backend_token_lifetime),
        app_lifetimes=AppLifetimes(settings.app_token_lifetime, settings.refresh_token_lifetime),
    )
    embedded = settings.authorization_server == "embedded"
    issuers: dict[str, TokenVerifier] = {root: own} if embedded else {}
    verifier = trusted_tokens(issuers, settings.issuers, keys=keys, outbound=outbound, rules=rules, clock=clock)
    return verifier, server if embedded else None
