"""Seal AuditEvents while the server runs: each second, and at the end, after the queued events are stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.audit.seal import Seal
from app.log import get_logger
from app.ports import StoreUnavailable
from app.workflow.audit.seal import seal_all
from app.workflow.system import System

SECONDS_BETWEEN = 1.0
SECONDS_BETWEEN_LINES = 60.0


@asynccontextmanager
async def audit_sealed(system: System) -> AsyncIterator[None]:
    """Seal new events while the server runs, and the last ones before it ends."""
    sealing = asyncio.create_task(_keep_sealing(system, time.monotonic))
    try:
        yield
    finally:
        sealing.cancel()
        await seal_now(system)


async def seal_now(system: System) -> Seal | None:
    """Store the queued events, and seal all events; return the last seal. Without the store, they wait."""
    try:
        await system.audit.flush(system.documents, system.ids)
        return await seal_all(system.documents, system.clock.now())
    except StoreUnavailable:
        return None
    except Exception:  # noqa: BLE001 - the events keep their open rows, and the next second tries again
        get_logger().error("audit not sealed", exc_info=True)
        return None


async def _keep_sealing(system: System, monotonic: Callable[[], float]) -> None:
    """Seal, and log the newest seal once a minute: the log keeps it even if the end of the chain is removed."""
    logged = monotonic()
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        seal = await seal_now(system)
        if seal is not None and monotonic() - logged >= SECONDS_BETWEEN_LINES:
            logged = monotonic()
            get_logger().info("audit sealed", seal=seal.number, digest=seal.hash)
