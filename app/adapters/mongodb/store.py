"""Store documents in MongoDB, as a replica set or a sharded cluster, through motor.

Only this file imports motor, whose end of life was 2026-05-14; its successor is PyMongo's own async API.
https://www.mongodb.com/docs/drivers/motor/
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bson import ObjectId
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from msgspec.structs import replace
from pymongo.errors import (
    ConfigurationError,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from app.adapters.mongodb.document import Json, collection_name, filter_of, from_stored, sort_of, to_stored
from app.adapters.mongodb.inspection import state_of, time_of
from app.adapters.mongodb.schema import bring_up_to_date, create_indexes, refuse_a_standalone, reindex
from app.adapters.pauses import pauses
from app.adapters.query import SEARCH_SECONDS, Filling, is_empty, key_of
from app.adapters.state import State
from app.ports import (
    Check,
    Conflict,
    Delete,
    Document,
    Insert,
    Query,
    Replace,
    StoreUnavailable,
    TermTable,
    TooCostly,
    TooLarge,
    Write,
)

_MAJORITY = WriteConcern("majority")
_TOO_LARGE = 10334
"""The server's error BSONObjectTooLarge: the driver misses documents that are slightly too large."""
_PING = {"_id": "ping"}
_OPTIONS = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "socketTimeoutMS": 20_000}


class MongoDocuments:
    """Keep each kind in a collection. Implements `Documents`; a commit is one multi-document transaction."""

    def __init__(
        self, url: str, database: str = "preauth", patience: float = 5.0, search_seconds: float = SEARCH_SECONDS
    ) -> None:
        """Set the address. `patience` limits the retries of a commit, `search_seconds` a search, in seconds."""
        self._url = url
        self._name = database
        self._patience = patience
        self._milliseconds = max(1, int(search_seconds * 1000))  # for MongoDB, 0 means no limit
        self._client: AsyncIOMotorClient[Json] | None = None
        self._created: set[str] = set()

    async def start(self, table: TermTable) -> None:
        """Connect, create or migrate the indexes, and recompute terms of another table.

        Raises RuntimeError for an invalid address, a standalone server or a newer schema, and StoreUnavailable if the
        server does not answer.
        """
        client = self.connect()
        with _answering():
            refuse_a_standalone(await client.admin.command("hello"))
            await bring_up_to_date(self._database())
            await reindex(self._database(), table)

    async def inspect(self, term_hash: str) -> State:
        """Connect, and return the state of the database, without changing it. Raises the errors of `start`."""
        client = self.connect()
        with _answering():
            stored = await self._database().meta.find_one({"_id": "store"}) or {}
            return state_of(await client.admin.command("hello"), stored, term_hash)

    async def time(self) -> datetime | None:
        """Return the time of the database's machine."""
        with _answering():
            return time_of(await self._connected().admin.command("hello"))

    def connect(self) -> AsyncIOMotorClient[Json]:
        """Connect without reading or changing the schema. Raises RuntimeError for an invalid address."""
        self._client = _connect(self._url)
        return self._client

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        """Return the document, or None."""
        with _answering():
            stored = await self._collection(kind).find_one({"_id": id})
        return None if stored is None else from_stored(kind, stored)

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        """Return those of `ids` that exist, in the order of `ids`."""
        with _answering():
            rows = await self._collection(kind).find({"_id": {"$in": list(ids)}}).to_list(None)
        by_id = {stored["_id"]: stored for stored in rows}
        return [from_stored(kind, by_id[id_]) for id_ in ids if id_ in by_id]

    async def find(self, query: Query) -> list[Document]:
        """Return a page of documents; fewer than `query.limit` and `query.room` mean the last page."""
        if is_empty(query):
            return []
        with _answering():
            cursor = self._collection(query.kind).find(filter_of(query)).sort(sort_of(query)).limit(query.limit)
            page = Filling(query.room)
            async for stored in cursor.max_time_ms(self._milliseconds):
                if not page.add(from_stored(query.kind, stored)):
                    await cursor.close()
                    break
            return page.documents

    async def count(self, query: Query, cap: int) -> int:
        """Return the number of matching documents, at most `cap`; ignores the query's order, page and limit."""
        unpaged = replace(query, after=None, limit=cap)
        if is_empty(unpaged):
            return 0
        with _answering():
            return await self._collection(query.kind).count_documents(
                filter_of(unpaged), limit=cap, maxTimeMS=self._milliseconds
            )

    async def commit(self, *writes: Write) -> None:
        """Do all writes in order, or none; return when a majority has them.

        Raises Conflict, TooLarge for a document over 16 MB (https://www.mongodb.com/docs/manual/reference/limits/), or
        StoreUnavailable.
        """
        with _answering():
            for write in writes:
                await self._create(key_of(write)[0])
            await self._while_labeled("TransientTransactionError", lambda: self._transact(writes))

    async def ping(self) -> None:
        """Write a document that a majority acknowledges. Raises StoreUnavailable."""
        with _answering():
            await self._database().meta.update_one(_PING, {"$set": {"written": ObjectId()}}, upsert=True)

    async def _transact(self, writes: Sequence[Write]) -> None:
        async with (
            await self._connected().start_session() as session,
            session.start_transaction(ReadConcern("snapshot"), _MAJORITY, ReadPreference.PRIMARY),
        ):
            for write in writes:
                if not await self._write(write, session):
                    raise Conflict(write)
            await self._while_labeled("UnknownTransactionCommitResult", session.commit_transaction)

    async def _while_labeled(self, label: str, attempt: Callable[[], Awaitable[None]]) -> None:
        """Repeat `attempt` after pauses while MongoDB labels its failure as worth a retry.

        https://www.mongodb.com/docs/manual/core/transactions-in-applications/
        """
        for pause in pauses(self._patience):
            try:
                return await attempt()
            except ServerSelectionTimeoutError:
                raise  # the driver has already waited
            except PyMongoError as error:
                if not error.has_error_label(label):
                    raise
            await asyncio.sleep(pause)
        raise StoreUnavailable("the database did not finish the commit in time")

    async def _write(self, write: Write, session: AsyncIOMotorClientSession) -> bool:
        """Do the write in the transaction; return whether the document had the expected version."""
        kind, id_ = key_of(write)
        collection = self._collection(kind)
        match write:
            case Insert(document):
                return await _insert(collection, to_stored(document, 1), session)
            case Replace(document):
                known = {"_id": id_, "version": document.version}
                stored = to_stored(document, document.version + 1)
                return (await collection.replace_one(known, stored, session=session)).matched_count == 1
            case Delete():
                known = {"_id": id_, "version": write.version}
                return (await collection.delete_one(known, session=session)).deleted_count == 1
            case Check():
                return await _check(collection, write, session)

    def _connected(self) -> AsyncIOMotorClient[Json]:
        if self._client is None:
            raise StoreUnavailable("the store is closed")
        return self._client

    def _database(self) -> AsyncIOMotorDatabase[Json]:
        majority = ReadConcern("majority")
        return self._connected().get_database(self._name, write_concern=_MAJORITY, read_concern=majority)

    async def _create(self, kind: str) -> None:
        """Create a kind's collection and indexes, because some servers cannot do so in a transaction."""
        if kind not in self._created:
            await create_indexes(self._collection(kind))
            self._created.add(kind)

    def _collection(self, kind: str) -> AsyncIOMotorCollection[Json]:
        return self._database()[collection_name(kind)]


async def _insert(collection: AsyncIOMotorCollection[Json], stored: Json, session: AsyncIOMotorClientSession) -> bool:
    try:
        await collection.insert_one(stored, session=session)
    except DuplicateKeyError:
        return False
    return True


async def _check(collection: AsyncIOMotorCollection[Json], write: Check, session: AsyncIOMotorClientSession) -> bool:
    """Check the version by a write, so that a concurrent change of the document collides with it."""
    if write.version:
        known, change = {"_id": write.id, "version": write.version}, {"$set": {"checked": ObjectId()}}
        return (await collection.update_one(known, change, session=session)).matched_count == 1
    absent = await _insert(collection, {"_id": write.id, "version": 0}, session)
    if absent:
        await collection.delete_one({"_id": write.id}, session=session)
    return absent


def _connect(url: str) -> AsyncIOMotorClient[Json]:
    options: dict[str, Any] = {name: value for name, value in _OPTIONS.items() if name.lower() not in url.lower()}
    try:
        return AsyncIOMotorClient(url, io_loop=asyncio.get_running_loop(), **options)
    except (ConfigurationError, ValueError) as error:
        raise RuntimeError("The address of the MongoDB store is invalid. It must begin with mongodb://.") from error


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except ExecutionTimeout as error:
        raise TooCostly("the search took longer than allowed") from error
    except (DocumentTooLarge, PyMongoError) as error:
        if isinstance(error, DocumentTooLarge) or getattr(error, "code", None) == _TOO_LARGE:
            raise TooLarge("a MongoDB document must not exceed 16 MB") from error
        raise StoreUnavailable("the database does not answer") from error
