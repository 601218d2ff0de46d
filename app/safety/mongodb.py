"""The connection of production to MongoDB: TLS or a network of its own, and a login."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from app.safety.check import Check, failed, passed, warned
from app.settings import Settings


def check_mongodb(settings: Settings) -> Iterator[Check]:
    """Check that the connection is encrypted and has a login; yield nothing for another store."""
    if not settings.store.startswith("mongodb"):
        return
    if _is_encrypted(settings.store):
        yield passed("TLS to MongoDB", "The connection to MongoDB is encrypted.")
    elif settings.mongodb_transport == "trusted-network":
        yield warned(
            "TLS to MongoDB",
            "The connection to MongoDB is not encrypted: PREAUTH_MONGODB_TRANSPORT says trusted-network.",
            "Nobody else may reach that network.",
        )
    else:
        yield failed(
            "TLS to MongoDB",
            "PREAUTH_STORE must use TLS to reach MongoDB.",
            "Add tls=true to the URL, or set PREAUTH_MONGODB_TRANSPORT=trusted-network for a network of your own.",
        )
    if not urlsplit(settings.store).username and "authMechanism" not in _options(settings.store):
        yield failed(
            "login to MongoDB",
            "PREAUTH_STORE must log in to MongoDB.",
            "Put a user into the URL: mongodb://USER:PASSWORD@HOST/.",
        )


def _is_encrypted(url: str) -> bool:
    chosen = [value for name in ("tls", "ssl") for value in _options(url).get(name, [])]
    return all(value == "true" for value in chosen) and bool(chosen or url.startswith("mongodb+srv://"))


def _options(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
