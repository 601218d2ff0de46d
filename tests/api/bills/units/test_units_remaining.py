"""`$units-remaining` gives the units of an authorization by its ledger, to those who read its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.fhir.json import read
from app.ports import Delete
from app.records import ledger
from tests.api.bills.units.playing import billed, granted, number_of, serving_units, therapy
from tests.api.reviewing import decide, ruling
from tests.support.sample_parties import CPT
from tests.support.samples import Json, concept
from tests.support.server import Server

DAYS = {"start": "2026-01-01", "end": "2026-12-31"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving_units(tmp_path) as running:
        yield running


async def asked(server: Server, response: Json, client: str = "ehr-a") -> httpx.Response:
    return await server.get(f"/ClaimResponse/{response['id']}/$units-remaining", client)


async def units(server: Server, response: Json) -> list[dict[str, Any]]:
    """Return the parts of each item, by name: the value of a quantity, and the parts of each period."""
    answer = await asked(server, response)
    assert answer.status_code == 200, answer.text
    parameters = read(answer.content)["parameter"]
    return [_parts(one["part"]) for one in parameters if one["name"] == "item"]


def _parts(parts: list[Json]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for part in parts:
        [value] = [part[name] for name in part if name != "name"]
        if part["name"] == "in-period":
            values.setdefault("in-period", []).append(_parts(value))
        else:
            values[part["name"]] = part["valueQuantity"]["value"] if "valueQuantity" in part else value
    return values


@pytest.mark.scenario("S-70")
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_units_after_a_bill(server: Server, method: str) -> None:
    response = await granted(server)
    await billed(server, [number_of(response)], therapy(4))
    path = f"/ClaimResponse/{response['id']}/$units-remaining"
    headers = server.headers("biller")
    body = {"GET": "", "POST": '{"resourceType": "Parameters"}'}[method]
    answer = await server.http.request(method, f"/fhir{path}", content=body, headers=headers)
    parameters = {one["name"]: one for one in answer.json()["parameter"]}
    assert parameters["number"]["valueString"] == number_of(response)
    assert parameters["as-of"]["valueInstant"] == "2026-12-01T15:00:00.000Z"
    left = _parts(parameters["item"]["part"])
    assert (left["item"], left["period"], left["service"]["coding"][0]["code"]) == ("1", DAYS, "97110")
    counted = {name: left[name] for name in ("authorized", "reserved", "used", "remaining", "usable")}
    assert counted == {"authorized": 12, "reserved": 0, "used": 4, "remaining": 8, "usable": 8}


async def test_no_unit_is_usable_after_the_last_day_but_bills_for_earlier_days_draw(server: Server) -> None:
    response = await granted(server)
    server.clock.move(days=400)
    [before] = await units(server, response)
    assert (before["remaining"], before["usable"]) == (12, 0)
    [line] = await billed(server, [number_of(response)], therapy(4))
    assert line.answer == "paid 4"
    [after] = await units(server, response)
    assert (after["used"], after["remaining"], after["usable"]) == (4, 8, 0)


async def test_the_last_day_of_the_authorization_is_usable(server: Server) -> None:
    response = await granted(server)
    server.clock.instant = server.clock.instant.replace(year=2026, month=12, day=31, hour=12)
    [left] = await units(server, response)
    assert left["usable"] == 12


async def test_the_units_of_each_period_of_a_cap(tmp_path: Path) -> None:
    async with serving_units(tmp_path, ", cap: {units: 3, per: week}") as server:
        response = await granted(server, 20)
        await billed(server, [number_of(response)], therapy(2, "2026-03-05"), therapy(1, "2026-03-09", sequence=2))
        [left] = await units(server, response)
        assert (left["cap"], left["cap-per"], left["remaining"]) == (3, "week", 17)
        periods = [(week["period"]["start"], week["used"], week["remaining"]) for week in left["in-period"]]
        assert periods == [("2026-03-02", 2, 1), ("2026-03-09", 1, 2), ("2026-11-30", 0, 3)]


async def test_a_pended_and_a_denied_item_have_no_units(server: Server) -> None:
    response = await granted(server, 2, productOrService=concept(CPT, "72148"))
    [pended] = await units(server, response)
    assert (pended["authorized"], pended["remaining"], pended["usable"]) == (0, 0, 0)
    await decide(server, response["id"], ruling(1, "deny", reason="not-medically-necessary"))
    [denied] = await units(server, response)
    assert (denied["authorized"], denied["usable"]) == (0, 0)


async def test_an_authorization_without_a_limit_has_only_used_units(tmp_path: Path) -> None:
    async with serving_units(tmp_path, ", units: open") as server:
        response = await granted(server)
        await billed(server, [number_of(response)], therapy(40))
        [left] = await units(server, response)
        assert (left["unlimited"], left["used"]) == (True, 40)
        assert not {"authorized", "remaining", "usable"} & left.keys()


async def test_a_foreign_answer_reads_as_an_unknown_one(server: Server) -> None:
    response = await granted(server)
    foreign = await asked(server, response, "ehr-b")
    unknown = await asked(server, {"id": "00000000-0000-4000-8000-000000000000"}, "ehr-b")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


async def test_a_patient_reads_the_units_of_its_own_authorizations(server: Server) -> None:
    response = await granted(server)
    await billed(server, [number_of(response)], therapy(4))
    own = await asked(server, response, "patient-1")
    assert own.status_code == 200, own.text
    [item] = [_parts(one["part"]) for one in read(own.content)["parameter"] if one["name"] == "item"]
    assert (item["authorized"], item["used"], item["remaining"]) == (12, 4, 8)
    assert (await asked(server, response, "patient-2")).status_code == 404


async def test_the_answer_to_a_bill_has_no_units(server: Server) -> None:
    response = await granted(server)
    await billed(server, [number_of(response)], therapy(4))
    found = await server.get("/ClaimResponse?use=claim", "biller")
    [answer] = [entry["resource"] for entry in found.json()["entry"]]
    refused = await asked(server, answer, "biller")
    assert refused.status_code == 422
    assert "must be the answer to an authorization request" in refused.text


async def test_a_parameter_is_refused(server: Server) -> None:
    response = await granted(server)
    refused = await server.get(f"/ClaimResponse/{response['id']}/$units-remaining?item=1", "ehr-a")
    assert refused.status_code == 400


async def test_no_answer_while_the_ledger_is_out_of_balance(server: Server) -> None:
    response = await granted(server)
    await billed(server, [number_of(response)], therapy(4))
    [entry] = await ledger.entries_of(server.system.documents, response["id"])
    await server.system.documents.commit(Delete(ledger.KIND, entry.id, 1))
    assert (await asked(server, response)).status_code == 503
