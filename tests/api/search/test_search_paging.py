"""The order of a search, its pages and its totals."""

from __future__ import annotations

from typing import Any

import pytest

from app.ports import Insert
from app.records.resources import row
from tests.api.reading import answered, issues, resources
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import request_bundle
from tests.support.server import ROOT, Server

Json = dict[str, Any]


async def submit(server: Server, number: int, **claim: Any) -> str:
    """Submit a request; returns the id of its Claim."""
    bundle = request_bundle(identifier=f"REQ-{number}", claim=claim)
    response = answered(await server.post("/Claim/$submit", bundle))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    return str(kept["request"]["reference"].partition("/")[2])


def next_url(bundle: Json) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)


async def page_at(server: Server, url: str) -> Json:
    answer = await server.http.get(url, headers=server.headers("ehr-a"))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_the_orders_by_creation_and_by_change_run_both_ways(server: Server) -> None:
    days = ["2026-11-03", "2026-11-01", "2026-11-02"]
    ids = []
    for number, day in enumerate(days):
        ids.append(await submit(server, number, created=day))
        server.clock.move(minutes=1)

    async def order(sort: str) -> list[int]:
        return [ids.index(one["id"]) for one in resources((await server.get(f"/Claim{sort}")).json())]

    assert await order("?_sort=created") == [1, 2, 0]
    assert await order("?_sort=-created") == [0, 2, 1]
    assert await order("?_sort=_lastUpdated") == [0, 1, 2]
    assert await order("?_sort=-_lastUpdated") == [2, 1, 0]
    assert await order("") == await order("?_sort=-created")


async def test_a_decision_moves_a_response_in_the_order_of_change(server: Server) -> None:
    first = await pended(server, identifier="first")
    server.clock.move(minutes=1)
    second = await pended(server, identifier="second")
    server.clock.move(minutes=1)
    await decide(server, first, ruling())
    latest = resources((await server.get("/ClaimResponse?_sort=-_lastUpdated")).json())
    assert [one["id"] for one in latest] == [first, second]
    newest = resources((await server.get("/ClaimResponse?_sort=-created")).json())
    assert [one["id"] for one in newest] == [second, first]


@pytest.mark.parametrize("sort", ["", "created", "-created", "_lastUpdated", "-_lastUpdated"])
@pytest.mark.parametrize("still", [True, False], ids=["all at one instant", "a minute apart"])
async def test_pages_go_to_the_end_without_repeats_while_others_are_added(
    server: Server, sort: str, *, still: bool
) -> None:
    ids = set()
    for number in range(7):
        ids.add(await submit(server, number))
        server.clock.move(minutes=0 if still else 1)
    url: str | None = f"{ROOT}/fhir/Claim?use=preauthorization&_count=2" + (f"&_sort={sort}" if sort else "")
    seen: list[str] = []
    added = 0
    while url is not None:
        bundle = await page_at(server, url)
        assert {link["relation"] for link in bundle["link"]} <= {"self", "next"}
        assert len(bundle["entry"]) <= 2
        seen += [one["id"] for one in resources(bundle)]
        if added < 3:
            added += 1
            await submit(server, 100 + added)
        url = next_url(bundle)
    assert len(set(seen)) == len(seen)
    assert ids <= set(seen)


async def test_the_links_use_the_base_of_the_request(server: Server) -> None:
    for number in range(3):
        await submit(server, number)
    bundle = (await server.get("/Claim?_count=2&status=active", base="/2.0.1/fhir")).json()
    [self_link] = [link["url"] for link in bundle["link"] if link["relation"] == "self"]
    assert self_link == f"{ROOT}/2.0.1/fhir/Claim?_count=2&status=active"
    following = next_url(bundle)
    assert following is not None
    assert following.startswith(f"{ROOT}/2.0.1/fhir/Claim?_count=2&status=active&_page=")
    assert len((await page_at(server, following))["entry"]) == 1


async def test_a_page_that_is_just_full_is_the_last(server: Server) -> None:
    for number in range(4):
        await submit(server, number)
    first = (await server.get("/Claim?_count=2")).json()
    following = next_url(first)
    assert following is not None
    assert next_url(await page_at(server, following)) is None
    assert next_url((await server.get("/Claim?_count=4")).json()) is None


async def test_a_total_is_returned_on_request(server: Server) -> None:
    for number in range(3):
        await submit(server, number)
    counted = (await server.get("/Claim?_count=1&_total=accurate")).json()
    assert (counted["total"], len(counted["entry"])) == (3, 1)
    assert "total" not in (await server.get("/Claim?_count=1")).json()
    assert "total" not in (await server.get("/Claim?_total=none")).json()
    only = (await server.get("/Claim?_count=0")).json()
    assert only["total"] == 3
    assert "entry" not in only
    assert (await server.get("/Claim?_count=0&identifier=none")).json()["total"] == 0


@pytest.mark.parametrize("token", ["x", "W10", "e30", "WyIxIl0", "%00", "a" * 513, "WzEsMl0"])
async def test_an_invalid_page_token_is_rejected(server: Server, token: str) -> None:
    answer = await server.get(f"/Claim?_page={token}")
    assert answer.status_code == 400
    assert "_page" in issues(answer)[0]["details"]["text"]


async def test_too_many_parameters_are_rejected(server: Server) -> None:
    assert (await server.get("/Claim?" + "&".join(["status=active"] * 51))).status_code == 400
    assert (await server.get("/Claim?identifier=" + ",".join(map(str, range(101))))).status_code == 400
    assert (await server.get("/Claim?_count=1000000")).status_code == 200


async def test_a_page_of_large_resources_ends_at_four_megabytes(server: Server) -> None:
    text = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{"x" * 1_500_000}</div>'}
    for number in range(3):
        body = {"resourceType": "Organization", "id": f"large{number}", "name": f"Large {number}", "text": text}
        now = server.clock.now()
        await server.system.documents.commit(Insert(row(body, access=(), now=now)))
        server.clock.move(minutes=1)
    for path in ("/Organization?name=large&_sort=_lastUpdated", "/Organization/_history"):
        answer = await server.get(path)
        assert len(answer.content) < 4_000_000
        assert len([one for one in resources(answer.json()) if one["id"].startswith("large")]) == 2
        following = next_url(answer.json())
        assert following is not None
        rest = resources((await server.get(following.removeprefix(f"{ROOT}/fhir"))).json())
        assert any(one["id"].startswith("large") for one in rest)
