"""What a search may cost: its time on every store, the bodies of a page, and what it leaves to the others."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.query import position
from app.adapters.sqlite.searching import Searches
from app.ports import AnyOf, Document, Documents, Insert, Order, Query, Range, StoreUnavailable, TooCostly
from tests.store.places import TABLE, MemoryPlace, MongoPlace, SqlitePlace

MANY = 3000
EVERYTHING = (AnyOf("all", ("x",)),)
EVERYTHING_TERM = (("all", "x"),)
ENDLESS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"


async def test_a_search_that_takes_too_long_is_stopped_and_the_store_goes_on(
    place: MemoryPlace | SqlitePlace | MongoPlace,
) -> None:
    documents = place.documents(search_seconds=0)
    await documents.start(TABLE)
    rows = [Document("Claim", f"c{n}", "", (("all", "x"), ("born", f"{n:04}"))) for n in range(MANY)]
    await documents.commit(*map(Insert, rows))
    costly = Query("Claim", EVERYTHING, (Range("born", "0001", "2999"),), Order.UPDATED)

    with pytest.raises(TooCostly):
        await documents.find(costly)
    with pytest.raises(TooCostly):
        await documents.count(costly, cap=MANY)

    assert await documents.get("Claim", "c7") == rows[7]
    await documents.commit(Insert(Document("Claim", "later", "")))
    await documents.close()


@pytest.mark.parametrize(("room", "ids"), [(0, "ab"), (14, "ab"), (15, "abc"), (20, "abc"), (21, "abcd"), (99, "abcd")])
async def test_a_page_ends_with_the_document_that_exceeds_its_room(store: Documents, room: int, ids: str) -> None:
    bodies = {"a": "é" * 5, "b": "12345", "c": "123456", "d": "1"}
    rows = [Document("Claim", id_, body, EVERYTHING_TERM, id_, id_) for id_, body in bodies.items()]
    await store.commit(*map(Insert, rows))
    for order in Order:
        found = await store.find(Query("Claim", EVERYTHING, order=order, room=room))
        assert "".join(one.id for one in found) == ids


async def test_pages_with_little_room_follow_each_other_without_gap(store: Documents) -> None:
    rows = [Document("Claim", f"c{n:02}", "x" * n, EVERYTHING_TERM, f"{n // 3}") for n in range(20)]
    await store.commit(*map(Insert, rows))
    seen: list[str] = []
    query = Query("Claim", EVERYTHING, limit=5, room=30)
    while page := await store.find(query):
        assert len(page) <= 5
        seen += [one.id for one in page]
        query = Query("Claim", EVERYTHING, limit=5, room=30, after=position(page[-1], Order.CREATED))
    assert seen == [row.id for row in rows]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "searched.db"


@pytest.fixture
def searches(file: Path) -> Iterator[Searches]:
    with closing(Searches(file, seconds=30, patience=0.01)) as opened:
        yield opened


def short(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT 1").fetchone()[0])


class Long:
    """A search that is stopped on the event loop, and on its thread goes on until it is let go."""

    def __init__(self) -> None:
        self.loop = threading.get_ident()
        self.started = threading.Event()
        self.ends = threading.Event()

    def __call__(self, connection: sqlite3.Connection) -> int:
        if threading.get_ident() == self.loop:
            return int(connection.execute(ENDLESS).fetchone()[0])
        self.started.set()
        self.ends.wait()
        return short(connection) + 1


async def test_short_searches_are_answered_while_a_long_one_runs(searches: Searches) -> None:
    long = Long()
    task = asyncio.create_task(searches.run(long))
    await asyncio.to_thread(long.started.wait)

    assert await searches.run(short) == 1
    assert not task.done()

    long.ends.set()
    assert await task == 2


async def test_a_third_long_search_waits_for_a_limited_time(searches: Searches) -> None:
    first, second, third = Long(), Long(), Long()
    tasks = [asyncio.create_task(searches.run(long)) for long in (first, second)]
    for long in (first, second):
        await asyncio.to_thread(long.started.wait)

    with pytest.raises(StoreUnavailable):
        await searches.run(third)
    assert await searches.run(short) == 1

    for long in (first, second, third):
        long.ends.set()
    assert await asyncio.gather(*tasks) == [2, 2]
    assert await searches.run(third) == 2


async def test_a_thread_that_stopped_a_search_runs_the_next_one(file: Path) -> None:
    with closing(Searches(file, seconds=0.01)) as opened:
        for _ in range(3):
            with pytest.raises(TooCostly):
                await opened.run(lambda connection: connection.execute(ENDLESS).fetchone())
            assert await opened.run(short) == 1


async def test_a_long_search_that_fails_makes_the_store_unavailable(searches: Searches) -> None:
    long = Long()
    long.ends.set()

    def failing(connection: sqlite3.Connection) -> int:
        return long(connection) + int(connection.execute("SELECT nothing").fetchone()[0])

    with pytest.raises(StoreUnavailable):
        await searches.run(failing)
    assert await searches.run(short) == 1
