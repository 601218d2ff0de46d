"""The sealer of a running server: it never waits for the end of the load, and leaves nothing unsealed at the end."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from app.adapters.ids import RandomIds
from app.adapters.memory import MemoryDocuments
from app.audit.access import Access, Actor, Interaction, Outcome
from app.ports import Write
from app.records.audit.seals import last_seal, open_rows
from app.workers.sealing import audit_sealed, seal_waiting
from app.workflow.audit.head import Head
from app.workflow.audit.log import AuditLog
from app.workflow.system import System
from tests.support.server import shipped_system

ENTRY = (
    Actor("2026-03-01T10:00:00.000000Z", "ehr-a"),
    Access(interaction=Interaction.READ, payers=("p",), outcome=Outcome.DENIED, reason="HTTP 403"),
)


class Waiting(MemoryDocuments):
    """Lets other tasks run before each commit, as a store on a disk does."""

    async def commit(self, *writes: Write) -> None:
        await asyncio.sleep(0)
        await super().commit(*writes)


def system() -> System:
    return replace(shipped_system(), documents=Waiting(), ids=RandomIds(), audit=AuditLog())


async def test_a_busy_server_is_sealed_too() -> None:
    busy = system()

    async def keep_reading() -> None:
        while True:
            await busy.audit.write(busy.documents, busy.ids, [ENTRY])

    readers = [asyncio.create_task(keep_reading()) for _ in range(3)]
    await asyncio.sleep(0.01)
    await asyncio.wait_for(seal_waiting(busy, Head(0.0)), 5)
    for reader in readers:
        reader.cancel()
    assert await last_seal(busy.documents) is not None


async def test_a_server_that_ends_stores_and_seals_its_last_events() -> None:
    ending = system()
    async with audit_sealed(ending):
        ending.audit.queue(ending.documents, ending.ids, ENTRY)
    assert await open_rows(ending.documents) == []
    assert await last_seal(ending.documents) is not None
