"""Find the keys of an external issuer: in a file, at a URL, or where its OpenID configuration says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from app.access.issuers.trusted_issuer import TrustedIssuer
from app.access.outbound.endpoint import OutboundRules
from app.access.smart.jwks import admitted
from app.access.smart.key_source import KeySource, PublicKey
from app.adapters.outbound.http import Outbound
from app.adapters.tokens.published import Published
from app.ports import Clock

CONFIGURATION = "/.well-known/openid-configuration"


class _Configuration(msgspec.Struct, frozen=True):
    issuer: str
    jwks_uri: str


class IssuerKeys(Protocol):
    """The keys of one issuer."""

    async def keys(self, kid: str) -> Sequence[PublicKey]:
        """Return the usable keys with this `kid`. Raises KeysUnavailable."""
        ...


class KeysOfFile:
    """The key set of a file, read once."""

    def __init__(self, file: Path) -> None:
        """Read the file. Raises RuntimeError, with a sentence for the operator."""
        try:
            self._keys = admitted(json.loads(file.read_bytes()))
        except (OSError, ValueError, RecursionError) as unreadable:
            raise RuntimeError(f"{file} must be a file with a JSON Web Key Set.") from unreadable
        if not self._keys:
            raise RuntimeError(f"{file} has no key that can verify tokens. Each must be public and have a kid.")

    async def keys(self, kid: str) -> Sequence[PublicKey]:
        """Return the keys with this `kid`."""
        return [key for key in self._keys if key.kid == kid]


class KeysOfUrl:
    """The key set at a URL."""

    def __init__(self, url: str, source: KeySource) -> None:
        self._url, self._source = url, source

    async def keys(self, kid: str) -> Sequence[PublicKey]:
        """Return the keys with this `kid`. Raises KeysUnavailable."""
        return await self._source.keys(self._url, kid)


class DiscoveredKeys:
    """The key set that the issuer's OpenID configuration names."""

    def __init__(self, issuer: str, source: KeySource, outbound: Outbound, rules: OutboundRules, clock: Clock) -> None:
        self._issuer, self._source = issuer, source
        self._configurations = Published(outbound, rules, clock, self._key_set_of)

    async def keys(self, kid: str) -> Sequence[PublicKey]:
        """Return the keys with this `kid`. Raises KeysUnavailable."""
        url = await self._configurations.get(self._issuer.rstrip("/") + CONFIGURATION)
        return await self._source.keys(url, kid)

    def _key_set_of(self, document: object) -> str:
        """Return the URL of the key set. Raises ValueError for the configuration of another issuer."""
        configuration = msgspec.convert(document, _Configuration)
        if configuration.issuer != self._issuer:
            raise ValueError
        return configuration.jwks_uri


def keys_of(
    issuer: TrustedIssuer, source: KeySource, outbound: Outbound, rules: OutboundRules, clock: Clock
) -> IssuerKeys:
    """Return the keys of an issuer. Raises RuntimeError for a file without keys."""
    if issuer.jwks is None:
        return DiscoveredKeys(issuer.issuer, source, outbound, rules, clock)
    return KeysOfUrl(issuer.jwks, source) if "://" in issuer.jwks else KeysOfFile(Path(issuer.jwks))
