"""Measure the way of a decision to its subscriber, and a decision beside many Subscriptions of others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from msgspec.structs import replace
from rich.progress import Progress

from app.adapters.sqlite.store import SqliteDocuments
from app.demo.listener import answer_in, listening, status_of
from app.ports import Insert
from app.records.subscriptions import channels
from app.workflow.subscriptions.fan_out import fan_out
from tests.api.reviewing import NEW, decide, pended, ruling
from tests.bench.row import Row
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server, serving
from tests.support.subscribing import Endpoint, create, subscription

Json = dict[str, Any]

DECISIONS = 300
A_SECOND = 20
LONGEST_MS = 250.0
OTHERS = 10_000
PAGE = 500
COMPARED = 150
WARM = 20
RULING = {"resourceType": "Parameters", "parameter": [ruling()]}


async def notification_rows(folder: Path, progress: Progress) -> list[Row]:
    """Measure both."""
    task = progress.add_task("notifying", total=2)
    (folder / "hooks").mkdir()
    with server_process(folder / "hooks", requestor_match="any") as server:
        rows = [await _delivered(folder / "hooks", server)]
    progress.advance(task)
    rows.append(await _beside_others(folder))
    progress.advance(task)
    return rows


async def _delivered(folder: Path, server: ServerProcess) -> Row:
    """Decide at a steady rate; compare the start of each `$decide` with the arrival of its notification."""
    arrived: dict[str, float] = {}
    is_active, is_complete = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def take(_: Mapping[str, str], bundle: Json) -> int:
        if status_of(bundle)["type"]["valueCode"] == "event-notification":
            arrived[answer_in(bundle)["id"]] = time.perf_counter()
            if len(arrived) == DECISIONS:
                loop.call_soon_threadsafe(is_complete.set)
        else:
            loop.call_soon_threadsafe(is_active.set)
        return HTTPStatus.OK

    with listening(take) as url:
        async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as http:
            parties = {client: _headers(folder, client) for client in ("ehr-a", "reviewer")}
            wanted = subscription("org-identifier=8189991234", channel={"endpoint": url})
            (await http.post("/Subscription", json=wanted, headers=parties["ehr-a"])).raise_for_status()
            waiting = [await _pended(http, parties["ehr-a"], number) for number in range(DECISIONS)]
            await is_active.wait()
            began = await asyncio.gather(
                *(_decided(http, parties["reviewer"], id_, at) for at, id_ in enumerate(waiting))
            )
            await is_complete.wait()
    times = [(arrived[id_] - start) * 1000 for id_, start in zip(waiting, began, strict=True)]
    p99 = quantiles(times, n=100)[98]
    what = f"decision to delivered notification: p99 at {A_SECOND} decisions/s (aim: {LONGEST_MS:.0f} ms)"
    return Row(what, f"{p99:.1f} ms", f"{LONGEST_MS:.0f} ms", p99 / LONGEST_MS, 1.0)


def _headers(folder: Path, client: str) -> dict[str, str]:
    return {"Authorization": bearer(folder, client), "Content-Type": "application/fhir+json"}


async def _pended(http: httpx.AsyncClient, headers: dict[str, str], number: int) -> str:
    bundle = request_bundle(identifier=f"R-{number}", items=[request_item(code="72148", quantity=2)])
    answer = await http.post("/Claim/$submit", json=bundle, headers=headers)
    return str(answer.raise_for_status().json()["entry"][0]["resource"]["id"])


async def _decided(http: httpx.AsyncClient, headers: dict[str, str], id_: str, at: int) -> float:
    """Decide at the time of its number; return when it began."""
    await asyncio.sleep(at / A_SECOND)
    start = time.perf_counter()
    (await http.post(f"/ClaimResponse/{id_}/$decide", json=RULING, headers=headers | NEW)).raise_for_status()
    return start


async def _beside_others(folder: Path) -> Row:
    async with AsyncExitStack() as stack:
        alone, beside = [
            await stack.enter_async_context(
                serving(folder, notifier=Endpoint(), documents=SqliteDocuments(folder / f"subscribed-{others}.sqlite3"))
            )
            for others in (0, OTHERS)
        ]
        for server in (alone, beside):
            assert (await create(server)).status_code == HTTPStatus.CREATED
        await _filled(beside)
        few, many = list[float](), list[float]()
        for number in range(COMPARED):
            few.append(await _timed(alone, number))
            many.append(await _timed(beside, number))
    few_ms, many_ms = median(few[WARM:]), median(many[WARM:])
    what = f"decision and its numbered notification: p50 beside {OTHERS:,} Subscriptions of others (beside none)"
    return Row(what, f"{many_ms:.2f} ms", f"{few_ms:.2f} ms", many_ms / few_ms, 1.2)


async def _filled(server: Server) -> None:
    """Store the channels of many other organizations, each idle and active."""
    [own] = await channels.of_client(server.system.documents, "ehr-a", 1)
    for first in range(0, OTHERS, PAGE):
        rows = (
            channels.row(
                replace(
                    own.channel,
                    id=f"other-{number}",
                    client=f"client-{number}",
                    organizations=(f"org-{number}",),
                    request=replace(own.channel.request, filters=((f"N{number}",),)),
                    next=None,
                )
            )
            for number in range(first, first + PAGE)
        )
        await server.system.documents.commit(*map(Insert, rows))


async def _timed(server: Server, number: int) -> float:
    """Return the milliseconds of one decision and of its fan-out."""
    response = await pended(server, identifier=f"R-{number}")
    started = time.perf_counter()
    answer = await decide(server, response, ruling())
    await fan_out(server.system)
    elapsed = (time.perf_counter() - started) * 1000
    assert answer.status_code == HTTPStatus.OK
    return elapsed
