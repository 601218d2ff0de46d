"""Sign tokens for the demo server that used the data folder last. In production, only the server gives tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from joserfc.jwk import RSAKey

from app.access.registry import Client
from app.adapters.clock import system_clock
from app.adapters.tokens.key_files import load_key
from app.adapters.tokens.own_tokens import mint
from app.adapters.tokens.root_file import read_root
from app.cli.ending import CANNOT_USE, ended
from app.cli.usable import usable_keys, usable_settings
from app.settings import Settings


def demo_settings(data: Path | None, store: str | None, production: str) -> Settings:
    """Read the settings. Ends the command in production, where the sentence `production` says what to do."""
    settings = usable_settings(data, store=store)
    if settings.environment == "production":
        raise ended(f"PREAUTH_ENVIRONMENT must be demo: in production, {production}", CANNOT_USE)
    return settings


def server_of(settings: Settings) -> tuple[RSAKey, str]:
    """Return the signing key and the root URL of the server that used the data folder last."""
    with usable_keys(settings):
        return load_key(settings.data), read_root(settings.data)


def signed(
    settings: Settings, server: tuple[RSAKey, str], client: Client, scopes: Collection[str], patient: str | None = None
) -> str:
    """Return a token of the client for the server."""
    key, root = server
    now, lifetime = system_clock(settings).now(), timedelta(seconds=settings.token_lifetime)
    return mint(key, root, client.id, scopes, now, lifetime=lifetime, patient=patient)
