"""Moving committed pages from the write-ahead log into the database file.

SQLite does this inside a COMMIT by default, and whoever waits for that one waits long. https://www.sqlite.org/wal.html#ckpt
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
    """Works through the log on a thread and a connection of its own, every two seconds while it has something."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._written = Event()
        self._ended = Event()
        self.log_is_long = False
        self._thread = Thread(target=self._run, name="checkpoint", daemon=True)
        self._thread.start()

    def note_commit(self) -> None:
        """Take note that the log has grown."""
        self._written.set()

    def finish(self, writer: sqlite3.Connection) -> None:
        """Work off what is left of a long log, through the writer's own connection and between two of its commits.

        The log starts again from its beginning only when nothing is left in it, and a writer that never rests adds to
        it faster than another connection can finish.
        """
        self.log_is_long = False
        writer.execute(_CHECKPOINT)

    def close(self) -> None:
        """End the thread, after the checkpoint it may be in."""
        self._ended.set()
        self._written.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while self._written.wait() and not self._ended.is_set():
            self._written.clear()
            # Another process may be at it, or the disk may fail; what is left is for the next time.
            with contextlib.suppress(sqlite3.Error):
                _, frames, _ = self._connection.execute(_CHECKPOINT).fetchone()
                self.log_is_long = frames > _TOO_LONG
            self._ended.wait(_PAUSE)
