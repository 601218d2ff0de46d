"""The services that earlier claims, and earlier lines of the same claim, were paid for."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.domain.billing import BilledLine


class Earlier(Struct, frozen=True):
    """The claim that was paid for a service. `own`: the biller of this claim sent it."""

    claim: str
    own: bool


class Repeats:
    """The paid services by digest. `keys` are the digests of this claim's lines, by line number."""

    __slots__ = ("_keys", "_paid")

    def __init__(self, keys: Mapping[str, str], paid: Mapping[str, Earlier]) -> None:
        self._keys = keys
        self._paid = dict(paid)

    def earlier(self, line: BilledLine) -> Earlier | None:
        """Return the claim that was paid for the service of a line; its id is empty for this claim."""
        key = self._keys.get(line.number)
        return None if key is None else self._paid.get(key)

    def take(self, line: BilledLine) -> None:
        """Record that a line of this claim is paid."""
        key = self._keys.get(line.number)
        if key is not None:
            self._paid[key] = Earlier("", own=True)
