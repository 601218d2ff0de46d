"""A page token continues only its caller's own search, unchanged and within an hour; any other gets no data."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import answered, issues, resources
from tests.security.tenancy.parties import OF_A, OF_B
from tests.support.samples import request_bundle
from tests.support.server import ROOT, Server

QUERIES = ["/Claim?_count=1", "/Claim?_count=1&status=active&_sort=created", "/Claim/_history?_count=1"]


async def following(server: Server, path: str, client: str = "ehr-a") -> str:
    """Return the next link of a page, below the base."""
    bundle = (await server.get(path, client)).json()
    [url] = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
    return str(url).removeprefix(f"{ROOT}/fhir")


async def submitted(server: Server) -> None:
    for client, requestor in (("ehr-a", OF_A), ("ehr-b", OF_B)):
        for number in range(3):
            body = request_bundle(identifier=f"{client}-{number}", requestor=requestor)
            answered(await server.post("/Claim/$submit", body, client))


async def refused(server: Server, path: str, client: str = "ehr-a") -> dict[str, Any]:
    answer = await server.get(path, client)
    assert answer.status_code == 400, path
    [issue] = issues(answer)
    assert "entry" not in answer.json()
    return issue


@pytest.mark.acceptance("B23")
@pytest.mark.parametrize("query", QUERIES)
async def test_the_page_token_of_another_caller_is_invalid(server: Server, query: str) -> None:
    await submitted(server)
    path = await following(server, query)
    for other in ("ehr-b", "biller", "house", "reviewer", "patient-1"):
        assert "_page" in (await refused(server, path, other))["details"]["text"]
    assert len(resources((await server.get(path)).json())) == 1


@pytest.mark.acceptance("B23")
@pytest.mark.parametrize("query", QUERIES)
async def test_an_expired_or_changed_page_token_is_invalid_in_the_same_words(server: Server, query: str) -> None:
    await submitted(server)
    path = await following(server, query)
    foreign = await refused(server, path, "ehr-b")
    token = path.partition("_page=")[2]
    position, expires, signature = token.split(".")
    for changed in (
        f"{position}.{int(expires, 16) + 3600:x}.{signature}",
        f"{position[:-1]}.{expires}.{signature}",
        f"{position}.{expires}.{signature[:-1]}",
        f"{position}.{expires}.",
        f"{position}.zz.{signature}",
        position,
        f"{token}.{token}",
    ):
        assert await refused(server, path.replace(token, changed)) == foreign
    server.clock.move(hours=1, seconds=1)
    assert await refused(server, path) == foreign
    assert (await server.get("/Claim?_count=1")).status_code == 200


@pytest.mark.acceptance("B23")
async def test_a_page_token_continues_only_the_search_that_it_comes_from(server: Server) -> None:
    await submitted(server)
    path = await following(server, "/Claim?_count=1&status=active")
    token = path.partition("_page=")[2]
    for other in (
        f"/Claim?_count=1&_page={token}",
        f"/Claim?_count=1&status=draft&_page={token}",
        f"/Claim?_count=1&status=active&use=preauthorization&_page={token}",
        f"/ClaimResponse?_count=1&status=active&_page={token}",
        f"/Claim/_history?_count=1&_page={token}",
    ):
        await refused(server, other)
    assert (await server.get(f"{path}&_format=json")).status_code == 200


async def test_the_processes_of_a_store_share_the_key_of_page_tokens(server: Server) -> None:
    first = server.system.page_key.key
    again = type(server.system.page_key)(server.system.documents)
    await again.start()
    assert (again.key, len(first)) == (first, 32)


async def test_a_page_key_is_not_used_before_the_start(server: Server) -> None:
    with pytest.raises(RuntimeError):
        _ = type(server.system.page_key)(server.system.documents).key
