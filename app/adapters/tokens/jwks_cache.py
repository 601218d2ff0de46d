"""Fetch the key sets (JWKS) of clients and issuers, and keep them for a short time."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.outbound.endpoint import OutboundRules
from app.access.smart.jwks import admitted
from app.access.smart.key_source import PublicKey
from app.adapters.outbound.http import Outbound
from app.adapters.tokens.published import Published
from app.ports import Clock


class JwksCache:
    """The published keys of other parties. Implements `KeySource`."""

    def __init__(self, outbound: Outbound, rules: OutboundRules, clock: Clock) -> None:
        self._sets = Published(outbound, rules, clock, admitted)

    async def keys(self, url: str, kid: str) -> Sequence[PublicKey]:
        """Return the usable keys with this `kid` of the key set at `url`. Raises KeysUnavailable."""
        keys = await self._sets.get(url, lambda known: any(key.kid == kid for key in known))
        return [key for key in keys if key.kid == kid]
