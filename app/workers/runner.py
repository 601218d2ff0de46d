"""Run the workers while the server runs: woken by a commit that gives them work, else once a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial

from app.log import get_logger
from app.ports import StoreUnavailable
from app.workers.deliveries import Deliveries
from app.workflow.bills.finish import finish_bills
from app.workflow.due.perform import perform_due
from app.workflow.due.schedule import schedule
from app.workflow.subscriptions.fan_out import fan_out
from app.workflow.system import System

SECONDS_BETWEEN = 1.0

Worker = Callable[[System], Awaitable[bool]]
"""Does the work that waits; returns whether more may wait."""

WORKERS: Mapping[str, Worker] = {
    "events of the outbox": fan_out,
    "acts that are due": perform_due,
    "bills that a decision changes": finish_bills,
    "acts of earlier authorizations": schedule,
}
"""The workers beside the deliveries, by the name in the log."""

Act = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def workers_running(system: System) -> AsyncIterator[None]:
    """Run the workers while the context is open."""
    if not system.hooks.has_workers:
        yield
        return
    deliveries = Deliveries(system)
    acts: dict[str, Act] = {name: partial(worker, system) for name, worker in WORKERS.items()}
    acts["deliveries"] = deliveries.begin
    tasks = [asyncio.create_task(_run(name, act, system.hooks.bell.listen())) for name, act in acts.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await deliveries.end()


async def _run(name: str, act: Act, rung: asyncio.Event) -> None:
    is_store_lost = False
    while True:
        rung.clear()
        more = False
        try:
            more = await act()
            is_store_lost = False
        except StoreUnavailable:
            if not is_store_lost:
                get_logger().warning("a worker waits for the store", at=name)
            is_store_lost = True
        except Exception:  # noqa: BLE001 - one failure must not end the worker for the life of the server
            get_logger().error("worker failed", at=name, exc_info=True)
        if not more:
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_BETWEEN):
                    await rung.wait()
