"""Store documents in one SQLite file: one writer with group commit, separate connections for searches."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from app.adapters.query import SEARCH_SECONDS, is_empty
from app.adapters.sqlite.checkpoint import Checkpointer
from app.adapters.sqlite.connection import LEAST_FREE, DatabaseFile, connect, patiently
from app.adapters.sqlite.query import fetch, fetch_one, find, matching
from app.adapters.sqlite.reindex import reindex
from app.adapters.sqlite.schema import bring_up_to_date
from app.adapters.sqlite.searching import Search, Searches
from app.adapters.sqlite.writer import GroupCommit
from app.ports import Conflict, Document, Insert, Query, Replace, StoreUnavailable, TermTable, Write

T = TypeVar("T")

_PING = Document("ping", "ping", "")
"""The document that `ping` writes."""

_WRITER_SETTINGS = ("PRAGMA cache_size = -4096", "PRAGMA cache_spill = OFF")
"""Keep the writer's cache small: nearly every COMMIT scans it for pages past the end of the file.

A large batch may exceed the cache; otherwise SQLite would write pages to the disk on the event loop.
"""


class SqliteDocuments:
    """Keep documents in a file. Implements `Documents`. Several processes may use the file; one at a time writes.

    Reads run on the event loop: they take some microseconds, less than a thread would. Long searches run on threads.
    """

    def __init__(self, path: Path, search_seconds: float = SEARCH_SECONDS, least_free: float = LEAST_FREE) -> None:
        """Set the file. A search may take `search_seconds`; `ping` requires `least_free` free bytes on the disk."""
        self._path = path
        self._least_free = least_free
        self._seconds = search_seconds
        self._open: _Open | None = None

    async def start(self, table: TermTable) -> None:
        """Open the file, create or migrate its tables, and recompute terms of another table.

        Raises RuntimeError if the file has a newer schema, is not a database or is not writable.
        """
        try:
            self._open = await patiently(lambda: _Open(self._path, self._seconds))
        except (OSError, StoreUnavailable) as error:
            raise _refused(self._path, error) from error
        try:
            await reindex(self._open.writing, table)
        except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
            raise _refused(self._path, error) from error

    async def close(self) -> None:
        """Finish waiting commits, move the log into the file, and close it."""
        if self._open is not None:
            opened, self._open = self._open, None
            await opened.close()

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        """Return the document, or None."""
        opened = self._opened()
        return await patiently(lambda: fetch_one(opened.warm, kind, id))

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        """Return those of `ids` that exist, in the order of `ids`."""
        opened = self._opened()
        return await patiently(lambda: fetch(opened.warm, kind, ids))

    async def find(self, query: Query) -> list[Document]:
        """Return a page of documents; fewer than `query.limit` and `query.room` mean the last page."""
        return [] if is_empty(query) else await self._search(lambda reading: find(reading, query))

    async def count(self, query: Query, cap: int) -> int:
        """Return the number of matching documents, at most `cap`; ignores the query's order, page and limit."""
        unpaged = replace(query, after=None, limit=cap)
        if is_empty(unpaged):
            return 0
        return await self._search(lambda reading: len(matching(reading, unpaged)))

    async def commit(self, *writes: Write) -> None:
        """Do all writes in order, or none; return when they are on the disk. Raises Conflict or StoreUnavailable."""
        await self._opened().group.commit(writes)

    async def ping(self) -> None:
        """Read the file from the disk, and commit a document. Raises StoreUnavailable."""
        opened = self._opened()
        try:
            await asyncio.to_thread(opened.file.read)
            opened.file.check_room(self._least_free)
        except sqlite3.DatabaseError as error:
            opened.file.note(error)
            raise StoreUnavailable("the database file cannot be read") from error
        before = await self.get(_PING.kind, _PING.id)
        with contextlib.suppress(Conflict):  # another process has just written it
            await self.commit(Insert(_PING) if before is None else Replace(before))

    async def time(self) -> datetime | None:
        """Return None: the store has the clock of the server's machine."""
        return None

    async def _search(self, search: Search[T]) -> T:
        opened = self._opened()
        try:
            return await opened.searches.run(search)
        except StoreUnavailable as outage:
            opened.file.note(outage)
            raise

    def _opened(self) -> _Open:
        if self._open is None:
            raise StoreUnavailable("the store is closed")
        return self._open


class _Open:
    """The connections of an open file: one writes, others search, one runs checkpoints."""

    def __init__(self, path: Path, search_seconds: float) -> None:
        with ExitStack() as opened:
            self.writing = opened.enter_context(closing(connect(path)))
            bring_up_to_date(self.writing, path)
            for setting in _WRITER_SETTINGS:
                self.writing.execute(setting)
            self.searches = opened.enter_context(closing(Searches(path, search_seconds)))
            self._checkpointer = Checkpointer(path)
            self.file = DatabaseFile(path)
            self.group = GroupCommit(self.writing, self._checkpointer, self.file)
            opened.pop_all()

    @property
    def warm(self) -> sqlite3.Connection:
        """The connection for a lookup: the idle writer's, because others lose their cache at every COMMIT."""
        return self.writing if self.group.idle else self.searches.connection

    async def close(self) -> None:
        await self.group.close()
        self._checkpointer.close()
        self.searches.close()
        self.writing.close()  # the last connection to close empties the log


def _refused(path: Path, error: Exception) -> RuntimeError:
    """Return the error with a sentence on why the file cannot be used."""
    cause = error.__cause__ if isinstance(error, StoreUnavailable) else error
    if type(cause) is sqlite3.DatabaseError or isinstance(cause, msgspec.DecodeError):
        return RuntimeError(f"{path} must be a preauth database: {cause}.")
    reason = error.strerror if isinstance(error, OSError) else error
    return RuntimeError(f"{path} cannot be opened for writing: {reason}.")
