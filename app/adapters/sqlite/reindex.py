"""Recompute the terms of stored documents after a change of the term table."""

from __future__ import annotations

import json
import sqlite3

from app.adapters.sqlite.connection import patiently
from app.adapters.sqlite.query import document
from app.adapters.sqlite.schema import get_meta, put_meta
from app.adapters.sqlite.statements import replace_index
from app.ports import TermTable

_BATCH = 200
_NOWHERE = '["", "", ""]'
_NEXT = """SELECT kind, id, body, terms, created, updated, version FROM document
    WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"""


async def reindex(connection: sqlite3.Connection, table: TermTable) -> None:
    """Recompute terms and `created` of all documents if the stored ones come from another table.

    Each batch is a commit that stores its progress. An interrupted reindex continues from there, and two processes
    that start together share the work.
    """
    while get_meta(connection, "terms") != table.hash:
        await patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
        try:
            _take_a_batch(connection, table)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _take_a_batch(connection: sqlite3.Connection, table: TermTable) -> None:
    if get_meta(connection, "terms") == table.hash:  # another process has finished
        return
    rows = connection.execute(_NEXT, (*_reached(connection, table), _BATCH)).fetchall()
    for stored in map(document, rows):
        replace_index(connection, stored, table.terms(stored), table.created(stored))
    # Until the last batch is done, the terms belong to no table.
    put_meta(connection, "terms", "" if rows else table.hash)
    put_meta(connection, "reindex", json.dumps([table.hash, *rows[-1][:2]]) if rows else _NOWHERE)


def _reached(connection: sqlite3.Connection, table: TermTable) -> tuple[str, str]:
    hash_, kind, id_ = json.loads(get_meta(connection, "reindex") or _NOWHERE)
    return (kind, id_) if hash_ == table.hash else ("", "")
