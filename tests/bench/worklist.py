"""Compare the 99th percentile of a page of the worklist among few and among many pended requests.

Each store also has as many closed Tasks of the payer, and as many open Tasks of another payer, all due earlier.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

from rich.progress import Progress

from app.access.grant import Grant, Role
from app.access.reach import PAYER, reach_of
from app.adapters.sqlite.store import SqliteDocuments
from app.codes import USER_ID
from app.fhir.instants import instant
from app.ports import Insert
from app.records import resources
from app.records.kinds import TERM_TABLE
from app.search.parameters import parse_search
from tests.bench.row import Row

SMALL, LARGE = 1_000, 100_000
PAGES = 500
COUNT = 50
BATCH = 2000
FIRST_DUE = datetime(2026, 3, 1, tzinfo=UTC)

BASE = "http://127.0.0.1/fhir"
REVIEWER = Grant("desk-a", Role.REVIEWER, payers=frozenset({"payer-a"}))

ASKED = {
    "open, by due time": [("status", "requested,accepted"), ("_sort", "due")],
    "open and urgent, by due time": [("status", "requested,accepted"), ("priority", "urgent"), ("_sort", "due")],
    "open and due before a day": [("status", "requested,accepted"), ("due", "lt2026-03-02"), ("_sort", "due")],
    "a person's, by due time": [
        ("status", "accepted"),
        ("owner:identifier", f"{USER_ID}|u2"),
        ("_sort", "due"),
    ],
}


async def worklist_rows(folder: Path, progress: Progress) -> list[Row]:
    """Fill two stores with Tasks, and read a page of each in turns."""
    few, many = [await _filled(folder / f"worklist-{size}.sqlite3", size, progress) for size in (SMALL, LARGE)]
    rows = [await _compared(name, few, many) for name in ASKED]
    for documents in (few, many):
        await documents.close()
    return rows


async def _compared(name: str, few: SqliteDocuments, many: SqliteDocuments) -> Row:
    short: list[float] = []
    long: list[float] = []
    for _ in range(2 * PAGES):
        short.append(await _timed(few, name))
        long.append(await _timed(many, name))
    short, long = short[PAGES:], long[PAGES:]
    return Row(
        f"A page of the worklist ({name}): p99 among {LARGE:,} pended requests (among {SMALL:,}), in process",
        _told(long),
        _told(short),
        _p99(long) / _p99(short),
        1.5,
    )


async def _timed(documents: SqliteDocuments, name: str) -> float:
    started = time.perf_counter()
    parameters = [*ASKED[name], ("_count", str(COUNT))]
    search = parse_search("Task", parameters, base_url=BASE, lenient=False)
    page = await resources.search(documents, reach_of(REVIEWER), search)
    took = time.perf_counter() - started
    if not page.documents:
        raise RuntimeError(f"{name} finds no Task")
    return took * 1000


async def _filled(file: Path, size: int, progress: Progress) -> SqliteDocuments:
    documents = SqliteDocuments(file)
    await documents.start(TERM_TABLE)
    bar = progress.add_task(f"storing {3 * size:,} Tasks", total=3 * size)
    batch: list[Insert] = []
    for write in _tasks(size):
        batch.append(write)
        if len(batch) == BATCH:
            await documents.commit(*batch)
            progress.advance(bar, len(batch))
            batch.clear()
    await documents.commit(*batch)
    await documents.close()
    await documents.start(TERM_TABLE)
    return documents


def _tasks(size: int) -> Iterator[Insert]:
    for number in range(size):
        open_ = "accepted" if number % 3 == 0 else "requested"
        yield _insert("payer-a", open_, FIRST_DUE + timedelta(minutes=number), number)
        yield _insert("payer-a", "completed", FIRST_DUE - timedelta(minutes=number), number)
        yield _insert("payer-b", open_, FIRST_DUE - timedelta(minutes=number), number)


def _insert(payer: str, status: str, due: datetime, number: int) -> Insert:
    resource: dict[str, Any] = {
        "resourceType": "Task",
        "id": str(uuid4()),
        "status": status,
        "intent": "order",
        "priority": "urgent" if number % 10 == 0 else "routine",
        "focus": {"reference": f"ClaimResponse/{uuid4()}"},
        "for": {"reference": f"Patient/{number // 10}"},
        "restriction": {"period": {"end": instant(due)}},
    }
    if status == "accepted":
        owner = {"system": USER_ID, "value": f"u{number // 3 % 5}"}
        resource["owner"] = {"identifier": owner}
    return Insert(resources.row(resource, access=((PAYER, payer),), now=FIRST_DUE))


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def _told(times: list[float]) -> str:
    return f"{_p99(times):.2f} ms (p50 {median(times):.2f})"
