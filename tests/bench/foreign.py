"""Compare the time of a read of a foreign resource with that of an unknown one, among few and many records.

Both must take the same time, so that no time tells whether a resource exists.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from uuid import uuid4

from rich.progress import Progress

from app.adapters.sqlite.store import SqliteDocuments
from tests.bench.bundles import request_body
from tests.bench.row import Row
from tests.support.server import Server, serving

RECORDS = (1, 1_000)
READS = 200
WARM_READS = 20
MOST_MILLISECONDS = 5
OWNER, STRANGER = "ehr-a", "ehr-b"


async def foreign_rows(folder: Path, progress: Progress) -> list[Row]:
    """Submit as one client, and read as another, after the first record and after the last."""
    task = progress.add_task("foreign and unknown reads", total=RECORDS[-1])
    rows: list[Row] = []
    own = folder / "foreign"
    own.mkdir()
    async with serving(own, documents=SqliteDocuments(own / "preauth.sqlite3")) as server:
        for serial in range(RECORDS[-1]):
            answer = await server.post("/Claim/$submit", request_body(serial), OWNER)
            answer.raise_for_status()
            if serial + 1 in RECORDS:
                rows.append(await _compared(server, answer.json()["entry"][0]["resource"]["id"], serial + 1))
            progress.advance(task)
    return rows


async def _compared(server: Server, foreign: str, records: int) -> Row:
    """Read in turns, so that both share each moment of the machine."""
    headers = server.headers(STRANGER)
    of_foreign: list[float] = []
    of_unknown: list[float] = []
    for _ in range(WARM_READS + READS):
        of_foreign.append(await _timed(server, headers, foreign))
        of_unknown.append(await _timed(server, headers, str(uuid4())))
    difference = abs(median(of_foreign[WARM_READS:]) - median(of_unknown[WARM_READS:]))
    compared = f"a foreign read and an unknown one, {records:,} stored: difference of medians"
    return Row(compared, f"{difference:.3f} ms", f"{MOST_MILLISECONDS} ms", difference / MOST_MILLISECONDS, 1)


async def _timed(server: Server, headers: Mapping[str, str], id_: str) -> float:
    """Return the milliseconds of a read that finds nothing."""
    started = time.perf_counter()
    answer = await server.http.get(f"/fhir/ClaimResponse/{id_}", headers=headers)
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 404:
        raise RuntimeError(f"a read was answered with {answer.status_code}")
    return taken
