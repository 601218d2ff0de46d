"""Compare-and-set holds, whoever races."""

from __future__ import annotations

import asyncio
import sys

import pytest

from app.ports import AnyOf, Documents, Insert, Query
from tests.store.drawing import UNITS, draw_many
from tests.store.places import TABLE, MongoPlace, SqlitePlace


@pytest.mark.slow
async def test_eighty_draws_at_once_never_exceed_the_limit_and_none_is_lost(store: Documents) -> None:
    await store.commit(Insert(UNITS))

    assert await draw_many(store, times=80, limit=60) == 60

    await _assert_drawn(store, 60)


@pytest.mark.slow
async def test_two_processes_that_draw_at_once_never_exceed_the_limit_and_none_is_lost(
    lasting_place: SqlitePlace | MongoPlace,
) -> None:
    here = lasting_place.documents()
    await here.start(TABLE)
    await here.commit(Insert(UNITS))
    arguments = ["-m", "tests.store.drawing", lasting_place.address, "30", "50"]
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe)
    assert other.stdin is not None
    assert other.stdout is not None
    assert await other.stdout.readline() == b"ready\n"

    other.stdin.write(b"go\n")
    drawn_here = await draw_many(here, times=30, limit=50)
    drawn_there = int(await other.stdout.readline())

    assert await other.wait() == 0
    assert drawn_here + drawn_there == 50
    await _assert_drawn(here, 50)
    await here.close()


async def _assert_drawn(documents: Documents, units: int) -> None:
    stored = await documents.get(UNITS.kind, UNITS.id)
    assert stored is not None
    assert (stored.body, stored.version) == (str(units), units + 1)
    assert await documents.count(Query("Entry", (AnyOf("of", (UNITS.id,)),)), cap=1000) == units
