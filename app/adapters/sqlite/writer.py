"""Group commit: what arrives while one COMMIT is on its way to the disk, or is about to, shares the next."""

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
    """One caller's writes, and what they are waiting for."""

    writes: tuple[Write, ...]
    answer: asyncio.Future[None]
    failure: Exception | None = field(default=None)


class GroupCommit:
    """Writes units in the order they came, as many as are waiting in one transaction.

    The statements run on the event loop; only the COMMIT, which waits for the disk, runs on a thread. A thread for the
    statements too would fight the event loop for the interpreter at every one of them.
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
        """Return when the writes are on the disk.

        Raises Conflict, and then nothing of them is stored, or StoreUnavailable, and then that is not known.
        """
        unit = _Unit(writes, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        self._run_if_needed()
        await unit.answer

    @property
    def rests(self) -> bool:
        """Tell whether the connection is free for now: it is not on the thread, and has no transaction open."""
        return (self._handed is None or self._handed.done()) and not self._connection.in_transaction

    async def close(self) -> None:
        """Write what is waiting, and end the thread."""
        while self._running is not None:
            await asyncio.wait({self._running})
        self._thread.shutdown()

    def _run_if_needed(self) -> None:
        if self._waiting and self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())
            self._running.add_done_callback(self._ended)

    async def _run(self) -> None:
        while self._waiting:
            await self._gathered()
            self._batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            await self._store(self._batch)

    async def _gathered(self) -> None:
        """Let those come along whose requests are being worked on; a turn of the loop that adds nobody ends it.

        A lone caller waits for one empty turn. The more a batch holds, the more of its rows share pages of the log.
        """
        here = 0
        while here < len(self._waiting) < _MOST:
            here = len(self._waiting)
            await asyncio.sleep(0)

    def _ended(self, run: asyncio.Task[None]) -> None:
        """Go on with what came in the meantime; where the run was cancelled or failed, everybody waiting is told."""
        self._running = None
        error = asyncio.CancelledError() if run.cancelled() else run.exception()
        if error is None:
            self._run_if_needed()
            return
        units = [*self._batch, *self._waiting]
        self._waiting.clear()
        # A COMMIT may still be on its way, on the thread: behind it nothing is left to roll back.
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
            # The writes are on the disk already; what a checkpoint leaves is for the next one.
            with contextlib.suppress(sqlite3.Error):
                await self._hand_over(self._checkpointer.finish, self._connection)

    def _finish(self, statement: str) -> None:
        self._file.check()
        self._connection.execute(statement)

    async def _hand_over(self, work: Callable[[_T], object], subject: _T) -> None:
        self._handed = self._thread.submit(work, subject)
        await asyncio.wrap_future(self._handed)

    async def _write(self, batch: list[_Unit]) -> None:
        """Write all units as if they were one, which costs less; where that fails, each in a savepoint of its own."""
        await patiently(self._begin)
        # Whatever fails comes again below, and is put down to the unit whose it is.
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
            # Whatever it is, it is this unit's alone.
            if not self._connection.in_transaction:
                raise  # a full disk takes the whole transaction along
            self._connection.execute("ROLLBACK TO unit")
            damaged = isinstance(failure, sqlite3.Error | msgspec.DecodeError)
            unit.failure = _unavailable(failure) if damaged else failure
        self._connection.execute("RELEASE unit")

    def _give_up(self, units: list[_Unit], error: BaseException) -> None:
        for unit in units:
            unit.failure = _unavailable(error)
        # Where even this fails, the next BEGIN does too, and comes here again.
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _unavailable(error: BaseException) -> StoreUnavailable:
    unavailable = StoreUnavailable("the database file could not be written")
    unavailable.__cause__ = error
    return unavailable


def _answer(unit: _Unit) -> None:
    if unit.answer.done():  # the caller has gone
        return
    if unit.failure is None:
        unit.answer.set_result(None)
    else:
        unit.answer.set_exception(unit.failure)
