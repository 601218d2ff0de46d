"""Clients and addresses that ask too often get 429 with Retry-After; others are served."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from app.access.limiter import Limiter, Limits, ThrottledError
from app.access.pace import Pace
from app.adapters.memory import MemoryDocuments
from app.ports import Document, Insert, Query, StoreUnavailable, Write
from app.records.access.pace import KIND, ROW
from app.workers.limits import keep_limits
from tests.api.reading import issues
from tests.support.server import serving

NEVER = 0.001
NOW = 1_800_000_000.0


def limiter(burst: int = 3, concurrent: int = 100) -> Limiter:
    """Allow a burst, and nothing for long after it."""
    pace = Pace(NEVER, burst)
    return Limiter(Limits(client=pace, concurrent=concurrent, address=pace, failures=Pace(10 / 60, 10)))


def refused(answer: httpx.Response) -> None:
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 100
    assert issues(answer)[0]["code"] == "throttled"


@pytest.mark.acceptance("H81")
async def test_a_client_above_its_pace_is_refused_and_another_is_served(tmp_path: Path) -> None:
    async with serving(tmp_path, limiter=limiter()) as server:
        answers = [await server.get("/Claim") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        refused(answers[-1])
        refused(await server.post("/Claim/$submit", {}))
        assert (await server.get("/Claim", "ehr-b")).status_code == 200
        server.clock.move(seconds=1 / NEVER)
        assert (await server.get("/Claim")).status_code == 200


@pytest.mark.acceptance("H81")
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/fhir/metadata", {}),
        ("/fhir/metadata", {"Authorization": "Bearer junk"}),
        ("/fhir/nothing", {"Authorization": "Bearer junk"}),
        ("/fhir/StructureDefinition", {"Authorization": "Bearer junk"}),
        ("/fhir/StructureDefinition/none", {"Authorization": "Bearer junk"}),
        ("/fhir/Claim", {}),
        ("/fhir/Claim", {"Authorization": "Bearer junk"}),
        ("/fhir/Claim", {"Authorization": "Basic junk"}),
        ("/nothing", {"Authorization": "Bearer junk"}),
        ("/", {}),
    ],
)
async def test_an_address_without_a_valid_token_is_limited(tmp_path: Path, path: str, headers: dict[str, str]) -> None:
    async with serving(tmp_path, limiter=limiter()) as server:
        answers = [await server.http.get(path, headers=headers) for _ in range(4)]
        assert 429 not in {answer.status_code for answer in answers[:3]}
        refused(answers[-1])
        assert (await server.get("/Claim")).status_code == 200
        assert (await server.http.get("/health")).status_code == 200


@pytest.mark.acceptance("H81")
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer junk"}])
async def test_the_discovery_of_a_base_is_limited_by_address(tmp_path: Path, headers: dict[str, str]) -> None:
    async with serving(tmp_path, limiter=limiter()) as server:
        path = "/fhir/.well-known/smart-configuration"
        answers = [await server.http.get(path, headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 100


@pytest.mark.acceptance("H81")
async def test_an_endpoint_of_oauth_refuses_with_an_error_of_oauth(tmp_path: Path) -> None:
    async with serving(tmp_path, limiter=limiter(1)) as server:
        await server.http.post("/oauth/token")
        answer = await server.http.post("/oauth/token")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 100
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["error"] == "temporarily_unavailable"


@pytest.mark.acceptance("H81")
@pytest.mark.parametrize(("proxies", "statuses"), [((), [200, 429]), ((ip_network("127.0.0.1"),), [200, 200])])
async def test_addresses_behind_a_trusted_proxy_have_their_own_limits(
    tmp_path: Path, proxies: tuple[object, ...], statuses: list[int]
) -> None:
    async with serving(tmp_path, limiter=limiter(1), trusted_proxies=proxies) as server:
        answers = [
            await server.http.get("/fhir/metadata", headers={"X-Forwarded-For": address})
            for address in ("198.51.100.1", "198.51.100.2")
        ]
    assert [answer.status_code for answer in answers] == statuses


@pytest.mark.acceptance("H81")
async def test_a_client_has_a_number_of_requests_in_progress(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=SlowDocuments(), limiter=limiter(1_000, concurrent=5)) as server:
        for _ in range(2):
            answers = await asyncio.gather(*(server.get("/Claim") for _ in range(8)))
            assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 3


@pytest.mark.acceptance("H81")
async def test_the_limits_survive_a_restart(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents, limiter=limiter()) as server:
        for _ in range(4):
            await server.get("/Claim")
    async with serving(tmp_path, documents=documents, limiter=limiter()) as server:
        refused(await server.get("/Claim"))
        assert (await server.get("/Claim", "ehr-b")).status_code == 200


async def test_the_state_is_stored_when_it_changes_and_not_with_each_request(tmp_path: Path) -> None:
    fast = Pace(100, 100)
    limits = Limits(client=fast, concurrent=10, address=fast, failures=Pace(NEVER, 1))
    async with serving(tmp_path, limiter=Limiter(limits)) as server:
        await server.get("/Claim")
        await keep_limits(server.system)
        assert await server.system.documents.get(KIND, ROW) is None
        server.system.budgets.limiter.attempt("app", "192.0.2.1", server.clock.now().timestamp())
        await keep_limits(server.system)
        await keep_limits(server.system)
        row = await server.system.documents.get(KIND, ROW)
    assert row is not None
    assert row.version == 1


async def test_an_unavailable_store_does_not_end_the_limits(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=FullDocuments(), limiter=limiter()) as server:
        for _ in range(3):
            await server.get("/Claim")
        with pytest.raises(StoreUnavailable):
            await keep_limits(server.system)
        refused(await server.get("/Claim"))


@pytest.mark.acceptance("A17")
def test_failures_lock_one_client_at_one_address_for_a_minute() -> None:
    limits = limiter()
    for _ in range(10):
        limits.attempt("app", "192.0.2.1", NOW)
    with pytest.raises(ThrottledError) as caught:
        limits.attempt("app", "192.0.2.1", NOW)
    assert 1 <= caught.value.seconds <= 60
    limits.attempt("app", "192.0.2.2", NOW)
    limits.attempt("other", "192.0.2.1", NOW)
    limits.attempt("app", "192.0.2.1", NOW + 60)


@pytest.mark.acceptance("A17")
def test_failures_of_many_names_lock_their_address() -> None:
    limits = limiter()
    for number in range(100):
        limits.attempt(f"app {number}", "192.0.2.1", NOW)
    with pytest.raises(ThrottledError):
        limits.attempt("other", "192.0.2.1", NOW)
    limits.attempt("other", "192.0.2.2", NOW)


@pytest.mark.acceptance("A17")
def test_good_attempts_do_not_count() -> None:
    limits = limiter()
    for _ in range(1000):
        limits.attempt("app", "192.0.2.1", NOW)
        limits.forgive("app", "192.0.2.1", NOW)
    for _ in range(10):
        limits.attempt("app", "192.0.2.1", NOW)
    with pytest.raises(ThrottledError):
        limits.attempt("app", "192.0.2.1", NOW)


class SlowDocuments(MemoryDocuments):
    """Takes a moment for a search."""

    async def find(self, query: Query) -> list[Document]:
        await asyncio.sleep(0.05)
        return await super().find(query)


class FullDocuments(MemoryDocuments):
    """Has no room for the state of the limits."""

    async def commit(self, *writes: Write) -> None:
        if any(isinstance(write, Insert) and write.document.kind == KIND for write in writes):
            raise StoreUnavailable("full")
        await super().commit(*writes)
