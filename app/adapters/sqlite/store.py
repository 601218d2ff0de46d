"""The embedded store: one SQLite file, one writer with group commit, searches apart, look-ups through either."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
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
"""What is written to see whether anything can be."""

_WRITERS = ("PRAGMA cache_size = -4096", "PRAGMA cache_spill = OFF")
"""The writer's cache holds little more than a batch, as nearly every COMMIT goes through the whole of it.

(To split a page, SQLite numbers one past 1 GiB for a moment, and at the COMMIT looks for pages past the file's end.)
A batch that needs more room gets it; else the event loop would write pages out to make some.
"""


class SqliteDocuments:
    """Keeps documents in a file. A second process on the same file is correct; it takes its turn at writing.

    Reads run on the event loop: they take some microseconds, less than handing them to a thread would. Long searches
    run on threads.
    """

    def __init__(self, path: Path, search_seconds: float = SEARCH_SECONDS, least_free: float = LEAST_FREE) -> None:
        """Take the file; `search_seconds` is how long a search may take, `least_free` what `ping` asks of the disk."""
        self._path = path
        self._least_free = least_free
        self._seconds = search_seconds
        self._open: _Open | None = None

    async def start(self, table: TermTable) -> None:
        """Open the file, create or migrate its tables, and recompute terms that another table made.

        Raises RuntimeError where the file is of a newer schema, not a database, or not to be written.
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
        """Write what is waiting, move the log into the file, and let go of it."""
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
        """Return a page of documents; less than `query.limit` means that nothing follows."""
        return [] if is_empty(query) else await self._search(lambda reading: find(reading, query))

    async def count(self, query: Query, cap: int) -> int:
        """Return how many match, counted to `cap` at most; order, page and limit of the query play no part."""
        all_of_them = replace(query, after=None, limit=cap)
        if is_empty(all_of_them):
            return 0
        return await self._search(lambda reading: len(matching(reading, all_of_them)))

    async def commit(self, *writes: Write) -> None:
        """Do all writes, in their order, or none; they are on the disk when it returns.

        Raises Conflict or StoreUnavailable.
        """
        await self._opened().group.commit(writes)

    async def ping(self) -> None:
        """Read the file from the disk and commit a document, as the contract asks. Raises StoreUnavailable."""
        opened = self._opened()
        try:
            await asyncio.to_thread(opened.file.read)
            opened.file.check_room(self._least_free)
        except sqlite3.DatabaseError as error:
            opened.file.note(error)
            raise StoreUnavailable("the database file cannot be read") from error
        before = await self.get(_PING.kind, _PING.id)
        with contextlib.suppress(Conflict):  # another process has just done the same
            await self.commit(Insert(_PING) if before is None else Replace(before))

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
    """The connections of an open file: one that writes, those that search, one that keeps the log short."""

    def __init__(self, path: Path, search_seconds: float) -> None:
        with ExitStack() as opened:
            self.writing = opened.enter_context(closing(connect(path)))
            bring_up_to_date(self.writing, path)
            for setting in _WRITERS:
                self.writing.execute(setting)
            self.searches = opened.enter_context(closing(Searches(path, search_seconds)))
            self._checkpointer = Checkpointer(path)
            self.file = DatabaseFile(path)
            self.group = GroupCommit(self.writing, self._checkpointer, self.file)
            opened.pop_all()

    @property
    def warm(self) -> sqlite3.Connection:
        """The connection for a look-up: the writer's while it rests, as the other forgets its pages at every COMMIT."""
        return self.writing if self.group.rests else self.searches.connection

    async def close(self) -> None:
        await self.group.close()
        self._checkpointer.close()
        self.searches.close()
        self.writing.close()  # the last connection to close works off the log


def _refused(path: Path, error: Exception) -> RuntimeError:
    """Say why the file cannot be used."""
    cause = error.__cause__ if isinstance(error, StoreUnavailable) else error
    if type(cause) is sqlite3.DatabaseError or isinstance(cause, msgspec.DecodeError):
        return RuntimeError(f"{path} is not a database that this program can read: {cause}")
    reason = error.strerror if isinstance(error, OSError) else error
    return RuntimeError(f"{path} cannot be opened for writing: {reason}.")
