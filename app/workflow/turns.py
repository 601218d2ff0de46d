"""Let no client fill the server: while another client is active, each has a few requests in work, and the rest wait."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from math import inf

SHARE = 2
"""The requests of a client in work while another client is active. One would leave the processor idle in a commit."""

ACTIVE_FOR = 1.0
"""Seconds after its last request during which a client is active."""


class Turns:
    """The requests in work, by client, and those that wait, each client's in order.

    A client alone has no bound here; `Limiter` bounds the requests that wait. Times are in seconds since 1970.
    """

    def __init__(self) -> None:
        self._working: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._last = self._other = ("", -inf)

    async def begin(self, client: str, now: float) -> None:
        """Wait until the client may have one more request in work; `end` must follow, unless this raises."""
        if client != self._last[0]:
            self._other = self._last
        self._last = (client, now)
        if client in self._waiting or self._is_full(client, now):
            await self._wait(client, now)
        else:
            self._working[client] += 1

    def end(self, client: str, now: float) -> None:
        """End a request in work, and begin those that waited for it."""
        self._working[client] -= 1
        waiting = self._waiting.get(client)
        while waiting and not self._is_full(client, now):
            turn = waiting.popleft()
            if not turn.done():  # else its request was cancelled
                turn.set_result(None)
                self._working[client] += 1
        if not waiting:
            self._waiting.pop(client, None)
        if not self._working[client]:
            del self._working[client]

    async def _wait(self, client: str, now: float) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except BaseException:
            if not turn.cancelled():  # its turn had come
                self.end(client, now)
            raise

    def _is_full(self, client: str, now: float) -> bool:
        """Return whether the client has its share in work while another client is active."""
        if self._working[client] < SHARE:
            return False
        other = self._other if self._last[0] == client else self._last
        return now - other[1] < ACTIVE_FOR
