"""Looking documents up in the database file beside the server that uses it, without changing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from app.adapters.sqlite.query import fetch_one
from app.ports import Document, StoreUnavailable


class SqliteLookup:
    """Opens the file for each look, for reading only. Keeps the contract of `ports.Lookup`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        """Return the document, or None. Raises StoreUnavailable where the file is missing or cannot be read."""
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as reading:
                return fetch_one(reading, kind, id)
        except sqlite3.DatabaseError as error:
            raise StoreUnavailable(f"{self._path} cannot be read: {error}") from error
