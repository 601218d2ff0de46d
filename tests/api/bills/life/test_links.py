"""A bill and its authorization lead to each other, and to nobody else's."""

from __future__ import annotations

import pytest

from app.fhir.json import read
from tests.api.bills.life.correcting import sent
from tests.api.reading import answered, resources
from tests.api.trail import events
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
