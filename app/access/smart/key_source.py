"""The port of published keys: the key sets (JWKS) of clients and of other issuers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from joserfc.jwk import ECKey, RSAKey

PublicKey = RSAKey | ECKey
"""A key that verifies signatures."""


class KeysUnavailable(Exception):  # noqa: N818
    """The keys of another party cannot be fetched now. The text names the cause, for the log only."""


class KeySource(Protocol):
    """Fetches the key sets that other parties publish."""

    async def keys(self, url: str, kid: str) -> Sequence[PublicKey]:
        """Return the usable keys (`jwks.admitted`) with this `kid` in the key set at `url`.

        An unknown `kid` makes the source read the key set again, but not often. Raises KeysUnavailable.
        """
        ...
