"""Move committed pages from the write-ahead log into the database file.

By default SQLite does this inside a COMMIT, which then takes long. https://www.sqlite.org/wal.html#ckpt
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from threading import Event, Thread

from app.adapters.sqlite.connection import connect

_PAUSE = 2.0
_TOO_LONG = 8192
_CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"


class Checkpointer:
    """Move pages on a thread with its own connection, at most every two seconds."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._written = Event()
        self._ended = Event()
        self.log_is_long = False
        self._thread = Thread(target=self._run, name="checkpoint", daemon=True)
        self._thread.start()

    def note_commit(self) -> None:
        """Report that the log has grown."""
        self._written.set()

    def finish(self, writer: sqlite3.Connection) -> None:
        """Move the rest of a long log through the writer's connection, between two commits.

        SQLite restarts the log only when it is empty. A busy writer fills it faster than another connection empties it.
        """
        self.log_is_long = False
        writer.execute(_CHECKPOINT)

    def close(self) -> None:
        """Finish a running checkpoint, and end the thread."""
        self._ended.set()
        self._written.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while self._written.wait() and not self._ended.is_set():
            self._written.clear()
            # Another process may run a checkpoint, or the disk may fail; the next one moves the rest.
            with contextlib.suppress(sqlite3.Error):
                _, frames, _ = self._connection.execute(_CHECKPOINT).fetchone()
                self.log_is_long = frames > _TOO_LONG
            self._ended.wait(_PAUSE)
