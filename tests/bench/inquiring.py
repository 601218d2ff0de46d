"""Compare the typical time of an inquiry about a member with many authorizations of others, and with none."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

from msgspec.structs import replace
from rich.progress import Progress

from app.access.reach import reach_of
from app.adapters.sqlite.store import SqliteDocuments
from app.domain.request import Party
from app.pas.edition import EDITIONS
from app.ports import Insert
from app.records import authorizations
from app.workflow.call import Call, Received
from app.workflow.requests.inquire import inquire
from tests.bench.row import Row
from tests.support.people import demo_grant
from tests.support.samples import REQUESTOR, inquiry_bundle, request_bundle
from tests.support.server import Server, serving
from tests.support.unchecked import unchecked

OTHERS = 1_000
INQUIRIES = 300
WARM_CALLS = 50

ASKING = {"ehr-a": ("its own", REQUESTOR), "ehr-b": ("a stranger's", "1444444446")}
"""The inquiring client, and the provider number in the inquiry."""


async def inquiry_rows(folder: Path, progress: Progress) -> list[Row]:
    """Fill two stores, and inquire of them in turns."""
    task = progress.add_task("inquiring", total=len(ASKING))
    async with AsyncExitStack() as stack:
        alone, beside = [
            await stack.enter_async_context(
                serving(folder, documents=SqliteDocuments(folder / f"held-{others}.sqlite3"))
            )
            for others in (0, OTHERS)
        ]
        await _held(alone, 0)
        await _held(beside, OTHERS)
        rows: list[Row] = []
        for client in ASKING:
            rows.append(await _compared(client, alone, beside))
            progress.advance(task)
    return rows


async def _held(server: Server, others: int) -> None:
    """Store one request of the first client, and the authorizations that others hold about the same member."""
    answer = await server.post("/Claim/$submit", request_bundle())
    answer.raise_for_status()
    stored = await authorizations.by_id(server.system.documents, answer.json()["entry"][0]["resource"]["id"])
    assert stored is not None
    own = stored.authorization
    items = tuple(replace(item, requested=replace(item.requested, providers=())) for item in own.items)
    rows = (
        authorizations.row(
            replace(own, id=f"other-{at}", owner="others", requestor=Party(npi="1999999992"), items=items)
        )
        for at in range(others)
    )
    await server.system.documents.commit(*map(Insert, rows))


async def _compared(client: str, alone: Server, beside: Server) -> Row:
    few: list[float] = []
    many: list[float] = []
    for _ in range(INQUIRIES):
        few.append(await _timed(alone, client))
        many.append(await _timed(beside, client))
    few_ms, many_ms = median(few[WARM_CALLS:]), median(many[WARM_CALLS:])
    what = (
        f"inquiry, {ASKING[client][0]}: p50 if others hold {OTHERS:,} authorizations of the member (if they hold none)"
    )
    return Row(what, f"{many_ms:.2f} ms", f"{few_ms:.2f} ms", many_ms / few_ms, 1.5)


async def _timed(server: Server, client: str) -> float:
    """Return the milliseconds of one inquiry, from the parsed Bundle to the text of the answer."""
    grant = demo_grant(client)
    edition = next(iter(EDITIONS.values()))
    call = Call(grant, reach_of(grant), edition, "http://127.0.0.1/fhir", server.clock.now())
    bundle = inquiry_bundle(requestor=ASKING[client][1])
    received = Received(unchecked(bundle))
    started = time.perf_counter()
    await inquire(server.system, call, received)
    return (time.perf_counter() - started) * 1000
