"""On every store, the seals chain the AuditEvents: each removal and each change shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from app.access.grant import Role
from app.adapters.ids import RandomIds
from app.audit.access import Access, Actor, Interaction
from app.audit.chain import Fault, Link
from app.audit.usage import Usage
from app.fhir.instants import sortable
from app.ports import Delete, Documents, Insert, Replace, Write
from app.records.audit.seals import OPEN_KIND, SEAL_KIND
from app.records.kinds import TERM_TABLE
from app.workflow.audit.seal import seal_all, seal_once
from app.workflow.audit.usage import usage_of
from app.workflow.audit.verify import verify_chain
from app.workflow.changes import audit_rows
from tests.store.places import MemoryPlace, MongoPlace, SqlitePlace

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def documents(place: MemoryPlace | SqlitePlace | MongoPlace) -> AsyncIterator[Documents]:
    store = place.documents()
    await store.start(TERM_TABLE)
    yield store
    await store.close()


async def store_events(
    documents: Documents, count: int = 3, *, client: str = "app-1", patient: str = "p1"
) -> list[str]:
    """Store events, each in a commit of its own; return their ids."""
    actor = Actor(sortable(NOW), client, role=Role.PATIENT)
    access = Access(interaction=Interaction.READ, payers=("p",), patient=patient, resources=("Claim/c",))
    ids: list[str] = []
    for _ in range(count):
        rows = audit_rows(RandomIds(), [(actor, access)])
        await documents.commit(*rows)
        ids += [row.document.id for row in rows if isinstance(row, Insert) and row.document.kind == "AuditEvent"]
    return ids


async def faults(documents: Documents, head: Link | None = None) -> list[tuple[Fault, str]]:
    return [(finding.fault, finding.subject) for finding in await verify_chain(documents, LATER, head)]


async def test_sealed_events_have_no_findings_and_their_open_rows_go(documents: Documents) -> None:
    for _ in range(3):
        await store_events(documents)
        await seal_all(documents, NOW)
    assert await faults(documents) == []
    assert await seal_once(documents, NOW) is None


async def test_a_busy_store_gets_one_seal_a_call(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, arriving = documents.commit, 5

    async def busy(*writes: Write) -> None:
        nonlocal arriving
        await commit(*writes)
        if arriving and any(isinstance(write, Delete) for write in writes):
            arriving -= 1
            await store_events(documents, 1)

    await store_events(documents)
    monkeypatch.setattr(documents, "commit", busy)
    seal = await seal_all(documents, NOW)
    assert seal is not None
    assert (seal.number, len(seal.events), arriving) == (1, 3, 4)


async def test_old_events_without_a_seal_are_reported(documents: Documents) -> None:
    await store_events(documents)
    assert await faults(documents) == [(Fault.UNSEALED, "3")]
    assert await verify_chain(documents, NOW) == []


async def test_a_removed_event_and_a_changed_event_show(documents: Documents) -> None:
    removed, changed, _ = await store_events(documents)
    await seal_all(documents, NOW)
    await documents.commit(Delete("AuditEvent", removed, 1))
    row = await documents.get("AuditEvent", changed)
    assert row is not None
    await documents.commit(Replace(replace(row, body=row.body.replace("app-1", "app-2"))))
    assert sorted(await faults(documents)) == [(Fault.CHANGED, changed), (Fault.MISSING, removed)]


async def test_an_event_without_its_open_row_shows(documents: Documents) -> None:
    event, *_ = await store_events(documents)
    await documents.commit(Delete(OPEN_KIND, event, 1))
    await seal_all(documents, NOW)
    assert await faults(documents) == [(Fault.UNSEALED, "1")]


async def test_removed_seals_show_in_the_middle_and_at_the_noted_end(documents: Documents) -> None:
    heads: list[Link] = []
    for _ in range(3):
        ids = await store_events(documents, 1)
        seal = await seal_once(documents, NOW)
        assert seal is not None
        heads.append(Link(seal.number, seal.hash))
    await documents.commit(Delete(SEAL_KIND, f"{3:012d}", 1), Delete("AuditEvent", ids[0], 1))
    assert await faults(documents) == []
    assert await faults(documents, heads[2]) == [(Fault.MISSING, "seal 3")]
    await documents.commit(Delete(SEAL_KIND, f"{1:012d}", 1))
    assert (Fault.MISSING, "seal 2") in await faults(documents)


async def test_racing_sealers_make_one_chain(documents: Documents) -> None:
    for _ in range(4):
        await store_events(documents)
        await asyncio.gather(*(seal_once(documents, NOW) for _ in range(4)))
    await seal_all(documents, NOW)
    assert await faults(documents) == []


async def test_the_usage_figures_count_the_patients_of_a_payer_and_a_year(documents: Documents) -> None:
    await store_events(documents, 1, patient="p1", client="app-1")
    await store_events(documents, 1, patient="p1", client="app-2")
    await store_events(documents, 1, patient="p2", client="app-1")
    assert await usage_of(documents, "p", 2026) == Usage("p", 2026, 2, 1, 1)
    assert await usage_of(documents, "p", 2025) == Usage("p", 2025, 0, 0, 0)
    assert await usage_of(documents, "another", 2026) == Usage("another", 2026, 0, 0, 0)
