"""Whatever goes wrong between two commits, every caller of the group commit gets an answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from app.adapters.sqlite.checkpoint import Checkpointer
from app.adapters.sqlite.connection import DatabaseFile
from app.adapters.sqlite.query import fetch
from app.adapters.sqlite.schema import bring_up_to_date
from app.adapters.sqlite.writer import GroupCommit
from app.ports import Document, Insert, StoreUnavailable

CLAIM = Document("Claim", "c1", "", (("patient", "p1"),))
MANY = [replace(CLAIM, id=f"c{number}") for number in range(200)]


class FailingCheckpointer(Checkpointer):
    """Finds the log long behind every commit, and fails to work it off."""

    error: Exception | None = None
    tried = 0

    def note_commit(self) -> None:
        self.log_is_long = True

    def finish(self, writer: sqlite3.Connection) -> None:
        self.tried += 1
        if self.error is not None:
            raise self.error
        super().finish(writer)


class Failing(sqlite3.Connection):
    """A connection whose statements do what SQLite does, but for those that are to fail."""

    failures: dict[str, Exception]
    committing: Event | None = None
    may_commit: Event | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.committing and self.may_commit:
            self.committing.set()
            self.may_commit.wait(10)
        if (failure := self.failures.get(sql)) is not None:
            raise failure
        return super().execute(sql, parameters)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "preauth.db"


@pytest.fixture
async def checkpointer(path: Path) -> AsyncIterator[FailingCheckpointer]:
    found = FailingCheckpointer(path)
    yield found
    found.close()


@pytest.fixture
def connection(path: Path, checkpointer: FailingCheckpointer) -> Iterator[Failing]:
    assert checkpointer.tried == 0
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Failing)) as opened:
        opened.failures = {}
        bring_up_to_date(opened, path)
        yield opened


def grouped(connection: Failing, checkpointer: FailingCheckpointer) -> GroupCommit:
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    return GroupCommit(connection, checkpointer, DatabaseFile(Path(path)))


def stored(connection: Failing) -> set[str]:
    return {document.id for document in fetch(connection, "Claim", [one.id for one in MANY])}


async def test_a_checkpoint_that_fails_keeps_no_caller_waiting(
    connection: Failing, checkpointer: FailingCheckpointer
) -> None:
    checkpointer.error = sqlite3.OperationalError("disk I/O error")
    group = grouped(connection, checkpointer)
    async with asyncio.timeout(10):
        await asyncio.gather(*(group.commit((Insert(document),)) for document in MANY))
        await group.close()
    assert checkpointer.tried > 1
    assert stored(connection) == {document.id for document in MANY}


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT unit", "RELEASE unit"])
@pytest.mark.parametrize("error", [sqlite3.DatabaseError("malformed"), MemoryError("none left")])
async def test_a_statement_that_fails_in_any_way_keeps_no_caller_waiting(
    connection: Failing, checkpointer: FailingCheckpointer, statement: str, error: Exception
) -> None:
    """Every second insert conflicts, so that each batch is written unit by unit in the end."""
    group = grouped(connection, checkpointer)
    connection.failures = {statement: error}
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(
            *(group.commit((Insert(document),)) for document in MANY for _ in range(2)), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
        assert stored(connection) == set()
        connection.failures = {}
        await group.commit((Insert(CLAIM),))
        await group.close()
    assert stored(connection) == {"c1"}


async def test_callers_of_the_next_turn_of_the_loop_share_the_commit(
    connection: Failing, checkpointer: FailingCheckpointer
) -> None:
    group = grouped(connection, checkpointer)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)

    async def caller(turn: int) -> None:
        for _ in range(turn):
            await asyncio.sleep(0)
        await group.commit((Insert(replace(CLAIM, id=f"c{turn}")),))

    async with asyncio.timeout(10):
        await asyncio.gather(*map(caller, range(8)))
        await group.close()
    assert statements.count("COMMIT") == 1


async def test_a_read_waits_while_a_commit_of_its_connection_runs(
    connection: Failing, checkpointer: FailingCheckpointer
) -> None:
    group = grouped(connection, checkpointer)
    assert group.idle
    connection.committing, connection.may_commit = Event(), Event()
    caller = asyncio.create_task(group.commit((Insert(CLAIM),)))
    async with asyncio.timeout(10):
        await asyncio.to_thread(connection.committing.wait)
        assert not group.idle
        connection.may_commit.set()
        await caller
        await group.close()
    assert group.idle


async def test_callers_behind_a_rollback_that_fails_too_are_answered(
    connection: Failing, checkpointer: FailingCheckpointer
) -> None:
    group = grouped(connection, checkpointer)
    broken = sqlite3.OperationalError("disk I/O error")
    connection.failures = {"COMMIT": broken, "ROLLBACK": broken}
    async with asyncio.timeout(10):
        first = await asyncio.gather(*(group.commit((Insert(one),)) for one in MANY), return_exceptions=True)
        assert {type(outcome) for outcome in first} == {StoreUnavailable}
        assert not group.idle  # a read through the connection would see uncommitted rows
        connection.failures = {}
        with pytest.raises(StoreUnavailable):
            await group.commit((Insert(CLAIM),))  # what was left open is rolled back now
        await group.commit((Insert(CLAIM),))
        await group.close()
    assert stored(connection) == {"c1"}


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_a_cancelled_group_answers_its_callers_and_the_next_group_runs(
    connection: Failing, checkpointer: FailingCheckpointer, steps: int
) -> None:
    """Cancelled before it began, at its first COMMIT, or a little later: as a loop does that comes to its end."""
    others = asyncio.all_tasks()
    group = grouped(connection, checkpointer)
    callers = [asyncio.create_task(group.commit((Insert(one),))) for one in MANY]
    await asyncio.sleep(0)
    (running,) = asyncio.all_tasks() - others - set(callers)
    for _ in range(steps):
        await asyncio.sleep(0)
    running.cancel()
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(*callers, return_exceptions=True)
        assert StoreUnavailable in {type(outcome) for outcome in outcomes}
        acknowledged = {one.id for one, outcome in zip(MANY, outcomes, strict=True) if outcome is None}
        assert acknowledged <= stored(connection)
        await group.commit((Insert(replace(CLAIM, kind="Next")),))
        await group.close()
    assert [one.id for one in fetch(connection, "Next", ["c1"])] == ["c1"]
