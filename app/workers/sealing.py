"""Seal AuditEvents while the server runs: each second, and at the end, after the queued events are stored."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.workers.periodic import repeated
from app.workflow.audit.head import Head
from app.workflow.audit.seal import seal_all
from app.workflow.system import System

SECONDS_BETWEEN = 1.0


@asynccontextmanager
async def audit_sealed(system: System) -> AsyncIterator[None]:
    """Seal new events while the server runs, and the last ones before it ends; log the newest seal."""
    head = Head(time.monotonic())

    async def seal() -> None:
        await seal_waiting(system, head)

    try:
        async with repeated("seals of the audit log", seal, SECONDS_BETWEEN):
            try:
                yield
            finally:
                await system.audit.flush(system.documents, system.ids)
    finally:
        head.write(time.monotonic())


async def seal_waiting(system: System, head: Head) -> None:
    """Seal the stored events, and let waiting ones be stored. Raises StoreUnavailable; then they wait."""
    system.audit.start(system.documents, system.ids)
    head.advance(await seal_all(system.documents, system.clock.now()), time.monotonic())
