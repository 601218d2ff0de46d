"""Search the worklist by the words that staff types: a number, the member, the provider."""

from __future__ import annotations

import pytest

from tests.api.reading import issues
from tests.api.reviewing import decide, pended, ruling
from tests.api.worklist.worklist import listed, task
from tests.support.samples import request_item
from tests.support.server import Server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "path",
    ["identifier.value", "for.identifier.value", "for.display", "requester.identifier.value", "requester.display"],
)
async def test_a_text_finds_a_task_by_the_beginning_of_a_number_or_a_name(server: Server, path: str) -> None:
    response = await pended(server)
    value: object = await task(server, response)
    for step in path.split("."):
        value = value[0] if isinstance(value, list) else value
        assert isinstance(value, dict)
        value = value[step]
    text = str(value)
    for typed in (text, text.upper(), text[:4]):
        assert [row["id"] for row in await listed(server, f"text={typed}")] == [response]
    assert await listed(server, f"text={text}x") == []


async def test_a_text_can_stay_out_of_the_url(server: Server) -> None:
    response = await pended(server)
    answer = await server.post("/Task/_search", "text=M001&status=requested", "reviewer", **FORM)
    assert [entry["resource"]["id"] for entry in answer.json()["entry"]] == [response]


async def test_an_empty_text_is_refused(server: Server) -> None:
    refused = await server.get("/Task?text=%20", "reviewer")
    assert (refused.status_code, issues(refused)[0]["code"]) == (400, "value")


async def test_a_provider_and_another_payer_find_nothing_by_a_text(server: Server) -> None:
    await pended(server)
    assert await listed(server, "text=M001", "reviewer-2") == []
    assert (await server.get("/Task?text=M001", "ehr-a")).json().get("entry", []) == []


async def test_a_search_separates_pended_requests_from_decided_ones(server: Server) -> None:
    items = [request_item(1, "72148", 2), request_item(2, "72148", 2)]
    first, second = await pended(server, items=items), await pended(server, identifier="REQ-2")
    await decide(server, first, ruling(1))
    assert sorted(await responses(server, "review-action=A4")) == sorted([first, second])
    await decide(server, first, ruling(2, "deny", reason="not-covered"))
    assert await responses(server, "review-action=A4") == [second]
    assert await responses(server, "review-action=A3") == [first]
    assert await responses(server, "due=ge2026-01-01") == [second]


async def responses(server: Server, query: str) -> list[str]:
    answer = await server.get(f"/ClaimResponse?{query}", "reviewer", Prefer="handling=strict")
    assert answer.status_code == 200, answer.text
    return [entry["resource"]["id"] for entry in answer.json().get("entry", [])]
