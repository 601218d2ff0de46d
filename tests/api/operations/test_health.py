"""Health: the process lives, the store is writable, and the log has the cause if it is not."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from app.access.in_flight import InFlight
from app.adapters.memory import MemoryDocuments
from app.ports import Document, StoreUnavailable
from app.web.health import KEPT_SECONDS, Readiness
from tests.support.logged import logged
from tests.support.server import Server, serving

SECRET = "Jane-Canary-1970-01-01"


class Failing(MemoryDocuments):
    """A store that can be switched off, and counts its pings."""

    down = False
    hangs = False
    pings = 0

    async def ping(self) -> None:
        self.pings += 1
        if self.hangs:
            await asyncio.Event().wait()
        self._fail()

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        self._fail()
        return await super().get(kind, id)

    def _fail(self) -> None:
        if self.down:
            raise StoreUnavailable(SECRET) from sqlite3.OperationalError(SECRET)


@pytest.mark.acceptance("I88")
async def test_a_server_with_an_unwritable_store_lives_but_is_not_ready(tmp_path: Path) -> None:
    documents = Failing()
    async with serving(tmp_path, documents=documents) as server:
        documents.down = True
        live, ready, health = [await server.http.get(f"/health{path}") for path in ("/live", "/ready", "")]
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})
    assert (health.status_code, health.json()) == (503, {"status": "unavailable"})


async def test_a_server_with_a_writable_store_is_ready(server: Server) -> None:
    ready = await server.http.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert ready.headers["cache-control"] == "no-store"


async def test_many_checks_ping_the_store_once_a_second() -> None:
    documents, moments = Failing(), [100.0]
    readiness = Readiness(lambda: moments[0])

    async def ready() -> bool:
        return (await readiness.outage(documents)) is None

    assert set(await asyncio.gather(*(ready() for _ in range(20)))) == {True}
    assert documents.pings == 1
    documents.down = True
    assert await ready()
    moments[0] += KEPT_SECONDS
    assert set(await asyncio.gather(*(ready() for _ in range(20)))) == {False}
    assert documents.pings == 2
    documents.down = False
    moments[0] += KEPT_SECONDS
    assert await ready()


async def test_a_store_that_hangs_is_not_ready(tmp_path: Path) -> None:
    documents = Failing()
    documents.hangs = True
    async with serving(tmp_path, documents=documents) as server:
        assert (await server.http.get("/health/ready")).status_code == 503


async def test_the_cause_of_an_unavailable_store_is_one_line_without_the_error_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = Failing()
    async with serving(tmp_path, documents=documents) as server:
        documents.down = True
        answers = [await server.get("/Claim/1") for _ in range(10)]
        assert (await server.http.get("/health/ready")).status_code == 503
    lines = logged(capsys)
    [line] = [line for line in lines if line["event"] == "store unavailable"]
    assert {answer.status_code for answer in answers} == {503}
    assert (line["level"], line["error"], line["cause"]) == ("error", "StoreUnavailable", "OperationalError")
    assert line["request_id"] == answers[0].headers["x-request-id"]
    assert any("_fail" in place for place in line["at"])
    assert "count" not in line
    assert SECRET not in str(lines)


async def test_the_cause_of_a_busy_server_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with serving(tmp_path, in_flight=InFlight(100, 100)) as server:
        answers = [await server.post("/Patient", b" " * 101, "admin") for _ in range(5)]
    [line] = logged(capsys, "server busy")
    assert {answer.status_code for answer in answers} == {503}
    assert (line["level"], line["error"]) == ("warning", "FhirError")
    assert line["at"][-1].endswith(" take")
