"""Look documents up in the database file of a running server, without changing it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.adapters.sqlite.query import fetch_one
from app.ports import Document, StoreUnavailable


class SqliteLookup:
    """Open the file read-only for each lookup. Implements `Lookup`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        """Return the document, or None. Raises StoreUnavailable if the file is missing or cannot be read."""
        try:
            with closing(sqlite3.connect(self._address(), uri=True)) as reading:
                return fetch_one(reading, kind, id)
        except sqlite3.DatabaseError as error:
            raise StoreUnavailable(f"{self._path} cannot be read: {error}") from error

    def _address(self) -> str:
        """Return the URI; SQLite reads a file in a read-only folder only if the URI calls it immutable."""
        is_still = not os.access(self._path.parent, os.W_OK) and not Path(f"{self._path}-wal").exists()
        return f"{self._path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_still else ''}"
