from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.adapters.memory import MemoryDocuments
from app.ports import AnyOf, Conflict, Query
from app.records.smart.kinds import SESSIONS, Session
from app.records.smart.shelf import EXPIRING, SWEPT, digest

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SESSION = Session(user="mary", since=1)


@pytest.fixture
def documents() -> MemoryDocuments:
    return MemoryDocuments()


async def rows(documents: MemoryDocuments) -> int:
    return await documents.count(Query("smart-session", (AnyOf(EXPIRING, ("smart-session",)),)), 100)


async def test_a_row_is_found_by_its_secret_until_it_expires(documents: MemoryDocuments) -> None:
    await SESSIONS.keep(documents, digest("cookie"), SESSION, NOW, NOW + HOUR)
    kept = await SESSIONS.find(documents, digest("cookie"), NOW + HOUR - timedelta(milliseconds=1))
    assert kept is not None
    assert kept.value == SESSION
    assert await SESSIONS.find(documents, digest("cookie"), NOW + HOUR) is None
    assert await SESSIONS.find(documents, digest("other"), NOW) is None


async def test_the_store_holds_no_secret(documents: MemoryDocuments) -> None:
    await SESSIONS.keep(documents, digest("cookie"), SESSION, NOW, NOW + HOUR)
    [row] = await documents.find(Query("smart-session", (AnyOf(EXPIRING, ("smart-session",)),)))
    assert "cookie" not in repr(row)


async def test_a_row_is_used_up_once(documents: MemoryDocuments) -> None:
    await SESSIONS.keep(documents, digest("cookie"), SESSION, NOW, NOW + HOUR)
    kept = await SESSIONS.find(documents, digest("cookie"), NOW)
    assert kept is not None
    assert await SESSIONS.take(documents, kept)
    assert not await SESSIONS.take(documents, kept)
    assert await SESSIONS.find(documents, digest("cookie"), NOW) is None


async def test_a_change_of_a_row_that_has_changed_conflicts(documents: MemoryDocuments) -> None:
    await SESSIONS.keep(documents, digest("cookie"), SESSION, NOW, NOW + HOUR)
    kept = await SESSIONS.find(documents, digest("cookie"), NOW)
    assert kept is not None
    await SESSIONS.change(documents, kept, Session(user="john", since=2), NOW)
    with pytest.raises(Conflict):
        await SESSIONS.change(documents, kept, Session(user="jane", since=3), NOW)


async def test_a_change_can_keep_a_row_for_longer(documents: MemoryDocuments) -> None:
    await SESSIONS.keep(documents, digest("cookie"), SESSION, NOW, NOW + HOUR)
    kept = await SESSIONS.find(documents, digest("cookie"), NOW)
    assert kept is not None
    await SESSIONS.change(documents, kept, SESSION, NOW, NOW + 2 * HOUR)
    assert await SESSIONS.find(documents, digest("cookie"), NOW + HOUR) is not None


async def test_each_new_row_sweeps_expired_ones_away(documents: MemoryDocuments) -> None:
    for number in range(SWEPT + 5):
        await SESSIONS.keep(documents, digest(str(number)), SESSION, NOW, NOW + HOUR)
    await SESSIONS.keep(documents, digest("new"), SESSION, NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert await rows(documents) == 5 + 1
    await SESSIONS.keep(documents, digest("newer"), SESSION, NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert await rows(documents) == 2
