"""Create the tables, and migrate older schemas."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = 3
"""The number of the schema. Raise it with each change of the tables, and add a step to `_STEPS`."""

_CREATE = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE document (
        kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
        terms TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))""",
)

# The documents of a commit share many values across kinds: with the kind after the value, their terms share pages.
# The columns must be in the order of the key: otherwise the integrity check of SQLite 3.40 reports false NULLs.
_TERM = """CREATE TABLE term (
        name TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, created TEXT NOT NULL, id TEXT NOT NULL,
        updated TEXT NOT NULL, PRIMARY KEY (name, value, kind, created, id)) WITHOUT ROWID"""

# One row per document, appended to its kind. A second order of the terms would need scattered rows, one per term.
_UPDATED = "CREATE INDEX document_updated ON document (kind, updated, id)"

_STEPS = {
    # Schema 1 had one search order, by creation, and its term key began with the kind.
    2: (
        "ALTER TABLE term RENAME TO term_1",
        _TERM,
        """INSERT INTO term SELECT t.name, t.value, t.kind, t.created, t.id, d.updated
           FROM term_1 AS t JOIN document AS d ON d.kind = t.kind AND d.id = t.id""",
        "DROP TABLE term_1",
    ),
    # Schema 2 stored each term twice, once in the order of change.
    3: ("DROP INDEX IF EXISTS term_updated", _UPDATED),
}


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Create the tables, or migrate an older schema, in one commit. Raises RuntimeError for a newer schema."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        stored = _schema(connection)
        if stored > SCHEMA:
            raise RuntimeError(
                f"{path} has schema {stored}; this version of preauth supports schemas up to {SCHEMA}. Start the newer "
                "version, or restore an older backup."
            )
        for statement in (*_CREATE, _TERM, _UPDATED) if stored == 0 else _steps_from(stored):
            connection.execute(statement)
        put_meta(connection, "schema", str(SCHEMA))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Return the metadata value of `key`, or None."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set the metadata value of `key`."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _schema(connection: sqlite3.Connection) -> int:
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone() is None:
        return 0
    return int(get_meta(connection, "schema") or 0)


def _steps_from(stored: int) -> list[str]:
    return [statement for number in range(stored + 1, SCHEMA + 1) for statement in _STEPS[number]]
