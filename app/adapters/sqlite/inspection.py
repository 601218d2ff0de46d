"""Look at a database file while servers use it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.adapters.sqlite.connection import connect
from app.adapters.sqlite.schema import SCHEMA, get_meta
from app.adapters.state import State
from app.ports import StoreUnavailable

_FULL = 2
"""https://www.sqlite.org/pragma.html#pragma_synchronous: a commit is on the disk before it returns."""

_NEWEST = "SELECT max(updated) FROM document WHERE kind = 'ClaimResponse'"


def inspect_sqlite(path: Path, term_hash: str) -> State:
    """Return the state of the database. Raises StoreUnavailable if the file cannot be read."""
    try:
        with closing(connect(path)) as connection:
            schema = int(get_meta(connection, "schema") or 0)
            synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
            newest = connection.execute(_NEWEST).fetchone()[0]
            terms = get_meta(connection, "terms")
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{path} cannot be read: {error}") from error
    return State(
        schema=schema,
        is_current=schema == SCHEMA and terms == term_hash,
        durable=synchronous == _FULL and journal == "wal",
        durability=f"SQLite writes each commit to the disk (synchronous {synchronous}, journal {journal}).",
        newest=datetime.fromisoformat(newest) if newest else None,
    )
