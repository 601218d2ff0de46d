"""What only SQLite has: a file, its lock and its log."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import stat
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.adapters.sqlite.checkpoint import Checkpointer
from app.adapters.sqlite.connection import DatabaseFile, connect, patiently
from app.adapters.sqlite.query import fetch, matching
from app.adapters.sqlite.reindex import reindex
from app.adapters.sqlite.schema import bring_up_to_date
from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.sqlite.writer import GroupCommit
from app.ports import (
    AnyOf,
    Conflict,
    Document,
    Insert,
    Order,
    Position,
    Query,
    Range,
    Replace,
    StoreUnavailable,
    Term,
    TermTable,
)
from tests.store.places import TABLE, SqlitePlace

CLAIM = Document("Claim", "c1", "", (("patient", "p1"),))
HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


@pytest.fixture
async def opened(sqlite_place: SqlitePlace) -> AsyncIterator[SqliteDocuments]:
    documents = SqliteDocuments(sqlite_place.path)
    await documents.start(TABLE)
    yield documents
    await documents.close()


@contextmanager
def _no_room_on_the_disk() -> Iterator[None]:
    """Let no file of this process grow; what a limit of its size says of a file, a full disk says of all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_commit_waits_for_the_disk_and_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "preauth.db"
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (0,)
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "data" / "of" / "today" / "preauth.db")
    await documents.start(TABLE)
    await documents.commit(Insert(CLAIM))
    await documents.close()

    assert [file.name for file in (tmp_path / "data" / "of" / "today").iterdir()] == ["preauth.db"]


async def test_a_file_that_is_not_a_database_is_refused_with_a_sentence(sqlite_place: SqlitePlace) -> None:
    sqlite_place.path.write_text("a letter, and a long one: " * 100)
    documents = SqliteDocuments(sqlite_place.path)

    with pytest.raises(RuntimeError, match="must be a preauth database: "):
        await documents.start(TABLE)

    await documents.close()


async def test_a_store_is_not_ready_while_the_disk_has_less_room_than_a_large_submit_needs(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "preauth.db", least_free=2**62)
    await documents.start(TABLE)

    with pytest.raises(StoreUnavailable, match="the disk is full"):
        await documents.ping()
    await documents.commit(Insert(CLAIM))
    await documents.close()


async def test_a_unit_that_fails_does_not_fail_its_batch(opened: SqliteDocuments) -> None:
    stale = Replace(replace(CLAIM, id="c9"))
    outcomes = await asyncio.gather(
        opened.commit(Insert(CLAIM)),
        opened.commit(Insert(replace(CLAIM, id="c2")), stale),
        opened.commit(Insert(replace(CLAIM, id="c3")), Insert(replace(CLAIM, id="c4", body="\ud800"))),
        opened.commit(Insert(replace(CLAIM, id="c5"))),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), Conflict, UnicodeEncodeError, type(None)]
    found = await opened.find(Query("Claim", (AnyOf("patient", ("p1",)),)))
    assert [document.id for document in found] == ["c1", "c5"]


async def test_units_of_a_batch_build_on_each_other_in_their_order(opened: SqliteDocuments) -> None:
    moved = replace(CLAIM, terms=(("patient", "p2"),))
    await asyncio.gather(
        opened.commit(Insert(CLAIM)),
        opened.commit(Replace(moved)),
        opened.commit(Replace(replace(moved, version=2)), Insert(replace(CLAIM, id="c2"))),
    )

    assert await opened.find(Query("Claim", (AnyOf("patient", ("p2",)),))) == [replace(moved, version=3)]
    assert [one.id for one in await opened.find(Query("Claim", (AnyOf("patient", ("p1",)),)))] == ["c2"]


async def test_a_caller_that_goes_away_does_not_fail_its_batch(opened: SqliteDocuments) -> None:
    gone = asyncio.create_task(opened.commit(Insert(CLAIM)))
    stays = asyncio.create_task(opened.commit(Insert(replace(CLAIM, id="c2"))))
    await asyncio.sleep(0)

    gone.cancel()
    await stays

    assert gone.cancelled()
    assert await opened.get("Claim", "c2") is not None


async def test_closing_writes_the_waiting_commits_and_leaves_no_log(sqlite_place: SqlitePlace) -> None:
    documents = SqliteDocuments(sqlite_place.path)
    await documents.start(TABLE)
    waiting = [asyncio.create_task(documents.commit(Insert(replace(CLAIM, id=f"c{n}")))) for n in range(200)]
    await asyncio.sleep(0)

    await documents.close()

    await asyncio.gather(*waiting)
    assert [file.name for file in sqlite_place.path.parent.iterdir()] == ["preauth.db"]
    with closing(sqlite3.connect(sqlite_place.path)) as connection:
        assert connection.execute("SELECT count(*) FROM document").fetchone() == (200,)


async def test_the_event_loop_runs_while_another_process_holds_the_lock(
    opened: SqliteDocuments, sqlite_place: SqlitePlace
) -> None:
    """The other process lets go when this loop says so: were it held up, that would never come."""
    await opened.commit(Insert(CLAIM))
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(sqlite_place.path)]
    other = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert other.stdout is not None
    assert await other.stdout.readline() == b"held\n"

    waiting = asyncio.create_task(opened.commit(Insert(replace(CLAIM, id="c2"))))
    for _ in range(5):
        await asyncio.sleep(0.01)
        assert await opened.get("Claim", "c1") == CLAIM
    assert not waiting.done()
    await other.communicate(b"let go\n")
    await waiting

    assert await opened.get("Claim", "c2") is not None


@pytest.mark.acceptance("F67")
async def test_a_lock_that_stays_taken_makes_the_store_unavailable(
    opened: SqliteDocuments, sqlite_place: SqlitePlace
) -> None:
    await opened.commit(Insert(CLAIM))
    with closing(connect(sqlite_place.path)) as other, closing(connect(sqlite_place.path)) as here:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="another process has locked"):
            await patiently(lambda: here.execute("BEGIN IMMEDIATE"), patience=0)


@pytest.mark.acceptance("F67")
@pytest.mark.parametrize("size", [10, 80_000_000], ids=["in the cache", "larger than the cache"])
async def test_a_full_disk_fails_the_whole_batch(opened: SqliteDocuments, size: int) -> None:
    await opened.commit(Insert(CLAIM))

    with _no_room_on_the_disk():
        outcomes = await asyncio.gather(
            opened.commit(Insert(replace(CLAIM, id="c2"))),
            opened.commit(Insert(replace(CLAIM, id="c3", body="x" * size))),
            return_exceptions=True,
        )

        with pytest.raises(StoreUnavailable):
            await opened.ping()

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable, StoreUnavailable]
    assert await opened.get_many("Claim", ["c1", "c2", "c3"]) == [CLAIM]
    await opened.ping()
    await opened.commit(Insert(replace(CLAIM, id="c2")))
    assert await opened.count(Query("Claim", (AnyOf("patient", ("p1",)),)), cap=10) == 2


async def test_a_statement_that_takes_the_transaction_along_fails_the_batch(sqlite_place: SqlitePlace) -> None:
    """SQLite gives the whole transaction up when the file may not grow in the middle of a statement."""
    with closing(connect(sqlite_place.path)) as connection:
        bring_up_to_date(connection, sqlite_place.path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        checkpointer = Checkpointer(sqlite_place.path)
        group = GroupCommit(connection, checkpointer, DatabaseFile(sqlite_place.path))
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")
        units = [(Insert(CLAIM),), (Insert(replace(CLAIM, id="c2", body="x" * 100_000)),)]

        outcomes = await asyncio.gather(*map(group.commit, units), return_exceptions=True)

        assert [type(outcome) for outcome in outcomes] == [StoreUnavailable, StoreUnavailable]
        await group.commit(units[0])
        assert [document.id for document in fetch(connection, "Claim", ["c1", "c2"])] == ["c1"]
        await group.close()
        checkpointer.close()


async def test_a_damaged_database_makes_the_store_unavailable(
    opened: SqliteDocuments, sqlite_place: SqlitePlace
) -> None:
    with closing(sqlite3.connect(sqlite_place.path)) as other:
        other.execute("DROP TABLE document")

    with pytest.raises(StoreUnavailable, match="cannot be read"):
        await opened.get("Claim", "c1")
    with pytest.raises(StoreUnavailable, match="could not be written"):
        await opened.commit(Insert(CLAIM))


async def test_of_two_processes_that_recompute_terms_the_slower_finds_it_done(
    opened: SqliteDocuments, sqlite_place: SqlitePlace
) -> None:
    await opened.commit(Insert(CLAIM))
    seen: list[Document] = []

    def terms(document: Document) -> tuple[Term, ...]:
        seen.append(document)
        return document.terms

    new = TermTable("new", terms)
    with closing(connect(sqlite_place.path)) as faster, closing(connect(sqlite_place.path)) as slower:
        faster.execute("BEGIN IMMEDIATE")
        recomputing = asyncio.create_task(reindex(slower, new))
        await asyncio.sleep(0)
        faster.execute("UPDATE meta SET value = 'new' WHERE key = 'terms'")
        faster.execute("COMMIT")
        await recomputing

    assert seen == []


async def test_a_log_that_is_never_at_rest_starts_again_from_its_beginning(
    opened: SqliteDocuments, sqlite_place: SqlitePlace
) -> None:
    log = sqlite_place.path.with_name("preauth.db-wal")
    large = replace(CLAIM, body="x" * 1_000_000)
    await asyncio.gather(*(opened.commit(Insert(replace(large, id=f"l{number}"))) for number in range(50)))
    await opened.commit(Insert(CLAIM))
    first = _header(log)

    for version in range(1, 10_000):
        await opened.commit(Replace(replace(CLAIM, version=version)))
        if _header(log) != first:
            break
    else:
        pytest.fail("the log only grows")


def _header(log: Path) -> bytes:
    with log.open("rb") as file:
        return file.read(32)


def test_the_rest_of_a_long_log_is_checkpointed_between_two_commits(tmp_path: Path) -> None:
    path = tmp_path / "preauth.db"
    with closing(connect(path)) as writer:
        checkpointer = Checkpointer(path)
        writer.execute("CREATE TABLE t (body TEXT)")
        writer.execute("INSERT INTO t VALUES (?)", ("x" * 50_000_000,))
        checkpointer.note_commit()
        while not checkpointer.log_is_long:
            time.sleep(0.01)
        writer.execute("INSERT INTO t VALUES ('more')")

        checkpointer.finish(writer)

        assert not checkpointer.log_is_long
        checkpointer.close()
        _, in_log, moved = writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        assert in_log == moved


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("after", [None, Position("2026", "c1")])
async def test_a_page_is_read_in_its_order_from_an_index(
    opened: SqliteDocuments, sqlite_place: SqlitePlace, order: Order, after: Position | None, descending: bool
) -> None:
    await opened.commit(Insert(CLAIM))
    query = Query(
        "Claim",
        (AnyOf("patient", ("p1",)), AnyOf("status", ("active", "draft"))),
        (Range("created", "2026", None), Range("serviced", "2026", "2027")),
        order,
        descending=descending,
        after=after,
    )
    statements: list[str] = []
    with closing(connect(sqlite_place.path)) as connection:
        connection.set_trace_callback(statements.append)
        matching(connection, query)
        connection.set_trace_callback(None)
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall() for statement in statements]

    steps = [step for plan in plans for *_, step in plan]
    assert any(step.startswith("SEARCH t ") for step in steps)
    assert not [step for step in steps if step.startswith("SCAN t")]
    assert any("TEMP B-TREE" in step for step in steps) is (order is Order.UPDATED)
    assert all("name=? AND value=? AND kind=?" in step for step in steps if step.startswith(("SEARCH t ", "SEARCH o ")))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("after", [None, Position("2026-02", "c3")])
@pytest.mark.parametrize(
    "more",
    [(), (AnyOf("status", ("active", "draft")),), (AnyOf("status", ("draft", "gone")), AnyOf("use", ("claim",)))],
)
async def test_both_query_plans_give_one_order_of_change(
    opened: SqliteDocuments,
    sqlite_place: SqlitePlace,
    more: tuple[AnyOf, ...],
    after: Position | None,
    descending: bool,
) -> None:
    statuses = ("active", "draft", "gone")
    terms = [(("patient", "p1"), ("status", statuses[number % 3]), ("use", "claim")) for number in range(9)]
    rows = [Document("Claim", f"c{n}", "{}", terms[n], f"2026-01-0{n + 1}", f"2026-0{n * 5 % 9 + 1}") for n in range(9)]
    await opened.commit(*map(Insert, rows))
    query = Query("Claim", (AnyOf("patient", ("p1",)), *more), (), Order.UPDATED, descending, after, 4)

    with closing(connect(sqlite_place.path)) as connection:
        by_sorting = matching(connection, query)
        by_looking = matching(connection, query, 1)

    assert by_sorting == by_looking
    assert by_sorting
