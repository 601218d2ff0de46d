"""Compare the processor time of a five-line billing claim with that of the five-item request that it bills."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from msgspec.json import decode
from rich.progress import Progress

from app.access.reach import reach_of
from app.adapters.sqlite.store import SqliteDocuments
from app.pas.edition import EDITIONS
from app.workflow.call import Call, Received
from app.workflow.requests.submit import submit
from tests.bench.row import Row
from tests.support.people import demo_grant
from tests.support.samples import Json, billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server, serving
from tests.support.unchecked import unchecked

CODES = ("97110", "97112", "97116", "97124", "97140")
CLAIMS = 300
WARM_CALLS = 50
CLIENT = "ehr-a"
MOST_TIMES = 1.67
"""A bill may take the time of a submit at a rate of at least 0.6 of it."""


async def billing_rows(folder: Path, progress: Progress) -> list[Row]:
    """Submit and bill in turns, each time for another member."""
    requests: list[float] = []
    bills: list[float] = []
    task = progress.add_task("billing", total=CLAIMS)
    async with serving(folder, documents=SqliteDocuments(folder / "billed.sqlite3")) as server:
        for serial in range(CLAIMS):
            cost, answer = await _timed(server, _request(f"B{serial}"))
            requests.append(cost)
            number = answer["entry"][0]["resource"]["preAuthRef"]
            cost, _ = await _timed(server, _bill(f"B{serial}", number))
            bills.append(cost)
            progress.advance(task)
    requested, billed = median(requests[WARM_CALLS:]), median(bills[WARM_CALLS:])
    what = f"billing claim of {len(CODES)} lines (request of {len(CODES)} items): processor time, SQLite FULL"
    return [Row(what, f"{billed:.2f} ms", f"{requested:.2f} ms", billed / requested, MOST_TIMES)]


def _request(member: str) -> Json:
    items = [request_item(sequence, code) for sequence, code in enumerate(CODES, 1)]
    return request_bundle(member=member, identifier=member, items=items)


def _bill(member: str, number: str) -> Json:
    lines = [billed_line(sequence, code) for sequence, code in enumerate(CODES, 1)]
    return billing_claim(number=number, member=member, control_number=member, lines=lines)


async def _timed(server: Server, body: Json) -> tuple[float, Json]:
    """Return the milliseconds of processor time of one `$submit`, all threads, and the answer."""
    grant = demo_grant(CLIENT)
    edition = next(iter(EDITIONS.values()))
    call = Call(grant, reach_of(grant), edition, "http://127.0.0.1/fhir", server.clock.now())
    received = Received(unchecked(body))
    started = time.process_time()
    answer = await submit(server.system, call, received)
    return (time.process_time() - started) * 1000, decode(answer.body)
