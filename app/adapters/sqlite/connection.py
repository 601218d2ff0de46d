"""How the database file is opened, how a connection waits its turn, and whether the file is still the same."""

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
"""Bytes of the disk that a store needs to take a large submit: a small commit succeeds long after larger ones fail."""

_MISUSE = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.DataError, sqlite3.NotSupportedError)
"""What says that this program is wrong, not that the file is."""

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, creating it for its owner only, so that a returned commit has reached the disk.

    SQLite itself never waits for a lock (timeout 0) and never starts a transaction or a checkpoint of its own accord:
    all of these would hold up the event loop. https://www.sqlite.org/wal.html
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
    """Do `attempt`, again after a pause while another process holds the lock it needs; the event loop runs meanwhile.

    Raises StoreUnavailable when the lock stays taken for `patience` seconds, or the file is damaged or the disk fails.
    """
    waiting = pauses(patience)  # none is drawn before the lock is found taken
    while True:
        try:
            return attempt()
        except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
            if type(error) in _MISUSE:
                raise
            if not _is_taken(error):
                raise StoreUnavailable("the database file cannot be read or written") from error
            pause = next(waiting, None)
            if pause is None:
                raise StoreUnavailable("another process holds the database file's lock") from error
        await asyncio.sleep(pause)


def _is_taken(error: Exception) -> bool:
    # The low byte is the primary result code; the others say which lock it was. Some errors have no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class DatabaseFile:
    """An open database's file and log. What is written to one that was removed or replaced would be lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._identities, self._size = self._look()
        self._damaged = False

    def note(self, error: BaseException | None) -> None:
        """Remember a damage that was found: a cache may know the pages still, and take writes that would be lost."""
        while error is not None:
            self._damaged |= getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
            error = error.__cause__

    def check(self) -> None:
        """Raise StoreUnavailable or sqlite3.DatabaseError where the file or its log is gone, replaced or damaged."""
        if self._damaged:
            raise StoreUnavailable("the database file is damaged: restore it from a backup and restart the server")
        identities, size = self._look()
        if identities != self._identities:
            raise StoreUnavailable("the database file or its log was replaced: restart the server")
        if size < self._size:  # by a VACUUM, or by an accident
            self.read(thorough=True)
        self._size = size

    def read(self, *, thorough: bool = False) -> None:
        """Read the file as a program that starts would, from the disk; `thorough` reads all of it.

        Raises StoreUnavailable or sqlite3.DatabaseError where that fails.
        """
        # mode=rw: a file that is gone must not be made anew.
        with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if thorough and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise StoreUnavailable("the database file is damaged: restore it from a backup")

    def check_room(self, least: float) -> None:
        """Raise StoreUnavailable where the disk has fewer than `least` bytes free."""
        try:
            disk = os.statvfs(self._path.parent)
        except OSError as gone:
            raise StoreUnavailable("the folder of the database file is gone") from gone
        if disk.f_bavail * disk.f_frsize < least:
            raise StoreUnavailable("the disk is full")

    def _look(self) -> tuple[tuple[tuple[int, int], ...], int]:
        try:
            file, log = self._path.stat(), self._log.stat()
        except OSError as gone:
            raise StoreUnavailable("the database file or its log is gone: restart the server") from gone
        return ((file.st_dev, file.st_ino), (log.st_dev, log.st_ino)), file.st_size


def _create(path: Path) -> None:
    """Create the file for its owner only, whatever the umask; take the others' access to one that is there already.

    SQLite gives the log and its index the mode of the database.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=_OWNER_ONLY)
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & ~_OWNER_ONLY and found.st_uid == os.geteuid():
        path.chmod(_OWNER_ONLY)
