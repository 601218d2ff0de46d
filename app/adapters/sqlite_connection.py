"""How a connection to the database file is opened, and how it waits its turn."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.adapters.pauses import pauses
from app.ports import StoreUnavailable

T = TypeVar("T")

_PATIENCE = 5.0
_CACHE_KIB = 64 * 1024
_LOG_KEPT = 64 * 1024 * 1024


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, creating it for its owner only, so that a returned commit has reached the disk.

    SQLite itself never waits for a lock (timeout 0) and never starts a transaction or a checkpoint of its own accord:
    all of these would hold up the event loop. https://www.sqlite.org/wal.html
    """
    path.touch(mode=0o600)
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

    Raises StoreUnavailable when the lock stays taken for `patience` seconds, or SQLite cannot do it for another reason.
    """
    waiting = pauses(patience)  # none is drawn before the lock is found taken
    while True:
        try:
            return attempt()
        except sqlite3.OperationalError as error:
            if not _is_taken(error):
                raise StoreUnavailable("the database file cannot be read or written") from error
            pause = next(waiting, None)
            if pause is None:
                raise StoreUnavailable("another process holds the database file's lock") from error
        await asyncio.sleep(pause)


def _is_taken(error: sqlite3.OperationalError) -> bool:
    # The low byte is the primary result code; the others say which lock it was.
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
