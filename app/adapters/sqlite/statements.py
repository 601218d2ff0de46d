"""Apply writes to the tables."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec
from msgspec.structs import replace

from app.ports import Check, Conflict, Delete, Document, Insert, Replace, Term, Write

_INSERT = "INSERT INTO document VALUES (?, ?, 1, ?, ?, ?, ?)"
_UPDATE = """UPDATE document SET version = version + 1, created = ?, updated = ?, terms = ?, body = ?
    WHERE kind = ? AND id = ?"""
_DELETE = "DELETE FROM document WHERE kind = ? AND id = ?"
_VERSION = "SELECT version FROM document WHERE kind = ? AND id = ?"
_STORED = "SELECT created, terms FROM document WHERE kind = ? AND id = ? AND version = ?"
_ADD_TERM = "INSERT OR REPLACE INTO term (kind, name, value, created, updated, id) VALUES (?, ?, ?, ?, ?, ?)"
_DROP_TERM = "DELETE FROM term WHERE kind = ? AND name = ? AND value = ? AND created = ? AND id = ?"

_MOST = 32
_OWN = [f"(?1, ?2, ?3, ?4, ?{number}, ?{number + 1})" for number in range(5, 5 + 2 * _MOST, 2)]
_ADD_NEW = "INSERT OR IGNORE INTO term (kind, created, id, updated, name, value) VALUES "
_ADD_TERMS = [_ADD_NEW + ", ".join(_OWN[:count]) for count in range(_MOST + 1)]
"""`_ADD_TERMS[n]` adds n terms of a new document; a repeated term becomes one row.

With OR IGNORE, SQLite never undoes a statement halfway. With OR REPLACE it might, and would copy each page before its
change.
"""

_Row = tuple[str, str, str, str, str, str]

_decoder = msgspec.json.Decoder(tuple[Term, ...])
_encoder = msgspec.json.Encoder()

_SET_INDEX = "UPDATE document SET terms = ?, created = ? WHERE kind = ? AND id = ?"


def write_all(connection: sqlite3.Connection, writes: Iterable[Write]) -> None:
    """Do the writes in order in the open transaction. Raises Conflict for the first write that fails."""
    new: list[Insert] = []  # inserts are collected, because each call costs time, and done before the next other write
    for write in writes:
        if isinstance(write, Insert):
            new.append(write)
            continue
        _insert(connection, new)
        new.clear()
        match write:
            case Replace(document):
                _replace(connection, write, document)
            case Delete():
                _delete(connection, write)
            case Check():
                _check(connection, write)
    _insert(connection, new)


def replace_index(connection: sqlite3.Connection, document: Document, terms: Sequence[Term], created: str) -> None:
    """Replace the terms and the order key of a stored document; leave the rest unchanged."""
    connection.execute(_SET_INDEX, (_text(terms), created, document.kind, document.id))
    connection.executemany(_DROP_TERM, _keys(document, document.terms))
    connection.executemany(_ADD_TERM, _rows(replace(document, created=created), terms))


def read_terms(text: str) -> tuple[Term, ...]:
    """Return the terms of their stored JSON text."""
    return _decoder.decode(text)


def _insert(connection: sqlite3.Connection, writes: Sequence[Insert]) -> None:
    documents = [write.document for write in writes]
    before = connection.total_changes
    try:
        connection.executemany(_INSERT, map(_row, documents))
    except sqlite3.IntegrityError as taken:
        raise Conflict(writes[connection.total_changes - before]) from taken
    _add_terms(connection, documents)


def _row(document: Document) -> _Row:
    return document.kind, document.id, document.created, document.updated, _text(document.terms), document.body


def _add_terms(connection: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Add the terms of new documents, up to 32 per statement, so that their shared values are bound once."""
    by_count: defaultdict[int, list[tuple[str, ...]]] = defaultdict(list)
    for document in documents:
        shared = (document.kind, document.created, document.id, document.updated)
        for start in range(0, len(document.terms), _MOST):
            some = document.terms[start : start + _MOST]
            by_count[len(some)].append((*shared, *chain.from_iterable(some)))
    for count, rows in by_count.items():
        connection.executemany(_ADD_TERMS[count], rows)


def _replace(connection: sqlite3.Connection, write: Replace, document: Document) -> None:
    stored = connection.execute(_STORED, (document.kind, document.id, document.version)).fetchone()
    if stored is None:
        raise Conflict(write)
    before = Document(document.kind, document.id, "", read_terms(stored[1]), stored[0])
    gone = set(_keys(before, before.terms)).difference(_keys(document, document.terms))
    row = (document.created, document.updated, _text(document.terms), document.body, document.kind, document.id)
    connection.execute(_UPDATE, row)
    connection.executemany(_DROP_TERM, gone)
    connection.executemany(_ADD_TERM, _rows(document, document.terms))


def _delete(connection: sqlite3.Connection, write: Delete) -> None:
    stored = connection.execute(_STORED, (write.kind, write.id, write.version)).fetchone()
    if stored is None:
        raise Conflict(write)
    before = Document(write.kind, write.id, "", read_terms(stored[1]), stored[0])
    connection.execute(_DELETE, (write.kind, write.id))
    connection.executemany(_DROP_TERM, _keys(before, before.terms))


def _check(connection: sqlite3.Connection, write: Check) -> None:
    stored = connection.execute(_VERSION, (write.kind, write.id)).fetchone()
    if (stored[0] if stored else 0) != write.version:
        raise Conflict(write)


def _text(terms: Sequence[Term]) -> str:
    return _encoder.encode(terms).decode()


def _keys(document: Document, terms: Sequence[Term]) -> list[tuple[str, str, str, str, str]]:
    return [(document.kind, name, value, document.created, document.id) for name, value in terms]


def _rows(document: Document, terms: Sequence[Term]) -> list[_Row]:
    kind, created, updated, id_ = document.kind, document.created, document.updated, document.id
    return [(kind, name, value, created, updated, id_) for name, value in terms]
