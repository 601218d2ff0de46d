"""Concurrent updates: one wins and the others get a conflict, on every store and between two processes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.ports import Documents
from app.records.authorizations import by_id
from tests.api.bills.played.requests import request_of
from tests.api.bills.scenario_bodies import bill_of, using_up
from tests.api.bills.scenario_play import BILLED, Asked, serving_payers, typed
from tests.api.reading import issues
from tests.api.updating import added, renamed, update_of
from tests.support.racing import beside
from tests.support.samples import Json, request_item
from tests.support.server import Server


@pytest.fixture
async def server(each_store: Documents, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving_payers(tmp_path, each_store) as running:
        yield running


def first_request() -> Json:
    return renamed(request_of("AU1"), 1)


def adding(request: Json, number: int) -> Json:
    """Build an update that adds an item of its own."""
    [item] = request["entry"][0]["resource"]["item"]
    more = added({**request_item(2, code="99213", quantity=number), "careTeamSequence": [1]})
    claim = request["entry"][0]["resource"]
    parts = {name: claim[name] for name in ("careTeam", "diagnosis", "created")}
    update = update_of(request, [item, more], identifier=f"UPDATE-{number}", claim=parts)
    own = {entry["fullUrl"] for entry in update["entry"]}
    ours = [entry for entry in request["entry"][1:] if entry["fullUrl"] not in own]
    shared = {entry["fullUrl"]: entry for entry in request["entry"][1:]}
    entries = [shared.get(entry["fullUrl"], entry) for entry in update["entry"]]
    return {**update, "entry": [*entries, *ours]}


async def test_of_concurrent_updates_one_wins_and_the_others_get_a_conflict(server: Server, tmp_path: Path) -> None:
    request = first_request()
    asked = await submitted(server, request)
    updates = [adding(request, number) for number in range(1, 7)]
    async with beside(server, tmp_path) as other:
        running = zip([server, other] * 3, updates, strict=True)
        answers = await asyncio.gather(*(one.post("/Claim/$submit", update) for one, update in running))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
    [issue] = issues(next(answer for answer in answers if answer.status_code == 409))
    assert (issue["code"], issue["details"]["text"][:27]) == ("conflict", "Another update has replaced")
    stored = await by_id(server.system.documents, asked.id)
    assert stored is not None
    assert len(stored.authorization.submissions) == 1
    assert len(stored.authorization.items) == 2


async def test_an_update_and_bills_at_once_lose_no_unit(server: Server, tmp_path: Path) -> None:
    request = first_request()
    asked = await submitted(server, request)
    server.clock.instant = BILLED
    bills = [bill_of(using_up("AU1", 1, ("76",)), f"RACE-{number}", typed({"AU1": asked})) for number in range(4)]
    async with beside(server, tmp_path) as other:
        answers = await asyncio.gather(
            *(server.post("/Claim/$submit", bill, client="biller") for bill in bills),
            other.post("/Claim/$submit", adding(request, 1)),
        )
    assert {answer.status_code for answer in answers} == {200}
    stored = await by_id(server.system.documents, asked.id)
    assert stored is not None
    assert {item.requested.number: item.consumed for item in stored.authorization.items} == {
        "1": Decimal(4),
        "2": Decimal(0),
    }


async def submitted(server: Server, request: Json) -> Asked:
    answer = await server.post("/Claim/$submit", request)
    assert answer.status_code == 200, answer.text
    response: Json = answer.json()["entry"][0]["resource"]
    return Asked(response, response["preAuthRef"])
