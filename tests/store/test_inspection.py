"""What an operator needs to know of a store: its schema, its durability and its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.adapters.memory import MemoryDocuments
from app.adapters.mongodb.store import MongoDocuments
from app.adapters.sqlite.store import SqliteDocuments
from tests.store.places import TABLE, MongoPlace, SqlitePlace


async def test_a_store_on_another_machine_gives_its_time(mongodb_place: MongoPlace) -> None:
    store = MongoDocuments(mongodb_place.url, mongodb_place.database)
    await store.start(TABLE)
    given = await store.time()
    await store.close()
    assert given is not None
    assert abs(given - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_store_on_this_machine_gives_none(tmp_path: Path) -> None:
    assert await MemoryDocuments().time() is None
    assert await SqliteDocuments(tmp_path / "never-opened").time() is None


async def test_an_inspection_finds_schema_terms_and_durability(lasting_place: SqlitePlace | MongoPlace) -> None:
    store = lasting_place.documents()
    await store.start(TABLE)
    for hash_, current in ((TABLE.hash, True), ("another", False)):
        state = await lasting_place.inspected(hash_)
        assert (state.schema, state.is_current, state.durable) == (lasting_place.schema, current, True)
    await store.close()
