"""Limit the connections of the server, in total and by address, and close those that have stalled."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Protocol

from app.fhir.outcome import Fault
from app.log import get_logger
from app.web.protocol.limits import Limits

LONGEST_PAUSE = 1.0
CHECKS_PER_TIMEOUT = 4
SECONDS_BETWEEN_LINES = 10.0


class Watched(Protocol):
    """A connection that closes itself when it is overdue."""

    @property
    def address(self) -> str:
        """The network that it comes from, as `network_of` returns it."""

    @property
    def shared(self) -> bool:
        """True if a trusted proxy sends the requests of many clients over it."""

    @property
    def unread(self) -> int:
        """Bytes of answers that the client has not read yet."""

    def check_time(self, now: float) -> None:
        """Close it if its time is up."""

    def drop(self) -> None:
        """Close it at once and discard its unread bytes."""


class Door:
    """Admits connections up to the limits, and checks each of them several times in each timeout."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._pause = min(
            LONGEST_PAUSE, limits.header_timeout / CHECKS_PER_TIMEOUT, limits.body_timeout / CHECKS_PER_TIMEOUT
        )
        self._connections: set[Watched] = set()
        self._addresses: Counter[str] = Counter()
        self._refused: Counter[Fault] = Counter()
        self._next_line = 0.0
        self.closing = False
        self._timer: asyncio.TimerHandle | None = None

    def admit(self, connection: Watched) -> bool:
        """Return True and register the connection, or return False if a limit is reached or the server ends."""
        address = connection.address
        crowded = not connection.shared and self._addresses[address] >= self.limits.connections_per_address
        if self.closing or crowded or len(self._connections) >= self.limits.connections:
            return False
        self._connections.add(connection)
        self._addresses[address] += 1
        return True

    def leave(self, connection: Watched) -> None:
        """Unregister a connection that was admitted."""
        self._connections.discard(connection)
        self._addresses[connection.address] -= 1
        if not self._addresses[connection.address]:
            del self._addresses[connection.address]

    def close(self) -> None:
        """Admit no further connection: the server ends."""
        self.closing = True

    def refused(self, fault: Fault) -> None:
        """Count a refusal for the log."""
        self._refused[fault] += 1
        self.watch()

    def watch(self) -> None:
        """Start the periodic check of the connections; it stops when none are left."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._check)

    def _check(self) -> None:
        self._timer = None  # first, so that the next connection restarts the check even if this one fails
        now = asyncio.get_running_loop().time()
        for connection in tuple(self._connections):
            connection.check_time(now)
        self._relieve()
        if self._refused and now >= self._next_line:
            self._next_line = now + SECONDS_BETWEEN_LINES
            self._write_lines()
        if self._connections or self._refused:
            self.watch()

    def _relieve(self) -> None:
        """Drop the connections with the most unread bytes until the total is within the limit."""
        unread = {connection: connection.unread for connection in self._connections}
        excess = sum(unread.values()) - self.limits.unread_bytes
        for connection in sorted(unread, key=unread.__getitem__, reverse=True) if excess > 0 else ():
            if excess <= 0:
                return
            excess -= unread[connection]
            connection.drop()

    def _write_lines(self) -> None:
        """Write one log line for each reason, with its count."""
        for fault, count in self._refused.items():
            get_logger().warning("connections refused", fault=fault.value, count=count)
        self._refused.clear()
