"""Compare the 99th percentile of searches among few and among many authorizations.

Each search runs once before it is measured, so that no file is read for the first time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from rich.progress import Progress

from app.access.grant import Grant, Role
from app.access.reach import reach_of
from app.records import resources
from app.search.parameters import parse_search
from tests.bench.authorizations import EACH, Filled, filled, original
from tests.bench.paging import held_up, page_memory
from tests.bench.row import Row

SMALL, LARGE = 1_000, 100_000
SEARCHES = 2_000

BASE = "http://127.0.0.1/fhir"
PROVIDER = Grant("ehr-a", Role.PROVIDER, organizations=("org-a",))

Parameters = Sequence[tuple[str, str]]

ASKED: dict[str, Callable[[Filled, int], Parameters]] = {
    "patient": lambda store, at: [("patient", _patient(store, at))],
    "patient + status + created": lambda store, at: [
        ("patient", _patient(store, at)),
        ("status", "active"),
        ("created", "ge2025-01-01"),
    ],
    "pre-auth-ref": lambda store, at: [("pre-auth-ref", store.numbers[at * 7919 % len(store.numbers)])],
}


async def search_rows(folder: Path, progress: Progress) -> list[Row]:
    """Fill two stores, and search them in turns."""
    made_from = await original(folder)
    small, large = [await filled(folder / f"{size}.sqlite3", made_from, size, progress) for size in (SMALL, LARGE)]
    task = progress.add_task("searching", total=len(ASKED))
    rows: list[Row] = []
    for name, asked in ASKED.items():
        rows.append(await _compared(name, asked, small, large))
        progress.advance(task)
    rows += [await held_up(large, LARGE), await page_memory(folder)]
    for store in (small, large):
        await store.documents.close()
    return rows


async def _compared(name: str, asked: Callable[[Filled, int], Parameters], small: Filled, large: Filled) -> Row:
    expected = 1 if name == "pre-auth-ref" else EACH
    few: list[float] = []
    many: list[float] = []
    for at in (*range(SEARCHES), *range(SEARCHES)):
        few.append(await _timed(small, asked(small, at), expected))
        many.append(await _timed(large, asked(large, at), expected))
    few, many = few[SEARCHES:], many[SEARCHES:]
    return Row(
        f"ClaimResponses by {name}: p99 among {LARGE:,} authorizations (among {SMALL:,}), resources.search in process",
        _told(many),
        _told(few),
        _p99(many) / _p99(few),
        1.5,
    )


async def _timed(store: Filled, parameters: Parameters, expected: int) -> float:
    """Return the milliseconds from the query's parameters to the page."""
    started = time.perf_counter()
    search = parse_search("ClaimResponse", parameters, base_url=BASE, lenient=False)
    page = await resources.search(store.documents, reach_of(PROVIDER), search)
    took = time.perf_counter() - started
    if len(page.documents) != expected:
        raise RuntimeError(f"{len(page.documents)} found where {expected} are stored")
    return took * 1000


def _patient(store: Filled, at: int) -> str:
    return f"Patient/{store.patients[at * 7919 % len(store.patients)]}"


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def _told(times: list[float]) -> str:
    return f"{_p99(times):.2f} ms (p50 {median(times):.2f})"
