"""Run the workers while the server runs: woken by a commit that gives them work, else once a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from app.log import get_logger
from app.ports import StoreUnavailable
from app.workers.deliveries import Deliveries
from app.workflow.subscriptions.fan_out import fan_out
from app.workflow.system import System

SECONDS_BETWEEN = 1.0

Act = Callable[[], Awaitable[bool]]
"""Does the work that waits; returns whether more may wait."""


@asynccontextmanager
async def workers_running(system: System) -> AsyncIterator[None]:
    """Run the workers while the context is open."""
    if not system.hooks.has_workers:
        yield
        return
    deliveries = Deliveries(system)
    acts: dict[str, Act] = {"events of the outbox": partial(fan_out, system), "deliveries": deliveries.begin}
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
