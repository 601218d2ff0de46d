"""Where a test's documents are: one class a store, each able to open it, and to make it look like another program's."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pymongo

from app.adapters.memory import MemoryDocuments
from app.adapters.mongodb import schema as mongodb_schema
from app.adapters.mongodb.store import MongoDocuments
from app.adapters.sqlite import schema as sqlite_schema
from app.adapters.sqlite.inspection import inspect_sqlite
from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.state import State
from app.ports import Documents, TermTable

TABLE = TermTable("first", lambda document: document.terms)
"""Keeps the terms a test gave."""

SCHEMA_1 = Path(__file__).with_name("schema1.sql")
SCHEMA_2 = Path(__file__).with_name("schema2.sql")


class MemoryPlace:
    """One object, opened again and again."""

    def __init__(self) -> None:
        self._documents: MemoryDocuments | None = None

    def documents(self, **options: float) -> Documents:
        if self._documents is None:
            self._documents = MemoryDocuments(**options)
        return self._documents


class SqlitePlace:
    schema = sqlite_schema.SCHEMA

    def __init__(self, path: Path) -> None:
        self.path = path
        self.address = str(path)

    def documents(self, **options: float) -> Documents:
        return SqliteDocuments(self.path, **options)

    async def inspected(self, hash_: str) -> State:
        return inspect_sqlite(self.path, hash_)

    def say_schema(self, number: int) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(number),))

    def fill_with_schema_1(self, file: Path = SCHEMA_1) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(file.read_text())


class MongoPlace:
    schema = mongodb_schema.SCHEMA

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.database = database
        self.address = f"{url} {database}"

    def documents(self, **options: float) -> Documents:
        return MongoDocuments(self.url, self.database, **options)

    async def inspected(self, hash_: str) -> State:
        documents = MongoDocuments(self.url, self.database)
        try:
            return await documents.inspect(hash_)
        finally:
            await documents.close()

    def say_schema(self, number: int) -> None:
        with pymongo.MongoClient[dict[str, Any]](self.url) as client:
            client[self.database].meta.update_one({"_id": "store"}, {"$set": {"schema": number}})

    def fill_with_schema_1(self) -> None:
        """Write what `schema1.sql` has, in the form of that time: without the index in order of change."""
        with closing(sqlite3.connect(":memory:")) as source, pymongo.MongoClient[dict[str, Any]](self.url) as client:
            source.executescript(SCHEMA_1.read_text())
            database = client[self.database]
            database.meta.insert_one({"_id": "store", "schema": 1, "terms": "first"})
            for kind in ("Claim", "ClaimResponse"):
                collection = database[f"documents.{kind}"]
                collection.create_index([("terms", 1), ("created", 1), ("_id", 1)], name="created")
                collection.insert_many(_schema_1(source, kind))


def open_address(address: str) -> Documents:
    """Open, in another process, the place whose address it is."""
    url, _, database = address.partition(" ")
    return MongoDocuments(url, database) if database else SqliteDocuments(Path(address))


def _schema_1(source: sqlite3.Connection, kind: str) -> list[dict[str, Any]]:
    terms = "(SELECT json_group_array(name || '=' || value) FROM term AS t WHERE t.kind = d.kind AND t.id = d.id)"
    rows = source.execute(
        f"SELECT id, version, created, updated, {terms}, body FROM document AS d WHERE kind = ?", [kind]
    )
    names = ("_id", "version", "created", "updated", "terms", "body")
    return [{**dict(zip(names, row, strict=True)), "terms": json.loads(row[4])} for row in rows]
