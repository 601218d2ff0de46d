"""Whether a store can be written: asked of each, by writing to it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from app.adapters.mongodb.store import MongoDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.ports import Documents, StoreUnavailable
from tests.store.places import TABLE, MongoPlace, SqlitePlace


async def test_a_writable_store_answers_every_ping(store: Documents) -> None:
    for _ in range(3):
        await store.ping()


async def test_several_callers_may_ping_concurrently(lasting_place: SqlitePlace | MongoPlace) -> None:
    stores = [lasting_place.documents(), lasting_place.documents()]
    for store in stores:
        await store.start(TABLE)
    await asyncio.gather(*(store.ping() for store in stores for _ in range(5)))
    for store in stores:
        await store.close()


async def test_a_closed_store_cannot_be_written(lasting_place: SqlitePlace | MongoPlace) -> None:
    store = lasting_place.documents()
    await store.start(TABLE)
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.ping()


async def test_a_deleted_file_cannot_be_written_and_is_not_created_again(sqlite_place: SqlitePlace) -> None:
    store = SqliteDocuments(sqlite_place.path)
    await store.start(TABLE)
    sqlite_place.path.unlink()
    with pytest.raises(StoreUnavailable):
        await store.ping()
    assert not sqlite_place.path.exists()
    await store.close()


async def test_a_database_that_does_not_answer_cannot_be_written() -> None:
    store = MongoDocuments("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", f"preauth-{uuid4().hex}")
    store.connect()
    with pytest.raises(StoreUnavailable):
        await store.ping()
    await store.close()
