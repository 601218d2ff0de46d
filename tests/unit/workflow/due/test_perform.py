"""An act that is due is done once, whoever races, and an act that fails holds no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.domain.parts.due_act import ActName, DueAct
from app.ports import Document, Insert, StoreUnavailable, TermTable
from app.records import authorizations
from app.records.authorizations import Stored
from app.records.kinds import TERM_TABLE
from app.records.waiting.due import due_rows, unscheduled
from app.records.waiting.rows import WAITING
from app.workers import runner
from app.workflow.contention import Contention
from app.workflow.due import perform
from app.workflow.due.acts import ACTS
from app.workflow.due.perform import perform_due
from app.workflow.due.schedule import schedule
from app.workflow.system import System
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.worklist.worklist import task
from tests.support.logged import logged
from tests.support.samples import request_item
from tests.support.server import Server, serving

PATIENCE = 10


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path) as running:
        yield running


def acts(server: Server, response: str) -> list[str]:
    return [event["action"] for event in events(server, response)]


async def rows(server: Server) -> list[Document]:
    return await due_rows(server.system.documents, server.clock.now(), 100)


async def test_without_due_rows_there_is_nothing_to_do(server: Server) -> None:
    assert await perform_due(server.system) is False


async def test_two_servers_on_one_store_do_an_act_once(server: Server) -> None:
    responses = [await pended(server, identifier=f"REQ-{number}") for number in range(5)]
    server.clock.move(days=8)
    other = replace(server.system, contention=Contention())
    for _ in range(3):
        await asyncio.gather(perform_due(server.system), perform_due(other))
    for response in responses:
        assert acts(server, response) == ["submit", "due-soon", "breached"]
    assert await rows(server) == []


async def test_an_act_and_a_decision_at_once_are_both_kept(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=6)
    answer, _ = await asyncio.gather(
        decide(server, response, ruling(), **{"If-Match": 'W/"1"'}), perform_due(server.system)
    )
    assert answer.status_code == 200
    assert (await task(server, response))["status"] == "completed"


async def test_an_act_that_fails_waits_a_minute_and_holds_no_other(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = await pended(server), await pended(server, identifier="REQ-2")
    server.clock.move(days=8)
    working = dict(ACTS)

    async def fails(system: System, stored: Stored, act: DueAct) -> None:
        if stored.authorization.id == first:
            raise KeyError
        await working[act.name](system, stored, act)

    monkeypatch.setattr(perform, "ACTS", dict.fromkeys(working, fails))
    await perform_due(server.system)
    assert len(logged(capsys, "act failed")) == 1
    assert (acts(server, first), acts(server, second)) == (["submit"], ["submit", "due-soon", "breached"])
    monkeypatch.setattr(perform, "ACTS", working)
    await perform_due(server.system)
    assert acts(server, first) == ["submit"]
    server.clock.move(minutes=1)
    await perform_due(server.system)
    assert acts(server, first) == ["submit", "due-soon", "breached"]


async def test_an_act_that_is_not_marked_as_done_does_not_run_forever(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await pended(server)
    server.clock.move(days=8)
    calls = 0

    async def forgets(*_: object) -> None:
        nonlocal calls
        calls += 1

    monkeypatch.setattr(perform, "ACTS", dict.fromkeys(ACTS, forgets))
    await perform_due(server.system)
    await perform_due(server.system)
    assert calls == perform.MOST_ACTS
    assert len(logged(capsys, "act failed")) == 1


async def test_a_lost_store_is_left_to_the_worker(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    await pended(server)
    server.clock.move(days=8)

    async def lost(*_: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(perform, "ACTS", dict.fromkeys(ACTS, lost))
    with pytest.raises(StoreUnavailable):
        await perform_due(server.system)
    assert len(await rows(server)) == 1


async def test_a_row_of_a_record_that_is_gone_goes(server: Server) -> None:
    await server.system.documents.commit(Insert(Document("due", "x.1", "x", (WAITING,), "2025", "2025")))
    await perform_due(server.system)
    assert await rows(server) == []


async def test_a_page_of_acts_is_followed_by_the_next(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perform, "PAGE", 2)
    for number in range(3):
        await pended(server, identifier=f"REQ-{number}")
    server.clock.move(days=8)
    passes = 1
    while await perform_due(server.system):
        passes += 1
    assert passes > 1
    assert await rows(server) == []


async def test_a_running_server_does_the_acts_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done, mark = asyncio.Event(), ACTS[ActName.DUE_SOON]

    async def marks(system: System, stored: Stored, act: DueAct) -> None:
        await mark(system, stored, act)
        done.set()

    monkeypatch.setattr(runner, "SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(perform, "ACTS", dict.fromkeys(ACTS, marks))
    async with serving(tmp_path, has_workers=True) as server:
        response = await pended(server)
        server.clock.move(days=8)
        await asyncio.wait_for(done.wait(), PATIENCE)
        assert "businessStatus" in await task(server, response)


async def test_records_of_an_earlier_build_become_due_after_an_upgrade(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as server:
        response = await pended(server)
        [row] = [row for (kind, _), row in documents._documents.items() if kind == "due"]
        documents._put((row.kind, row.id), None)
        await documents.start(TermTable("earlier", lambda document: document.terms))
        await documents.start(TERM_TABLE)
        assert await schedule(server.system) is False
        assert await unscheduled(documents, 10) == []
        stored = await authorizations.by_id(documents, response)
        assert stored is not None
        assert stored.document.terms == authorizations.terms_of(stored.authorization)
        server.clock.move(days=8)
        await perform_due(server.system)
        assert acts(server, response) == ["submit", "due-soon", "breached"]


async def test_an_earlier_record_that_cannot_be_scheduled_holds_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as server:
        response = await pended(server)
        await documents.start(TermTable("earlier", lambda document: document.terms))
        await documents.start(TERM_TABLE)
        broken = Document(authorizations.KIND, "broken", "{}", (authorizations.UNSCHEDULED,))
        await documents.commit(Insert(broken))
        assert await schedule(server.system) is False
        assert [row.id for row in await unscheduled(documents, 10)] == ["broken"]
        stored = await authorizations.by_id(documents, response)
        assert stored is not None
        assert authorizations.UNSCHEDULED not in stored.document.terms
    assert len(logged(capsys, "acts not scheduled")) == 1


async def test_a_decision_on_an_earlier_record_that_no_row_waits_for_schedules_it(tmp_path: Path) -> None:
    """The row is written although the due time does not move."""
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as server:
        response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "62323", 1)])
        [row] = [row for (kind, _), row in documents._documents.items() if kind == "due"]
        documents._put((row.kind, row.id), None)
        await documents.start(TermTable("earlier", lambda document: document.terms))
        await documents.start(TERM_TABLE)
        await decide(server, response, ruling(1), **{"If-Match": 'W/"1"'})
        server.clock.move(days=8)
        await perform_due(server.system)
        assert acts(server, response) == ["submit", "decide", "due-soon", "breached"]
