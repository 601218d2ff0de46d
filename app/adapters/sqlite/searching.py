"""Run searches on separate connections, each with a deadline.

A short search runs on the event loop, which is faster than a thread. A search that takes longer than some milliseconds
is stopped and starts again on a thread, so that the event loop can go on.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import TypeVar

import msgspec

from app.adapters.sqlite.connection import connect, patiently
from app.ports import StoreUnavailable, TooCostly

T = TypeVar("T")
Search = Callable[[sqlite3.Connection], T]

_QUICK = 0.02
_QUICK_WHILE_BUSY = 0.005
"""Seconds that a search may block the event loop; fewer while the threads are busy with long searches."""

_LONG_AT_ONCE = 2
_PATIENCE = 5.0
_STEPS = 2000
"""SQLite checks the deadline after this number of its instructions, a fraction of a millisecond."""


class Searches:
    """Run searches: short ones on the event loop, at most two long ones on threads."""

    def __init__(self, path: Path, seconds: float, patience: float = _PATIENCE) -> None:
        """Open the connection of short searches.

        A search may take `seconds`, and wait `patience` seconds for other long searches.
        """
        self._path = path
        self._seconds = seconds
        self._patience = patience
        self._quick = _Bounded(path)
        self._long: list[_Bounded] = []
        self._own = threading.local()
        self._turns = asyncio.Semaphore(_LONG_AT_ONCE)
        self._threads = ThreadPoolExecutor(_LONG_AT_ONCE, "search")

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of short searches, which lookups share."""
        return self._quick.connection

    async def run(self, search: Search[T]) -> T:
        """Return the result of `search` on one snapshot of the store. Raises TooCostly or StoreUnavailable."""
        seconds = min(_QUICK_WHILE_BUSY if self._turns.locked() else _QUICK, self._seconds)
        try:
            return await patiently(lambda: self._quick.run(search, seconds))
        except TooCostly:
            return await self._run_long(search)

    def close(self) -> None:
        """Wait for running searches, and close the connections."""
        self._threads.shutdown()
        for bounded in (self._quick, *self._long):
            bounded.connection.close()

    async def _run_long(self, search: Search[T]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("other long searches are running") from error
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run_on_thread, search)
        except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
            raise StoreUnavailable("the database file cannot be searched") from error
        finally:
            self._turns.release()

    def _run_on_thread(self, search: Search[T]) -> T:
        if not hasattr(self._own, "bounded"):
            self._own.bounded = _Bounded(self._path)
            self._long.append(self._own.bounded)
        bounded: _Bounded = self._own.bounded
        return bounded.run(search, self._seconds)


class _Bounded:
    """A connection that stops a search at its deadline."""

    def __init__(self, path: Path) -> None:
        self._deadline = math.inf
        self.connection = connect(path)
        self.connection.execute("PRAGMA query_only = ON")
        # Never mapped into memory: reading past the end of a truncated file would kill the process (SIGBUS).
        self.connection.execute("PRAGMA mmap_size = 0")
        self.connection.set_progress_handler(self._is_late, _STEPS)

    def run(self, search: Search[T], seconds: float) -> T:
        """Search in one transaction, so that documents and terms are of the same state."""
        self.connection.execute("BEGIN")
        self._deadline = monotonic() + seconds
        try:
            return search(self.connection)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_INTERRUPT:
                raise
            raise TooCostly("the search took longer than allowed") from error
        finally:
            self._deadline = math.inf
            self.connection.execute("COMMIT")

    def _is_late(self) -> bool:
        return monotonic() > self._deadline
