"""Group commit: writes that arrive during a COMMIT share the next one."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import msgspec
from msgspec import Struct, field

from app.adapters.sqlite.checkpoint import Checkpointer
from app.adapters.sqlite.connection import DatabaseFile, patiently
from app.adapters.sqlite.statements import write_all
from app.ports import StoreUnavailable, Write

_T = TypeVar("_T")

_MOST = 64


class _Unit(Struct, eq=False):
    """The writes of one caller, and the future of their result."""

    writes: tuple[Write, ...]
    answer: asyncio.Future[None]
    failure: Exception | None = field(default=None)


class GroupCommit:
    """Write the waiting units in order, up to 64 in one transaction.

    Statements run on the event loop. Only the COMMIT, which waits for the disk, runs on a thread: with statements on a
    thread, too, both threads would compete for the interpreter at each statement.
    """

    def __init__(self, connection: sqlite3.Connection, checkpointer: Checkpointer, file: DatabaseFile) -> None:
        self._connection = connection
        self._file = file
        self._checkpointer = checkpointer
        self._waiting: deque[_Unit] = deque()
        self._batch: list[_Unit] = []
        self._thread = ThreadPoolExecutor(1, "commit")
        self._handed: Future[object] | None = None
        self._running: asyncio.Task[None] | None = None

    async def commit(self, writes: tuple[Write, ...]) -> None:
        """Write, and return when the writes are on the disk.

        Raises Conflict, if another writer was first (then no write is stored), or StoreUnavailable (then the outcome is
        unknown).
        """
        unit = _Unit(writes, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        self._run_if_needed()
        await unit.answer

    @property
    def idle(self) -> bool:
        """Whether the connection is free: not in use by the thread, and without an open transaction."""
        return (self._handed is None or self._handed.done()) and not self._connection.in_transaction

    async def close(self) -> None:
        """Write the waiting units, and end the thread."""
        while self._running is not None:
            await asyncio.wait({self._running})
        self._thread.shutdown()

    def _run_if_needed(self) -> None:
        if self._waiting and self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())
            self._running.add_done_callback(self._ended)

    async def _run(self) -> None:
        while self._waiting:
            await self._gather()
            self._batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            await self._store(self._batch)

    async def _gather(self) -> None:
        """Wait until a turn of the event loop adds no unit, so that requests in progress join the batch.

        A single caller waits for one turn. The rows of a larger batch share more pages of the log.
        """
        count = 0
        while count < len(self._waiting) < _MOST:
            count = len(self._waiting)
            await asyncio.sleep(0)

    def _ended(self, run: asyncio.Task[None]) -> None:
        """Start the next run if units wait; after a failed or cancelled run, fail all its units."""
        self._running = None
        error = asyncio.CancelledError() if run.cancelled() else run.exception()
        if error is None:
            self._run_if_needed()
            return
        units = [*self._batch, *self._waiting]
        self._waiting.clear()
        # A COMMIT may still run on the thread; after it, no transaction is left to roll back.
        self._thread.submit(self._give_up, units, error).result()
        for unit in units:
            _answer(unit)

    async def _store(self, batch: list[_Unit]) -> None:
        try:
            await self._write(batch)
            await self._hand_over(self._finish, "COMMIT")
        except (sqlite3.Error, StoreUnavailable) as error:
            self._give_up(batch, error)
        for unit in batch:
            _answer(unit)
        self._checkpointer.note_commit()
        if self._checkpointer.log_is_long:
            # The writes are already on the disk; the next checkpoint moves the rest.
            with contextlib.suppress(sqlite3.Error):
                await self._hand_over(self._checkpointer.finish, self._connection)

    def _finish(self, statement: str) -> None:
        self._file.check()
        self._connection.execute(statement)

    async def _hand_over(self, work: Callable[[_T], object], subject: _T) -> None:
        self._handed = self._thread.submit(work, subject)
        await asyncio.wrap_future(self._handed)

    async def _write(self, batch: list[_Unit]) -> None:
        """Write all units together, which is cheaper; if that fails, write each unit in its own savepoint."""
        await patiently(self._begin)
        # A failure happens again below, where it belongs to its unit.
        with contextlib.suppress(Exception):
            write_all(self._connection, [write for unit in batch for write in unit.writes])
            return
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        await patiently(self._begin)
        for unit in batch:
            self._write_apart(unit)

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def _write_apart(self, unit: _Unit) -> None:
        self._connection.execute("SAVEPOINT unit")
        try:
            write_all(self._connection, unit.writes)
        except Exception as failure:
            if not self._connection.in_transaction:
                raise  # a full disk has rolled back the whole transaction
            self._connection.execute("ROLLBACK TO unit")
            damaged = isinstance(failure, sqlite3.Error | msgspec.DecodeError)
            unit.failure = _unavailable(failure) if damaged else failure
        self._connection.execute("RELEASE unit")

    def _give_up(self, units: list[_Unit], error: BaseException) -> None:
        for unit in units:
            unit.failure = _unavailable(error)
        # If this fails, the next BEGIN fails, too, and leads here again.
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _unavailable(error: BaseException) -> StoreUnavailable:
    unavailable = StoreUnavailable("the database file could not be written")
    unavailable.__cause__ = error
    return unavailable


def _answer(unit: _Unit) -> None:
    if unit.answer.done():  # the caller was cancelled
        return
    if unit.failure is None:
        unit.answer.set_result(None)
    else:
        unit.answer.set_exception(unit.failure)
