"""Open the database file, wait for its lock, and notice a damaged or replaced file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import msgspec

from app.adapters.pauses import pauses
from app.ports import StoreUnavailable

T = TypeVar("T")

_OWNER_ONLY = 0o600
_PATIENCE = 5.0
_CACHE_KIB = 64 * 1024
_LOG_KEPT = 64 * 1024 * 1024
LEAST_FREE = 32_000_000
"""Free bytes that a large submit needs. On a nearly full disk, a small commit succeeds while larger ones fail."""

_MISUSE = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.DataError, sqlite3.NotSupportedError)
"""Errors of this program, not of the file."""

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, and create it if missing, readable by its owner only. A commit returns when it is on the disk.

    SQLite must not wait for a lock (timeout 0), nor start a transaction or a checkpoint by itself: each would block
    the event loop. https://www.sqlite.org/wal.html
    """
    _create(path)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_KEPT}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


async def patiently(attempt: Callable[[], T], patience: float = _PATIENCE) -> T:
    """Repeat `attempt` after pauses while another process holds the lock; the event loop keeps running.

    Raises StoreUnavailable after `patience` seconds without the lock, for a damaged file, or for a failing disk.
    """
    waiting = pauses(patience)
    while True:
        try:
            return attempt()
        except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
            if type(error) in _MISUSE:
                raise
            if not _is_locked(error):
                raise StoreUnavailable("the database file cannot be read or written") from error
            pause = next(waiting, None)
            if pause is None:
                raise StoreUnavailable("another process has locked the database file") from error
        await asyncio.sleep(pause)


def _is_locked(error: Exception) -> bool:
    # The low byte is the primary result code. Some errors have no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class DatabaseFile:
    """The file and the log of an open database. Writes to a removed or replaced file would be lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._identities, self._size = self._look()
        self._damaged = False

    def note(self, error: BaseException | None) -> None:
        """Remember a damaged file. The cache may still have its pages, and new writes would be lost."""
        while error is not None:
            self._damaged |= getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
            error = error.__cause__

    def check(self) -> None:
        """Raise StoreUnavailable or sqlite3.DatabaseError if the file or its log is missing, replaced or damaged."""
        if self._damaged:
            raise StoreUnavailable("the database file is damaged: restore a backup and restart the server")
        identities, size = self._look()
        if identities != self._identities:
            raise StoreUnavailable("the database file or its log was replaced: restart the server")
        if size < self._size:  # after a VACUUM, or truncated
            self.read(thorough=True)
        self._size = size

    def read(self, *, thorough: bool = False) -> None:
        """Read the file from the disk through a new connection; `thorough` checks every page.

        Raises StoreUnavailable or sqlite3.DatabaseError if the file cannot be read.
        """
        # mode=rw: a missing file must not be created.
        with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if thorough and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise StoreUnavailable("the database file is damaged: restore a backup")

    def check_room(self, least: float) -> None:
        """Raise StoreUnavailable if the disk has fewer than `least` bytes free."""
        try:
            disk = os.statvfs(self._path.parent)
        except OSError as gone:
            raise StoreUnavailable("the folder of the database file is missing") from gone
        if disk.f_bavail * disk.f_frsize < least:
            raise StoreUnavailable("the disk is full")

    def _look(self) -> tuple[tuple[tuple[int, int], ...], int]:
        try:
            file, log = self._path.stat(), self._log.stat()
        except OSError as gone:
            raise StoreUnavailable("the database file or its log is missing: restart the server") from gone
        return ((file.st_dev, file.st_ino), (log.st_dev, log.st_ino)), file.st_size


def _create(path: Path) -> None:
    """Create the file with mode 0600, regardless of the umask; remove wider access from an existing file.

    SQLite gives the log and its index the mode of the database.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=_OWNER_ONLY)
    status = path.stat()
    if stat.S_IMODE(status.st_mode) & ~_OWNER_ONLY and status.st_uid == os.geteuid():
        path.chmod(_OWNER_ONLY)
