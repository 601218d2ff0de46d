"""Several servers on one store, and stores on which calls race."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.main import create_app
from app.ports import Documents, Write
from app.settings import Settings
from app.workflow.contention import Contention
from tests.support.server import ROOT, SeededIds, Server, connected


class UnhurriedMemory(MemoryDocuments):
    """Let other tasks run between a read and a commit, as a database does."""

    async def commit(self, *writes: Write) -> None:
        await asyncio.sleep(0)
        await super().commit(*writes)


STORES: dict[str, Callable[[Path], Documents]] = {
    "memory": lambda _: UnhurriedMemory(),
    "sqlite": lambda folder: SqliteDocuments(folder / "races.sqlite3"),
}


@asynccontextmanager
async def beside(server: Server, folder: Path) -> AsyncIterator[Server]:
    """Serve the same store from a second system with its own locks."""
    system = replace(server.system, ids=SeededIds(2), contention=Contention())
    app = create_app(Settings(data=folder, store="memory", base_url=ROOT), system=system)
    async with connected(app) as http:
        yield Server(http, system, server.clock)
