"""Looking a document up beside the server that uses the store: what `preauth token` does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.adapters.mongodb.store import MongoDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.stores import opened_for_reads
from app.ports import Document, Documents, Insert, StoreUnavailable
from app.safety.data_folder import DATABASE_FILE
from app.settings import Settings
from tests.store.places import TABLE
from tests.wire import wire_server

PATIENT = Document("Patient", "p1", "{}")


async def kept(documents: Documents) -> None:
    await documents.start(TABLE)
    await documents.commit(Insert(PATIENT))
    await documents.close()


async def looked_up(settings: Settings) -> list[Document | None]:
    async with opened_for_reads(settings) as store:
        assert store is not None
        return [await store.get("Patient", id_) for id_ in ("p1", "p2")]


async def test_a_lookup_reads_the_database_file_without_a_change(tmp_path: Path) -> None:
    await kept(SqliteDocuments(tmp_path / DATABASE_FILE))
    before = (tmp_path / DATABASE_FILE).read_bytes()
    assert await looked_up(Settings(data=tmp_path)) == [PATIENT, None]
    assert (tmp_path / DATABASE_FILE).read_bytes() == before


async def test_a_lookup_does_not_create_a_database_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        await looked_up(Settings(data=tmp_path))
    assert os.listdir(tmp_path) == []


async def test_a_lookup_reads_a_document_of_a_mongodb(tmp_path: Path) -> None:
    with wire_server(tmp_path) as url:
        await kept(MongoDocuments(url))
        assert await looked_up(Settings(store=url)) == [PATIENT, None]


async def test_a_mongodb_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        await looked_up(Settings(store="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"))


async def test_a_lookup_cannot_read_the_memory_of_another_process() -> None:
    async with opened_for_reads(Settings(store="memory")) as store:
        assert store is None
