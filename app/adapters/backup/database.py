"""Copy a database file while servers use it, and check a copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

WHOLE = -1
"""All pages in one step. In steps, SQLite would begin again after each commit of a server."""


def copy_database(source: Path, copy: Path) -> None:
    """Copy one moment of the database into a new file. Commits of servers go on meanwhile.

    A plain copy of the file lacks the commits in its log. https://www.sqlite.org/backup.html
    Raises sqlite3.Error.
    """
    address = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as reading, closing(sqlite3.connect(copy)) as writing:
        reading.backup(writing, pages=WHOLE)
        writing.execute("PRAGMA journal_mode = DELETE")  # the copy is complete without a log


def check_database(file: Path) -> str | None:
    """Return the first fault of a database file, or None. Every page and every index is read."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as reading:
            first: str = reading.execute("PRAGMA integrity_check(1)").fetchone()[0]
            reading.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return None if first == "ok" else first
