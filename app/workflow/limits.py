"""Keep the state of the rate limits over a restart: read at the start, stored every few seconds and at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.ports import StoreUnavailable
from app.records.access.pace import keep, read_kept
from app.workflow.system import System

SECONDS_BETWEEN = 5.0


@asynccontextmanager
async def limits_kept(system: System) -> AsyncIterator[None]:
    """Continue with the state of an earlier process, and keep it while the server runs."""
    system.limiter.restore(await read_kept(system.documents), system.clock.now().timestamp())
    keeping = asyncio.create_task(_keep_running(system))
    try:
        yield
    finally:
        keeping.cancel()
        await keep_limits(system)


async def keep_limits(system: System) -> None:
    """Store the state, if it changed. Without the store, the limits go on and are stored later."""
    try:
        await keep(system.documents, system.limiter.kept(system.clock.now().timestamp()))
    except StoreUnavailable:
        return


async def _keep_running(system: System) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        await keep_limits(system)
