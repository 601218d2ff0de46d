"""Measure how a costly search delays others, and the memory of a page of large resources."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from app.access.grant import Grant, Role
from app.access.reach import OWNER, reach_of
from app.adapters.sqlite.store import SqliteDocuments
from app.fhir.outcome import FhirError
from app.ports import Insert
from app.records import resources
from app.records.kinds import TERM_TABLE
from app.search.parameters import parse_search
from tests.bench.authorizations import Filled
from tests.bench.row import Row

BASE = "http://127.0.0.1/fhir"
REACH = reach_of(Grant("ehr-a", Role.PROVIDER, organizations=("org-a",)))

COSTLY = [("_total", "accurate"), ("outcome", "complete"), ("use", "preauthorization"), ("created", "ne2025-06-01")]
LARGE, MANY = 1_000_000, 100
TICK = 0.001


async def held_up(store: Filled, size: int) -> Row:
    """Run a search over very many rows beside a task that measures its own delays."""
    gaps: list[float] = []
    ticking = asyncio.create_task(_tick(gaps))
    await asyncio.sleep(10 * TICK)
    gaps.clear()
    started = time.perf_counter()
    search = parse_search("ClaimResponse", COSTLY, base_url=BASE, lenient=False)
    with suppress(FhirError):  # where it is stopped, that is how long it took
        await resources.search(store.documents, REACH, search)
    took = time.perf_counter() - started
    await asyncio.sleep(10 * TICK)
    ticking.cancel()
    return Row(
        f"A costly search among {size:,} authorizations: longest wait of all others (its own time)",
        f"{max(gaps) * 1000:.0f} ms",
        f"{took * 1000:.0f} ms",
        max(gaps) / took,
        0.5,
    )


async def page_memory(folder: Path) -> Row:
    """Search for many large resources; a page holds a few."""
    documents = SqliteDocuments(folder / "large.sqlite3")
    await documents.start(TERM_TABLE)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(MANY):
        claim = {"resourceType": "Claim", "id": f"c{number}", "text": {"div": "x" * LARGE}}
        await documents.commit(Insert(resources.row(claim, access=((OWNER, "org-a"),), now=now)))
    search = parse_search("Claim", [("_count", str(MANY))], base_url=BASE, lenient=False)
    tracemalloc.start()
    page = await resources.search(documents, REACH, search)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    await documents.close()
    size = sum(document.size for document in page.documents)
    return Row(
        f"A page of a search that finds {MANY} resources of {LARGE // 1_000_000} MB: peak memory (size of the page)",
        f"{peak / 1_000_000:.0f} MB",
        f"{size / 1_000_000:.0f} MB",
        peak / size,
        8,
    )


async def _tick(gaps: list[float]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(TICK)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
