"""Searches by a range alone: few rows are walked for few matches, and the pages are those of every other search."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.memory import MemoryDocuments
from app.adapters.query import position
from app.adapters.sqlite.connection import connect
from app.adapters.sqlite.query import matching
from app.adapters.sqlite.store import SqliteDocuments
from app.ports import AnyOf, Document, Documents, Insert, Order, Query, Range
from tests.store.places import TABLE

MANY = 2000
EVERYTHING = AnyOf("reach", ("all",))
BORN = Range("born", "2000", "2010")


def person(number: int) -> Document:
    """Make every twentieth person one of those looked for, each with two values in the range or at its ends."""
    born = (("born", f"200{number // 20 % 10}"), ("born", "2001")) if number % 20 == 0 else (("born", "1980"),)
    sex = ("sex", "female" if number % 3 else "male")
    return Document(
        "Patient", f"p{number:04}", "", (("reach", "all"), sex, *born), f"c{number % 7}", f"u{number * 7919 % MANY:04}"
    )


async def filled(documents: Documents) -> Documents:
    await documents.start(TABLE)
    await documents.commit(*(Insert(person(number)) for number in range(MANY)))
    await documents.commit(Insert(Document("Other", "o1", "", (("born", "2005"), ("reach", "all")))))
    return documents


async def pages(documents: Documents, order: Order, *ranges: Range, descending: bool) -> list[list[str]]:
    after, found = None, []
    while True:
        terms = (EVERYTHING, AnyOf("sex", ("female", "unknown")))
        page = await documents.find(Query("Patient", terms, ranges, order, descending, after, limit=7))
        found.append([one.id for one in page])
        if len(page) < 7:
            return found
        after = position(page[-1], order)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "ranges",
    [
        (BORN,),
        (BORN, Range("created", "c2", "c5")),
        (Range("born", "2003"),),
        (Range("born", None, "1980"),),
        (BORN, BORN),
    ],
)
async def test_a_search_by_range_has_equal_pages_in_every_store(
    tmp_path: Path, order: Order, ranges: tuple[Range, ...], *, descending: bool
) -> None:
    file = await filled(SqliteDocuments(tmp_path / "preauth.db"))
    expected = await pages(await filled(MemoryDocuments()), order, *ranges, descending=descending)
    assert await pages(file, order, *ranges, descending=descending) == expected
    await file.close()


@pytest.mark.parametrize("limits", [Range("born", "2009"), Range("born", None, "1900")])
async def test_a_rare_value_is_found_without_a_scan(tmp_path: Path, limits: Range) -> None:
    documents = await filled(SqliteDocuments(tmp_path / "preauth.db"))
    with closing(connect(tmp_path / "preauth.db")) as connection:
        steps = hundreds_of_steps(connection, Query("Patient", (EVERYTHING,), (limits,), limit=20))
    await documents.close()
    assert 100 * steps < 5 * MANY  # to look at a person takes many instructions


def hundreds_of_steps(connection: sqlite3.Connection, query: Query) -> int:
    """Count what SQLite does for the query, in hundreds of its own instructions."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(count, 100)
    matching(connection, query)
    connection.set_progress_handler(None, 0)
    return steps
