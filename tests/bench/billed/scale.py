"""Compare the time of a five-line billing claim among few and among many stored authorizations."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import quantiles

from rich.progress import Progress

from tests.bench.authorizations import Original, filled, original
from tests.bench.billing import CODES
from tests.bench.row import Row
from tests.support.samples import billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server, serving

SMALL, LARGE = 10_000, 1_000_000
CLAIMS = 500
WARM_CALLS = 50
MOST_TIMES = 1.5


async def scale_rows(
    folder: Path, progress: Progress, sizes: tuple[int, int] = (SMALL, LARGE), claims: int = CLAIMS
) -> list[Row]:
    """Bill in turns on a small and on a large store, each time for another member."""
    times: dict[int, list[float]] = {size: [] for size in sizes}
    made_from = await original(_own(folder, "original"))
    async with AsyncExitStack() as stack:
        servers = {size: await stack.enter_async_context(_on(folder, made_from, size, progress)) for size in sizes}
        task = progress.add_task("bills among many authorizations", total=claims)
        for serial in range(claims):
            for size, server in servers.items():
                times[size].append(await _billed(server, f"S{serial}"))
            progress.advance(task)
    small, large = (quantiles(times[size][WARM_CALLS:], n=100)[-1] for size in sizes)
    compared = f"billing claim of {len(CODES)} lines, {sizes[1]:,} authorizations stored (and {sizes[0]:,}): p99"
    return [Row(compared, f"{large:.2f} ms", f"{small:.2f} ms", large / small, MOST_TIMES)]


@asynccontextmanager
async def _on(folder: Path, made_from: Original, size: int, progress: Progress) -> AsyncIterator[Server]:
    store = await filled(folder / f"billed-{size}.sqlite3", made_from, size, progress)
    async with serving(_own(folder, f"among-{size}"), documents=store.documents) as server:
        yield server


def _own(folder: Path, name: str) -> Path:
    own = folder / name
    own.mkdir()
    return own


async def _billed(server: Server, member: str) -> float:
    """Submit a request, and return the milliseconds of the bill for it."""
    items = [request_item(sequence, code) for sequence, code in enumerate(CODES, 1)]
    requested = await server.post("/Claim/$submit", request_bundle(member=member, identifier=member, items=items))
    number = requested.json()["entry"][0]["resource"]["preAuthRef"]
    lines = [billed_line(sequence, code) for sequence, code in enumerate(CODES, 1)]
    bill = billing_claim(number=number, member=member, control_number=member, lines=lines)
    started = time.perf_counter()
    answer = await server.post("/Claim/$submit", bill, "biller")
    took = time.perf_counter() - started
    answer.raise_for_status()
    return took * 1000
