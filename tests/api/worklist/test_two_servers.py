"""Two servers on one store do each act that is due once, on every store, and a decision at the same time is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.ports import Documents
from app.workflow.due.perform import perform_due
from tests.api.reviewing import decide, pended, ruling
from tests.api.worklist.worklist import task
from tests.support.racing import beside
from tests.support.server import Server, serving

REQUESTS = 6


@pytest.fixture
async def server(each_store: Documents, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, documents=each_store) as running:
        yield running


async def test_each_request_gets_each_mark_once(server: Server, tmp_path: Path) -> None:
    responses = [await pended(server, identifier=f"REQ-{number}") for number in range(REQUESTS)]
    server.clock.move(days=8)
    async with beside(server, tmp_path) as other:
        for _ in range(2):
            await asyncio.gather(perform_due(server.system), perform_due(other.system))
        await perform_due(server.system)
    for response in responses:
        found = await task(server, response)
        assert (found["businessStatus"]["coding"][0]["code"], found["meta"]["versionId"]) == ("breached", "3")


async def test_decisions_during_the_marks_are_kept(server: Server, tmp_path: Path) -> None:
    responses = [await pended(server, identifier=f"REQ-{number}") for number in range(REQUESTS)]
    server.clock.move(days=8)
    async with beside(server, tmp_path) as other:
        deciding = (decide(other, response, ruling(), **{"If-Match": "*"}) for response in responses)
        answers, _ = await asyncio.gather(asyncio.gather(*deciding), perform_due(server.system))
        await perform_due(server.system)
    assert [answer.status_code for answer in answers] == [200] * REQUESTS
    for response in responses:
        assert (await task(server, response))["status"] == "completed"
