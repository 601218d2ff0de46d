"""A bill and its authorization lead to each other, and to nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.fhir.json import read
from tests.api.bills.life.correcting import sent
from tests.api.bills.units.playing import BILLED, granted, number_of, serving_units, therapy
from tests.api.reading import answered, resources
from tests.api.trail import events
from tests.api.updating import THERAPY, submitted, units, update_of
from tests.api.updating import sent as updating
from tests.support.samples import Json, billing_claim, request_bundle
from tests.support.server import Server


async def found(server: Server, query: str, client: str = "ehr-a") -> dict[str, str]:
    """Return the search mode of each resource found, by type and id."""
    answer = await server.get(query, client=client)
    assert answer.status_code == 200, answer.text
    entries: list[Json] = read(answer.content).get("entry", [])
    return {f"{one['resource']['resourceType']}/{one['resource']['id']}": one["search"]["mode"] for one in entries}


async def test_an_authorization_leads_to_its_bills_and_back(server: Server) -> None:
    approval = answered(await server.post("/Claim/$submit", request_bundle()))
    bill = await sent(server, billing_claim(number=approval["preAuthRef"]), "ehr-a")
    authorization, answer = f"ClaimResponse/{approval['id']}", f"ClaimResponse/{bill['id']}"
    both = {authorization: "match", answer: "include"}
    assert await found(server, f"/ClaimResponse?_id={approval['id']}&_revinclude=ClaimResponse:authorization") == both
    both = {answer: "match", authorization: "include"}
    assert await found(server, f"/ClaimResponse?_id={bill['id']}&_include=ClaimResponse:authorization") == both
    assert await found(server, f"/ClaimResponse?authorization={authorization}") == {answer: "match"}
    assert await found(server, f"/ClaimResponse?authorization={authorization}", "ehr-b") == {}


@pytest.mark.parametrize("client", ["ehr-a", "patient-1"])
async def test_a_bill_leads_to_its_answer_and_back(server: Server, client: str) -> None:
    approval = answered(await server.post("/Claim/$submit", request_bundle()))
    bill = await sent(server, billing_claim(number=approval["preAuthRef"]), "ehr-a")
    claim, answer = bill["request"]["reference"], f"ClaimResponse/{bill['id']}"
    query = f"/Claim?_id={claim.removeprefix('Claim/')}&_revinclude=ClaimResponse:request"
    assert await found(server, query, client) == {claim: "match", answer: "include"}
    query = f"/ClaimResponse?_id={bill['id']}&_include=ClaimResponse:request"
    assert await found(server, query, client) == {answer: "match", claim: "include"}


async def test_the_trail_has_the_way_of_each_link(server: Server) -> None:
    approval = answered(await server.post("/Claim/$submit", request_bundle()))
    bill = await sent(server, billing_claim(number=approval["preAuthRef"].lower()))
    [event] = events(server, bill["id"])
    [line] = event["lines"]
    assert line["links"] == [{"authorization": approval["id"], "item": "1", "way": "number"}]


@pytest.mark.scenario("S-75")
async def test_the_audit_log_and_the_history_have_the_approval_the_link_and_the_units(server: Server) -> None:
    approval = answered(await server.post("/Claim/$submit", request_bundle()))
    bill = await sent(server, billing_claim(number=approval["preAuthRef"]))
    for response, client in ((approval, "ehr-a"), (bill, "biller")):
        found = await server.get(f"/AuditEvent?action=C&entity=ClaimResponse/{response['id']}", "auditor")
        [event] = resources(found.json())
        assert event["agent"][0]["who"]["identifier"]["value"] == client
        assert await deleting(server, f"AuditEvent/{event['id']}") == 405
    history = resources((await server.get(f"/ClaimResponse/{approval['id']}/_history", "auditor")).json())
    assert [version["meta"]["versionId"] for version in history] == ["2", "1"]
    assert await deleting(server, f"ClaimResponse/{approval['id']}") == 405
    [linked] = [each for each in bill["item"][0]["extension"] if each["url"].endswith("/linked-authorization")]
    assert {"url": "units-drawn", "valueDecimal": 4} in linked["extension"]


async def deleting(server: Server, path: str) -> int:
    return (await server.http.delete(f"/fhir/{path}", headers=server.headers("auditor"))).status_code


@pytest.mark.parametrize("type_", ["Claim", "ClaimResponse"])
async def test_a_bill_that_was_linked_automatically_is_found_by_the_number(tmp_path: Path, type_: str) -> None:
    async with serving_units(tmp_path, more="billing: {auto-link: unique}") as server:
        approval = await granted(server)
        server.clock.instant = BILLED
        bill = await sent(server, billing_claim(number=None, lines=[therapy()]), "ehr-a")
        reference = bill["request"]["reference"] if type_ == "Claim" else f"ClaimResponse/{bill['id']}"
        query = f"/{type_}?use=claim&pre-auth-ref={number_of(approval).lower()}"
        assert await found(server, query) == {reference: "match"}
        assert await found(server, query, "ehr-b") == {}
        assert await found(server, f"/{type_}?pre-auth-ref=PA260000030") == {}


@pytest.mark.parametrize("type_", ["Claim", "ClaimResponse"])
async def test_a_bill_is_found_by_each_number_of_its_authorization(server: Server, type_: str) -> None:
    before = updating([THERAPY])
    approval = await submitted(server, before)
    bill = await sent(server, billing_claim(number=approval["preAuthRef"]), "ehr-a")
    changed_answer = await submitted(server, update_of(before, [units(THERAPY, 10)]))
    numbers = {approval["preAuthRef"], changed_answer["preAuthRef"]}
    assert len(numbers) == 2
    reference = bill["request"]["reference"] if type_ == "Claim" else f"ClaimResponse/{bill['id']}"
    for number in numbers:
        assert await found(server, f"/{type_}?use=claim&pre-auth-ref={number}") == {reference: "match"}
