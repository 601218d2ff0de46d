"""The audit log shares commits, refuses without the store, and bounds its queue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from app.adapters.ids import RandomIds
from app.adapters.memory import MemoryDocuments
from app.audit.access import Access, Actor, Interaction, Outcome
from app.ports import StoreUnavailable, Write
from app.workflow.audit.log import AuditLog

ACTOR = Actor("2026-03-01T10:00:00.000000Z", "ehr-a")
READ = Access(interaction=Interaction.READ, payers=("p",), patient="p1", resources=("Claim/c",))
REFUSED = Access(interaction=Interaction.READ, payers=("p",), outcome=Outcome.DENIED, reason="HTTP 403")
IDS = RandomIds()


class Store(MemoryDocuments):
    """Counts the commits; while `away`, refuses them."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.commits: list[Sequence[Write]] = []

    async def commit(self, *writes: Write) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise StoreUnavailable("away")
        self.commits.append(writes)
        await super().commit(*writes)

    @property
    def reasons(self) -> list[str]:
        rows = (document for (kind, _), document in self._documents.items() if kind == "AuditEvent")
        return [msgspec.json.decode(row.body).get("outcomeDesc", "") for row in rows]


async def test_many_reads_at_once_share_a_few_commits_and_each_has_its_event() -> None:
    store, audit = Store(), AuditLog()
    await asyncio.gather(*(audit.write(store, IDS, [(ACTOR, READ)]) for _ in range(200)))
    assert len(store.reasons) == 200
    assert len(store.commits) <= 5


async def test_a_read_after_the_end_of_a_commit_is_stored_too() -> None:
    store, audit = Store(), AuditLog()
    for _ in range(5):
        await audit.write(store, IDS, [(ACTOR, READ)])
    assert len(store.commits) == 5


@pytest.mark.acceptance("G72")
async def test_without_the_store_every_waiting_read_fails() -> None:
    store, audit = Store(), AuditLog()
    store.away = True
    reads = (audit.write(store, IDS, [(ACTOR, READ)]) for _ in range(100))
    failures = await asyncio.gather(*reads, return_exceptions=True)
    assert {type(failure) for failure in failures} == {StoreUnavailable}


async def test_a_refusal_waits_in_the_queue_until_the_store_is_back() -> None:
    store, audit = Store(), AuditLog()
    store.away = True
    audit.queue(store, IDS, (ACTOR, REFUSED))
    await audit.flush(store, IDS)
    assert store.reasons == []
    store.away = False
    await audit.flush(store, IDS)
    assert store.reasons == ["HTTP 403"]


async def test_the_queue_is_bounded_and_the_number_of_omitted_refusals_is_recorded() -> None:
    store, audit = Store(), AuditLog(most_queued=3)
    for _ in range(10):
        audit.queue(store, IDS, (ACTOR, REFUSED))
    await audit.flush(store, IDS)
    assert store.reasons == ["HTTP 403. 7 more refusals were not recorded.", "HTTP 403", "HTTP 403"]


async def test_a_cancelled_read_does_not_stop_the_others() -> None:
    store, audit = Store(), AuditLog()
    first = asyncio.create_task(audit.write(store, IDS, [(ACTOR, READ)]))
    await asyncio.sleep(0)
    first.cancel()
    await audit.write(store, IDS, [(ACTOR, READ)])
    assert len(store.reasons) == 2
