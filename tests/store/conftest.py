"""Every store, each test with one of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.ports import Documents
from tests.store.places import TABLE, MemoryPlace, MongoPlace, SqlitePlace
from tests.wire import drop


@pytest.fixture
def sqlite_place(tmp_path: Path) -> SqlitePlace:
    return SqlitePlace(tmp_path / "preauth.db")


@pytest.fixture
def mongodb_place(mongodb_url: str) -> Iterator[MongoPlace]:
    place = MongoPlace(mongodb_url, f"preauth-{uuid4().hex}")
    yield place
    drop(place.url, place.database)


@pytest.fixture(params=["sqlite", "mongodb"])
def lasting_place(request: pytest.FixtureRequest) -> SqlitePlace | MongoPlace:
    """A store that outlives its process."""
    place: SqlitePlace | MongoPlace = request.getfixturevalue(f"{request.param}_place")
    return place


@pytest.fixture(params=["memory", "sqlite", "mongodb"])
def place(request: pytest.FixtureRequest) -> MemoryPlace | SqlitePlace | MongoPlace:
    if request.param == "memory":
        return MemoryPlace()
    lasting: SqlitePlace | MongoPlace = request.getfixturevalue(f"{request.param}_place")
    return lasting


@pytest.fixture
async def store(place: MemoryPlace | SqlitePlace | MongoPlace) -> AsyncIterator[Documents]:
    documents = place.documents()
    await documents.start(TABLE)
    yield documents
    await documents.close()
