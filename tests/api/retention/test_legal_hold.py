"""An administrator's hold stops the purge of a record; only the trail and the administrator know of it."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.api.reading import Json, issues
from tests.api.retention.test_purge import after, granted, record
from tests.api.trail import events
from tests.support.samples import billing_claim
from tests.support.server import Server

CURRENT = 'W/"1"'


async def hold(
    server: Server, response: str, value: object = True, client: str = "admin-2", version: str | None = CURRENT
) -> httpx.Response:
    parameters: list[Json] = [{"name": "reason", "valueString": "Litigation 26-117"}]
    parameters += [] if value is None else [{"name": "hold", "valueBoolean": value}]
    body = {"resourceType": "Parameters", "parameter": parameters}
    headers = {} if version is None else {"If-Match": version}
    return await server.post(f"/ClaimResponse/{response}/$legal-hold", body, client, **headers)


def values(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, answer.text
    return {
        one["name"]: next(value for name, value in one.items() if name != "name") for one in answer.json()["parameter"]
    }


async def test_a_record_under_a_hold_is_not_purged_before_its_release(server: Server) -> None:
    response = (await granted(server))["id"]
    held = values(await hold(server, response))
    since = "2026-01-01T15:00:00.000Z"
    assert held == {"hold": True, "reason": "Litigation 26-117", "since": since, "by": "admin-2"}
    await after(server, 30)
    assert await record(server, response) is not None
    assert values(await hold(server, response, False)) == {"hold": False}
    await after(server, 0, days=1)
    assert await record(server, response) is None


async def test_the_trail_has_each_hold_and_each_release_with_its_reason(server: Server) -> None:
    response = (await granted(server))["id"]
    await hold(server, response)
    await hold(server, response, False)
    _, held, released = events(server, response)
    assert [(one["action"], one["hold"], one["client"]) for one in (held, released)] == [
        ("legal-hold", True, "admin-2"),
        ("legal-hold", False, "admin-2"),
    ]
    assert held["reason"] == "Litigation 26-117"


async def test_the_answer_to_the_provider_does_not_show_a_hold(server: Server) -> None:
    response = (await granted(server))["id"]
    before = (await server.get(f"/ClaimResponse/{response}")).text
    await hold(server, response)
    assert (await server.get(f"/ClaimResponse/{response}")).text == before


@pytest.mark.parametrize(("value", "word"), [(True, "since 2026-01-01"), (False, "no legal hold")])
async def test_a_hold_is_set_and_released_once(server: Server, value: bool, word: str) -> None:
    response = (await granted(server))["id"]
    await hold(server, response)
    if_released = await hold(server, response, False)
    assert if_released.status_code == 200
    if_set = await hold(server, response)
    assert if_set.status_code == 200
    await hold(server, response, False)
    await hold(server, response, value)
    refused = await hold(server, response, value)
    assert (refused.status_code, word in issues(refused)[0]["details"]["text"]) == (409, True)


async def test_of_equal_holds_at_once_one_is_set(server: Server) -> None:
    response = (await granted(server))["id"]
    answers = await asyncio.gather(*[hold(server, response) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


@pytest.mark.parametrize("client", ["reviewer-2", "ehr-a", "biller", "patient-1", "auditor"])
async def test_only_an_administrator_holds_a_record(server: Server, client: str) -> None:
    response = (await granted(server))["id"]
    assert (await hold(server, response, client=client)).status_code == 403
    assert len(events(server, response)) == 1


async def test_a_foreign_record_is_answered_as_an_unknown_one(server: Server) -> None:
    response = (await granted(server))["id"]
    foreign = await hold(server, response, client="admin")
    unknown = await hold(server, "unknown", client="admin")
    assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
    assert foreign.status_code == 404


@pytest.mark.parametrize(("version", "status"), [(None, 428), ('W/"7"', 412)])
async def test_a_hold_needs_the_current_version(server: Server, version: str | None, status: int) -> None:
    response = (await granted(server))["id"]
    assert (await hold(server, response, version=version)).status_code == status


@pytest.mark.parametrize("value", [None, "true", "maybe", ""])
async def test_a_hold_is_true_or_false(server: Server, value: object) -> None:
    server.is_sent_junk()
    response = (await granted(server))["id"]
    assert (await hold(server, response, value)).status_code in (400, 422)
    assert len(events(server, response)) == 1


async def test_a_hold_needs_a_reason_of_limited_length(server: Server) -> None:
    response = (await granted(server))["id"]
    for reason in (None, "   ", "x" * 1001):
        more = [] if reason is None else [{"name": "reason", "valueString": reason}]
        body = {"resourceType": "Parameters", "parameter": [{"name": "hold", "valueBoolean": True}, *more]}
        answer = await server.post(f"/ClaimResponse/{response}/$legal-hold", body, "admin-2", **{"If-Match": CURRENT})
        assert answer.status_code in (400, 422)


async def test_the_answer_to_a_bill_is_not_held(server: Server) -> None:
    answer = (await server.post("/Claim/$submit", billing_claim(payer="1666666668"), "biller")).json()
    assert (await hold(server, answer["id"])).status_code == 422
