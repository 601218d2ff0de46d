"""An imported decision is found by inquiry, search and bill under each of its numbers, and is notified."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from app.codes import ABSENT
from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from app.domain.parts.origin import Channel
from app.records.authorizations import by_id
from tests.api.bills.scenario_answer import lines_of
from tests.api.imported.importing import NUMBER, denied, imported, on_record, reported, send, service
from tests.api.reading import actions, extension, notes, references, resources, returned, review
from tests.api.trail import trail
from tests.api.updating import THERAPY, sent, submitted, update_of
from tests.support import samples
from tests.support.samples import RENDERING, Json, billed_line, billing_claim, inquiry_bundle
from tests.support.server import ROOT, Server
from tests.support.subscribing import Endpoint, subscribed, work

VENDOR = "EVI 77-2026"
DAY, NEXT_DAY = "2026-01-12", "2026-01-13"


def naming(number: str) -> Json:
    return {"extension": [samples.extension("extension-authorizationNumber", valueString=number)]}


async def test_an_imported_decision_is_served_with_its_number_and_no_claim(server: Server) -> None:
    await on_record(server)
    answer = await send(server, reported(decided="2025-12-30"))
    response = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, 'W/"1"')
    assert answer.headers["location"] == f"{ROOT}/fhir/ClaimResponse/{response['id']}/_history/1"
    assert response["preAuthRef"] == NUMBER
    assert response["preAuthPeriod"] == {"start": "2026-01-05", "end": "2026-03-31"}
    assert response["request"] == {"extension": [{"url": ABSENT, "valueCode": "not-applicable"}]}
    assert actions(response) == {1: "A1"}
    [item] = response["item"]
    assert extension(item, "extension-itemPreAuthIssueDate")["valueDate"] == "2025-12-30"
    assert base_validator().validate(response, level=Level.STRICT) == ()
    assert (await server.get(f"/ClaimResponse/{response['id']}", "ehr-a")).json() == response
    assert resources((await server.get("/Claim", "admin")).json()) == []


@pytest.mark.requirement("pas-2.2.1/spec-44")
@pytest.mark.parametrize("typed", [NUMBER, "tel 2026 0417", VENDOR, "evi772026"])
async def test_an_inquiry_finds_it_by_every_number(server: Server, typed: str) -> None:
    response = await imported(server, aliases=(VENDOR,))
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle(claim=naming(typed))))
    assert (found["id"], found["preAuthRef"]) == (response["id"], NUMBER)
    assert found["request"] == response["request"]
    none = inquiry_bundle(claim=naming("TEL-2026/0418"))
    assert returned(await server.post("/Claim/$inquire", none)) == []


async def test_the_older_edition_answers_an_inquiry_about_it(server: Server) -> None:
    response = await imported(server)
    bundle = inquiry_bundle(items=[{"sequence": 1, "productOrService": samples.concept(samples.CPT, "97110")}])
    answer = await server.post("/Claim/$inquire", bundle, base="/2.0.1/fhir")
    assert resources(answer.json())[0]["id"] == response["id"]


@pytest.mark.parametrize("number", [NUMBER, "TEL20260417", VENDOR])
async def test_a_search_finds_it_by_every_number(server: Server, number: str) -> None:
    response = await imported(server, aliases=(VENDOR,))
    found = (await server.get(f"/ClaimResponse?pre-auth-ref={number}", "admin")).json()
    assert [one["id"] for one in resources(found)] == [response["id"]]


@pytest.mark.scenario("S-73")
@pytest.mark.parametrize(("number", "way"), [(NUMBER, "number"), ("tel20260417", "number"), (VENDOR, "alias")])
async def test_a_bill_draws_on_it_by_every_number(server: Server, number: str, way: str) -> None:
    response = await imported(server, service(provider=RENDERING), aliases=(VENDOR,))
    paid = await billed(server, number, 4)
    assert (paid["preAuthRef"], lines_of(paid)[0].why) == (NUMBER, None)
    assert trail(server, paid["id"])["lines"][0]["links"][0]["way"] == way
    over = await billed(server, number, 3, billed_line(day=NEXT_DAY, quantity=3))
    assert lines_of(over)[0].why == "CO-198"
    stored = await by_id(server.system.documents, response["id"])
    assert stored is not None
    assert stored.authorization.items[0].consumed == Decimal(6)


async def test_a_bill_for_another_service_or_place_or_provider_is_not_paid_by_it(server: Server) -> None:
    await imported(server, service(provider=RENDERING))
    other = [
        billed_line(day=DAY, code="97140"),
        billed_line(day=DAY, locationCodeableConcept=samples.concept(samples.POS, "12")),
        billed_line(day="2026-04-01"),
    ]
    answers = [await billed(server, NUMBER, 1, line) for line in other]
    assert all(lines_of(answer)[0].why for answer in answers)


async def test_a_denial_names_its_reason_and_appeal_and_pays_nothing(server: Server) -> None:
    response = await imported(server, denied(note="Send the plan of care."))
    assert (actions(response), "preAuthRef" in response) == ({1: "A3"}, False)
    [item] = response["item"]
    assert extension(item, "extension-administrationReferenceNumber")["valueString"] == NUMBER
    texts = notes(response, item)
    assert "Send the plan of care." in texts
    assert any("appeal" in text for text in texts)
    reference = samples.extension("extension-administrationReferenceNumber", valueString="tel-2026.0417")
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle(claim={"extension": [reference]})))
    assert found["id"] == response["id"]
    assert lines_of(await billed(server, NUMBER, 1))[0].why


async def test_fewer_units_than_requested_are_a_modified_item(server: Server) -> None:
    response = await imported(server, service(quantity=6, requested_quantity=12))
    assert actions(response) == {1: "A6"}
    [added] = response["addItem"]
    assert added["quantity"]["value"] == 6
    assert extension(review(added), "reasonCode")


async def test_the_trail_has_the_administrator_the_channel_and_the_vendor(server: Server) -> None:
    response = await imported(server, channel="vendor", vendor="Example Vendor")
    event = trail(server, response["id"])
    assert (event["action"], event["client"], event["role"]) == ("import", "admin", "admin")
    assert (event["channel"], event["vendor"]) == ("vendor", "Example Vendor")
    assert [item["rule"] for item in event["items"]] == ["import"]


async def test_the_registered_organization_of_the_requestor_is_notified(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, "org-identifier=8189991234")
    server.clock.move(seconds=1)
    response = await imported(server)
    await work(server)
    [event] = endpoint.events
    assert event.answer["id"] == response["id"]
    assert event.answer["patient"]["identifier"]["value"] == "M001"
    contained = event.bundle["entry"][1]["resource"]
    assert "1984" not in str(contained)
    assert set(references(contained)) == set()


async def test_an_administrator_can_import_from_the_definition(server: Server) -> None:
    await on_record(server)
    definition = (await server.http.get("/fhir/OperationDefinition/ClaimResponse-import")).json()
    [example] = re.findall(r"```json\n(.*?)\n```", definition["comment"], re.DOTALL)
    assert (await send(server, json.loads(example))).status_code == 201
    [channels] = [row["binding"]["valueSet"] for row in definition["parameter"] if row["name"] == "channel"]
    code_system = channels.replace("ValueSet", "CodeSystem")
    [found] = resources((await server.http.get("/fhir/CodeSystem", params={"url": code_system})).json())
    assert [concept["code"] for concept in found["concept"]] == list(Channel)


async def test_an_update_by_the_owner_gives_it_a_claim(server: Server) -> None:
    response = await imported(server, service(quantity=12, provider=RENDERING))
    update = update_of(sent([THERAPY]), [THERAPY], claim=naming(NUMBER))
    answer = await submitted(server, update)
    assert answer["id"] == response["id"]
    served = (await server.get(f"/ClaimResponse/{response['id']}", "ehr-a")).json()
    claim = (await server.get(f"/{served['request']['reference']}", "ehr-a")).json()
    assert (claim["use"], served["meta"]["versionId"]) == ("preauthorization", "2")


async def billed(server: Server, number: str, units: int, line: Json | None = None) -> Json:
    claim = billing_claim(number=number, lines=[line or billed_line(day=DAY, quantity=units)], created="2026-01-20")
    server.clock.move(days=20)
    answer = await server.post("/Claim/$submit", claim, "biller")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_grant_at_either_end_of_the_calendar_is_stored(server: Server, day: str) -> None:
    assert (await imported(server, service(start=day, end=day)))["preAuthPeriod"] == {"start": day, "end": day}
