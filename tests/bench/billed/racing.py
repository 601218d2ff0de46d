"""Compare bills that race for one authorization with bills that each have an authorization of their own."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from pathlib import Path

from rich.progress import Progress

from app.adapters.sqlite.store import SqliteDocuments
from tests.bench.row import Row
from tests.support.samples import Json, billed_line, billing_claim, concept, request_bundle, request_item
from tests.support.server import Server, serving

CLAIMS = 200
UNITS = 12
MOST_TIMES = 3.0
CPT = "http://www.ama-assn.org/go/cpt"


async def racing_rows(folder: Path, progress: Progress, claims: int = CLAIMS) -> list[Row]:
    """Send all bills at once: for authorizations of their own, and for one."""
    task = progress.add_task("racing bills", total=claims)
    own = folder / "racing-bills"
    own.mkdir()
    async with serving(own, documents=SqliteDocuments(own / "preauth.sqlite3")) as server:
        numbers = []
        for serial in range(claims):
            numbers.append(await _authorized(server, f"R{serial}"))
            progress.advance(task)
        shared = await _authorized(server, "SHARED")
        apart = [_bill(number, f"R{serial}", f"APART-{serial}") for serial, number in enumerate(numbers)]
        together = [_bill(shared, "SHARED", f"TOGETHER-{serial}") for serial in range(claims)]
        alone, _ = await _at_once(server, apart)
        racing, paid = await _at_once(server, together)
    if paid != UNITS:
        raise RuntimeError(f"{paid} units were paid on an authorization of {UNITS}.")
    compared = f"{claims} bills at once on one authorization (and on {claims}), {UNITS} units paid, SQLite FULL"
    return [Row(compared, f"{racing:.2f} s", f"{alone:.2f} s", racing / alone, MOST_TIMES)]


async def _authorized(server: Server, member: str) -> str:
    body = request_bundle(member=member, identifier=member, items=[request_item(quantity=UNITS)])
    answer = await server.post("/Claim/$submit", body)
    answer.raise_for_status()
    return str(answer.json()["entry"][0]["resource"]["preAuthRef"])


def _bill(number: str, member: str, name: str) -> Json:
    """Bill one unit of a repeated service, which is no duplicate."""
    line = billed_line(quantity=1, modifier=[concept(CPT, "76")])
    return billing_claim(number=number, member=member, control_number=name, lines=[line])


async def _at_once(server: Server, bills: list[Json]) -> tuple[float, Decimal]:
    """Return the seconds that all bills took, and the units paid."""
    started = time.perf_counter()
    answers = await asyncio.gather(*(server.post("/Claim/$submit", bill, "biller") for bill in bills))
    took = time.perf_counter() - started
    paid = Decimal(0)
    for answer in answers:
        answer.raise_for_status()
        [item] = answer.json()["item"]
        units = {one["category"]["coding"][0]["code"]: one.get("value", 0) for one in item["adjudication"]}
        paid += Decimal(str(units["benefit"]))
    return took, paid
