"""The database file: its owner's alone, and watched while it is open."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from app.adapters.sqlite.connection import connect
from app.adapters.sqlite.schema import bring_up_to_date
from app.adapters.sqlite.store import SqliteDocuments
from app.ports import AnyOf, Document, Insert, Query, Replace, StoreUnavailable, TermTable
from tests.store.places import TABLE

CLAIM = Document("Claim", "c1", "", (("patient", "p1"),))


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
async def test_only_the_owner_can_read_folder_and_files_with_any_umask(tmp_path: Path, mask: int) -> None:
    folder = tmp_path / "data"
    with umask(mask):
        documents = SqliteDocuments(folder / "preauth.db")
        await documents.start(TABLE)
        await documents.commit(Insert(CLAIM))
    assert mode(folder) == 0o700
    modes = {file.name: mode(file) for file in folder.iterdir()}
    assert modes == dict.fromkeys(["preauth.db", "preauth.db-wal", "preauth.db-shm"], 0o600)
    await documents.close()


def test_a_file_that_others_can_read_is_closed_to_them_and_its_folder_is_not(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    path = tmp_path / "preauth.db"
    path.touch()
    path.chmod(0o644)
    with closing(connect(path)) as connection:
        bring_up_to_date(connection, path)
        assert [mode(file) for file in tmp_path.iterdir()] == [0o600] * 3
    assert mode(tmp_path) == 0o755


async def test_a_file_that_became_smaller_by_a_vacuum_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "preauth.db"
    documents = SqliteDocuments(path)
    await documents.start(TABLE)
    for number in range(20):
        await documents.commit(Insert(Document("Claim", f"large-{number}", "x" * 50_000)))
    await documents.close()
    await documents.start(TABLE)
    size = path.stat().st_size
    with closing(sqlite3.connect(path)) as other:
        other.execute("DELETE FROM document WHERE id <> 'large-1'")
        other.commit()
        other.execute("VACUUM")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size < size
    await documents.commit(Insert(CLAIM))
    assert await documents.get("Claim", CLAIM.id) == CLAIM
    await documents.ping()
    await documents.close()


@pytest.mark.parametrize("column", ["terms", "body"])
async def test_a_stored_text_that_cannot_be_read_makes_the_store_unavailable(tmp_path: Path, column: str) -> None:
    documents = await with_an_unreadable_text(tmp_path / "preauth.db", column)
    with pytest.raises(StoreUnavailable):
        await documents.get("Claim", "c1")
    with pytest.raises(StoreUnavailable):
        await documents.find(Query("Claim", (AnyOf("patient", ("p1",)),)))
    await documents.close()


async def test_terms_that_cannot_be_read_cannot_be_replaced(tmp_path: Path) -> None:
    documents = await with_an_unreadable_text(tmp_path / "preauth.db", "terms")
    with pytest.raises(StoreUnavailable):
        await documents.commit(Replace(CLAIM))
    await documents.close()


async def with_an_unreadable_text(path: Path, column: str) -> SqliteDocuments:
    """Open a store with one document, and write bytes that are not UTF-8 into one of its columns."""
    documents = SqliteDocuments(path)
    await documents.start(TABLE)
    await documents.commit(Insert(CLAIM))
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"UPDATE document SET {column} = CAST(x'5bff' AS TEXT)")
        other.commit()
    return documents


async def test_a_stored_text_that_cannot_be_indexed_again_refuses_to_start_with_a_sentence(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "preauth.db")
    await documents.start(TABLE)
    await documents.commit(Insert(replace(CLAIM, body='{"a":')))
    await documents.close()
    table = TermTable("second", lambda document: msgspec.json.decode(document.body))
    with pytest.raises(RuntimeError, match="must be a preauth database: "):
        await SqliteDocuments(tmp_path / "preauth.db").start(table)


async def test_a_wrong_call_of_this_program_is_not_reported_as_a_damaged_file(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "preauth.db")
    await documents.start(TABLE)
    with pytest.raises(sqlite3.ProgrammingError):
        await documents.get("Claim", object())  # type: ignore[arg-type]  # the wrong call
    await documents.close()


@pytest.mark.acceptance("F70")
async def test_a_damaged_database_refuses_to_start_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "preauth.db"
    documents = SqliteDocuments(path)
    await documents.start(TABLE)
    await documents.commit(Insert(CLAIM))
    await documents.close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(path.stat().st_size - 100))
    with pytest.raises(RuntimeError, match="must be a preauth database: "):
        await SqliteDocuments(path).start(TABLE)
