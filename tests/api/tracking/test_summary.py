"""An app reads a patient's authorizations at once, and a biller asks for the number of a claim."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.workflow.tracking import auth_for_claim
from tests.api.reading import answered, issues
from tests.api.reviewing import pended
from tests.api.tracking.reading import Json, body
from tests.security.tenancy.parties import OF_B
from tests.support.samples import billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server

APP = "patient-1"
IN_FORCE = datetime(2026, 12, 20, 15, tzinfo=UTC)


async def authorized(server: Server) -> Json:
    """Request a service whose authorization is in force at IN_FORCE."""
    response = answered(await server.post("/Claim/$submit", request_bundle()))
    server.clock.instant = IN_FORCE
    return body(await server.get(f"/ClaimResponse/{response['id']}"))


def listed(answer: Json) -> list[dict[str, Any]]:
    """Return the parts of each item by name."""
    rows = [each["part"] for each in answer["parameter"] if each["name"] == "item"]
    return [{part["name"]: value(part) for part in row} for row in rows]


def value(part: Json) -> Any:
    [found] = [content for name, content in part.items() if name.startswith("value")]
    return found


async def summary(server: Server, response: Json, client: str, query: str = "") -> list[dict[str, Any]]:
    patient = response["patient"]["reference"]
    return listed(body(await server.get(f"/{patient}/$authorization-summary{query}", client)))


@pytest.mark.parametrize("client", [APP, "ehr-a", "reviewer"])
async def test_a_summary_has_the_number_the_units_the_days_and_the_next_step(server: Server, client: str) -> None:
    response = await authorized(server)
    bill = billing_claim(number=response["preAuthRef"], lines=[billed_line(quantity=4)])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    [item] = await summary(server, response, client)
    assert (item["number"], item["line"], item["state"], item["active"]) == (
        response["preAuthRef"],
        "1",
        "approved",
        True,
    )
    assert [item[name]["value"] for name in ("authorized", "used", "left")] == [12, 4, 8]
    assert (item["start"], item["end"], item["days-to-expiry"]) == ("2026-12-01", "2027-02-28", 70)
    assert (item["next-step"], item["next-step-until"]) == ("bill-with-number", "2027-02-28")
    assert item["service"]["text"] != ""
    assert item["payer"] == {"reference": "Organization/sample-payer"}


async def test_a_summary_of_active_items_leaves_out_pended_and_ended_ones(server: Server) -> None:
    response = await authorized(server)
    await pended(server, identifier="PENDED")
    assert len(await summary(server, response, APP)) == 2
    assert [item["number"] for item in await summary(server, response, APP, "?active=true")] == [response["preAuthRef"]]
    server.clock.instant = datetime(2027, 3, 1, 15, tzinfo=UTC)
    assert await summary(server, response, APP, "?active=true") == []
    ended = [item for item in await summary(server, response, APP) if item["state"] == "expired"]
    assert [item["next-step"] for item in ended] == ["request-extension"]


async def test_a_summary_of_another_patient_is_not_found(server: Server) -> None:
    response = await authorized(server)
    unknown = await server.get("/Patient/unknown/$authorization-summary", "patient-2")
    for client in ("patient-2", "ehr-b", "reviewer-2"):
        foreign = await server.get(f"/{response['patient']['reference']}/$authorization-summary", client)
        assert (foreign.status_code, foreign.content) == (404, unknown.content)


async def ask(server: Server, response: Json, client: str = "biller", **given: str) -> Json:
    kinds = {"code": "valueCode", "date": "valueDate"}
    rows = [{"name": name, kinds.get(name, "valueString"): text} for name, text in given.items()]
    path = f"/{response['patient']['reference']}/$auth-for-claim"
    return body(await server.post(path, {"resourceType": "Parameters", "parameter": rows}, client))


async def test_a_biller_gets_the_number_for_a_service_on_a_day(server: Server) -> None:
    response = await authorized(server)
    answer = await ask(server, response, code="97110", date="2026-12-15")
    assert [value(each) for each in answer["parameter"][:2]] == [True, response["preAuthRef"]]
    [item] = listed(answer)
    assert (item["number"], item["left"]["value"]) == (response["preAuthRef"], 12)


@pytest.mark.parametrize(
    "given",
    [
        {"code": "99213", "date": "2026-12-15"},
        {"code": "97110", "date": "2026-11-15"},
        {"code": "97110", "date": "2026-12-15", "provider": "1500000009"},
    ],
)
async def test_a_service_that_no_authorization_fits_has_no_number(server: Server, given: dict[str, str]) -> None:
    response = await authorized(server)
    answer = await ask(server, response, **given)
    assert answer["parameter"] == [{"name": "found", "valueBoolean": False}]


async def test_an_authorization_without_units_left_gives_no_number(server: Server) -> None:
    response = await authorized(server)
    bill = billing_claim(number=response["preAuthRef"], lines=[billed_line(quantity=12)])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    answer = await ask(server, response, code="97110", date="2026-12-15")
    assert answer["parameter"] == [{"name": "found", "valueBoolean": False}]


async def test_a_question_without_a_service_names_each_missing_value(server: Server) -> None:
    response = await authorized(server)
    path = f"/{response['patient']['reference']}/$auth-for-claim"
    refused = await server.post(path, {"resourceType": "Parameters"}, "biller")
    assert refused.status_code == 400
    text = issues(refused)[0]["details"]["text"]
    assert "`code`" in text
    assert "`date`" in text


@pytest.mark.parametrize("day", ["20261215", "2026-W51-2", "2026-12"])
async def test_a_day_in_another_form_is_refused(server: Server, day: str) -> None:
    response = await authorized(server)
    rows = [{"name": "code", "valueCode": "97110"}, {"name": "date", "valueString": day}]
    path = f"/{response['patient']['reference']}/$auth-for-claim"
    refused = await server.post(path, {"resourceType": "Parameters", "parameter": rows}, "biller")
    assert refused.status_code == 400
    assert issues(refused)[0]["details"]["text"].startswith("`date` must be the day of the service")


async def test_an_organization_outside_the_request_gets_no_number(server: Server) -> None:
    response = await authorized(server)
    for_other = request_bundle(requestor=OF_B, identifier="OTHER", items=[request_item(code="72148", quantity=2)])
    assert (await server.post("/Claim/$submit", for_other, "ehr-b")).status_code == 200
    assert (await server.get(f"/{response['patient']['reference']}", "ehr-b")).status_code == 200
    answer = await ask(server, response, client="ehr-b", code="97110", date="2026-12-15")
    assert answer["parameter"] == [{"name": "found", "valueBoolean": False}]
    assert [item["state"] for item in await summary(server, response, "ehr-b")] != []
    assert response["preAuthRef"] not in str(await summary(server, response, "ehr-b"))


async def test_the_answer_about_a_long_authorization_has_the_items_to_use_first(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth_for_claim, "MOST", 5)
    lines = [request_item(number, quantity=1) for number in range(1, 9)]
    submitted = answered(await server.post("/Claim/$submit", request_bundle(items=lines)))
    server.clock.instant = IN_FORCE
    response = body(await server.get(f"/ClaimResponse/{submitted['id']}"))
    items = listed(await ask(server, response, code="97110", date="2026-12-15"))
    assert [item["line"] for item in items] == ["1", "2", "3", "4", "5"]
