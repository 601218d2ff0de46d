"""The tables, and the way forward from each older form of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = 3
"""The schema's number: one more with every change of the tables, and a step in `_STEPS` that leads to it."""

_CREATE = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE document (
        kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
        terms TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))""",
)

# A commit's documents of several kinds share many values: with the kind behind them, their terms share pages.
# The columns stand in the order of the key: else the integrity check of SQLite 3.40 reports NULLs that are not there.
_TERM = """CREATE TABLE term (
        name TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, created TEXT NOT NULL, id TEXT NOT NULL,
        updated TEXT NOT NULL, PRIMARY KEY (name, value, kind, created, id)) WITHOUT ROWID"""

# One row a document, at the end of its kind. A second order of the terms would be one row a term, all over the index.
_UPDATED = "CREATE INDEX document_updated ON document (kind, updated, id)"

_STEPS = {
    # Schema 1 had one order of a search, by creation, and its terms lay apart by kind.
    2: (
        "ALTER TABLE term RENAME TO term_1",
        _TERM,
        """INSERT INTO term SELECT t.name, t.value, t.kind, t.created, t.id, d.updated
           FROM term_1 AS t JOIN document AS d ON d.kind = t.kind AND d.id = t.id""",
        "DROP TABLE term_1",
    ),
    # Schema 2 had every term twice, once in the order of change.
    3: ("DROP INDEX IF EXISTS term_updated", _UPDATED),
}


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Create the tables, or take an older schema forward, in one commit.

    Raises RuntimeError for a file that a newer program wrote.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _schema(connection)
        if found > SCHEMA:
            raise RuntimeError(
                f"{path} has schema {found}, and this program knows schemas up to {SCHEMA}: start the newer program it "
                "was last used with, or restore a backup from before that"
            )
        for statement in (*_CREATE, _TERM, _UPDATED) if found == 0 else _steps_from(found):
            connection.execute(statement)
        put_meta(connection, "schema", str(SCHEMA))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Return what the store says of itself under `key`."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set what the store says of itself under `key`."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _schema(connection: sqlite3.Connection) -> int:
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone() is None:
        return 0
    return int(get_meta(connection, "schema") or 0)


def _steps_from(found: int) -> list[str]:
    return [statement for number in range(found + 1, SCHEMA + 1) for statement in _STEPS[number]]
