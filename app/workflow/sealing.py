"""Seal AuditEvents while the server runs: each second, and at the end, after the queued events are stored."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.log import get_logger
from app.workflow.audit.seal import seal_all
from app.workflow.periodic import repeated
from app.workflow.system import System

SECONDS_BETWEEN = 1.0
SECONDS_BETWEEN_LINES = 60.0


@asynccontextmanager
async def audit_sealed(system: System) -> AsyncIterator[None]:
    """Seal new events while the server runs, and the last ones before it ends."""
    async with repeated("seals of the audit log", Sealer(system).seal, SECONDS_BETWEEN):
        try:
            yield
        finally:
            await system.audit.flush(system.documents, system.ids)


class Sealer:
    """Seals the audit log, and logs the newest seal once a minute: the log keeps it if the chain loses its end."""

    def __init__(self, system: System, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._system, self._monotonic = system, monotonic
        self._logged = monotonic()

    async def seal(self) -> None:
        """Seal the stored events, and let waiting ones be stored. Raises StoreUnavailable; then they wait."""
        system = self._system
        system.audit.start(system.documents, system.ids)
        seal = await seal_all(system.documents, system.clock.now())
        if seal is not None and self._monotonic() - self._logged >= SECONDS_BETWEEN_LINES:
            self._logged = self._monotonic()
            get_logger().info("audit sealed", seal=seal.number, digest=seal.hash)
