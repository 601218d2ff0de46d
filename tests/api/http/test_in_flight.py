"""The bytes of unfinished requests count for their client and in total, until the request is answered or aborted."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.access.in_flight import InFlight
from app.fhir.outcome import FhirError
from tests.api.reading import issues
from tests.support.server import Server, serving

INQUIRE = "/Claim/$inquire"
MAINTAIN = "/Patient"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, in_flight=InFlight(15_000, 10_000)) as running:
        yield running


async def test_a_body_above_the_limit_of_the_client_is_refused(server: Server) -> None:
    for _ in range(3):
        too_many = await server.post(MAINTAIN, b" " * 10_001, "admin")
        assert too_many.status_code == 503
        assert int(too_many.headers["retry-after"]) > 0
        assert issues(too_many)[0]["code"] == "transient"
        assert (await server.post(MAINTAIN, b" " * 10_000, "admin")).status_code == 400


async def test_a_refused_body_waits_for_no_garbage_collector(server: Server) -> None:
    gc.collect()
    gc.disable()
    try:
        before = _refusals()
        assert (await server.post(MAINTAIN, b" " * 10_001, "admin")).status_code == 503
        assert _refusals() == before
    finally:
        gc.enable()


def _refusals() -> int:
    """Count the refusals that something still holds, with the frames that they went through."""
    return sum(type(one) is FhirError for one in gc.get_objects())


async def test_a_5xx_of_an_operation_of_pas_has_no_body(server: Server) -> None:
    too_many = await server.post(INQUIRE, b" " * 10_001)
    assert (too_many.status_code, too_many.content) == (503, b"")
    assert int(too_many.headers["retry-after"]) > 0


async def test_bodies_under_way_count_together(server: Server) -> None:
    going_on = asyncio.Event()
    held = asyncio.create_task(upload(server, "ehr-a", going_on))
    await arrived(server, 9_000)
    assert (await server.post(INQUIRE, b" " * 2_000, "ehr-a")).status_code == 503
    assert (await server.post(MAINTAIN, b" " * 2_000, "admin")).status_code == 400
    assert (await server.post(MAINTAIN, b" " * 7_000, "admin")).status_code == 503
    going_on.set()
    assert (await held).status_code == 400
    assert (await server.post(INQUIRE, b" " * 9_000, "ehr-a")).status_code == 400


async def test_a_body_that_is_given_up_counts_no_longer(server: Server) -> None:
    held = asyncio.create_task(upload(server, "ehr-a", asyncio.Event()))
    await arrived(server, 9_000)
    held.cancel()
    await asyncio.wait([held])
    assert (await server.post(INQUIRE, b" " * 9_000, "ehr-a")).status_code == 400


async def upload(server: Server, client: str, going_on: asyncio.Event) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b" " * 9_000
        await going_on.wait()
        yield b" " * 500

    return await server.http.post("/fhir" + INQUIRE, content=pieces(), headers=server.headers(client))


async def arrived(server: Server, size: int) -> None:
    """Let the other tasks run until so many bytes are counted."""
    for _ in range(1000):
        if server.system.budgets.in_flight.total == size:
            return
        await asyncio.sleep(0)
    pytest.fail("the body never arrived")
