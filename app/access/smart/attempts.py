"""Count failed proofs of identity per client and per address, and say when another attempt is allowed."""

from __future__ import annotations

from collections import OrderedDict, deque
from math import ceil

MOST_FAILURES = 10
WINDOW_SECONDS = 60
MOST_KEPT = 10_000
LONGEST_NAME = 100


class Attempts:
    """Failed attempts of the last minute, in the memory of this process; a restart forgets them.

    A client that succeeded from an address is not stopped there by failures of others in its name or from its address.
    Times are in seconds.
    """

    def __init__(self, most: int = MOST_FAILURES) -> None:
        self._most = most
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._proved: OrderedDict[str, None] = OrderedDict()

    def wait(self, client: str, address: str, now: float) -> int:
        """Return the seconds until the client may try again from the address; 0 if it may try now."""
        pair = _pair(client, address)
        counted = [pair] if pair in self._proved else [pair, _of_client(client), _of_address(address)]
        return max(self._wait(key, now) for key in counted)

    def failed(self, client: str, address: str, now: float) -> None:
        """Count a failed attempt."""
        for key in (_pair(client, address), _of_client(client), _of_address(address)):
            times = self._failures.setdefault(key, deque(maxlen=self._most))
            times.append(now)
            self._failures.move_to_end(key)
        _shorten(self._failures)

    def succeeded(self, client: str, address: str) -> None:
        """Remember that the client proved its identity from the address."""
        pair = _pair(client, address)
        self._proved[pair] = None
        self._proved.move_to_end(pair)
        _shorten(self._proved)

    def _wait(self, key: str, now: float) -> int:
        times = self._failures.get(key, ())
        recent = [time for time in times if now - time < WINDOW_SECONDS]
        return ceil(recent[0] + WINDOW_SECONDS - now) if len(recent) >= self._most else 0


def _pair(client: str, address: str) -> str:
    return f"{address} {client[:LONGEST_NAME]}"


def _of_client(client: str) -> str:
    return f"client {client[:LONGEST_NAME]}"


def _of_address(address: str) -> str:
    return f"address {address}"


def _shorten(kept: OrderedDict[str, deque[float]] | OrderedDict[str, None]) -> None:
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
