"""A patient's app reads the progress of a request as data: units, documents wanted, the next step and its day."""

from __future__ import annotations

import re

import pytest

from app.codes import CARC, LOINC
from tests.api.reading import answered
from tests.api.reviewing import NEW, decide, pended, ruling
from tests.api.tracking.reading import body, own, parts, units
from tests.support.samples import billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server

APP = "patient-1"


async def test_a_patient_reads_the_units_that_are_left_after_each_bill(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle()))
    first = body(await server.get(f"/ClaimResponse/{granted['id']}", APP))
    requested = units(first["item"][0])["authorized"]
    assert units(first["item"][0]) == {"authorized": requested, "used": 0, "left": requested}
    assert parts(first["item"][0], "next-step")["step"] == "bill-with-number"
    bill = billing_claim(number=granted["preAuthRef"], lines=[billed_line(quantity=1)])
    paid = await server.post("/Claim/$submit", bill, "biller")
    assert paid.status_code == 200, paid.text
    second = body(await server.get(f"/ClaimResponse/{granted['id']}", APP))
    assert units(second["item"][0]) == {"authorized": requested, "used": 1, "left": requested - 1}
    assert [first["meta"]["versionId"], second["meta"]["versionId"]] == ["1", "2"]
    again = body(await server.get(f"/ClaimResponse/{granted['id']}/_history/1", APP))
    assert units(again["item"][0])["used"] == 0


async def test_a_denied_bill_makes_no_version_of_the_answer(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle()))
    bill = billing_claim(number=granted["preAuthRef"], lines=[billed_line(code="99999")])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    assert body(await server.get(f"/ClaimResponse/{granted['id']}", APP))["meta"]["versionId"] == "1"


async def test_a_pended_item_has_its_due_time_and_no_units(server: Server) -> None:
    stored = body(await server.get(f"/ClaimResponse/{await pended(server)}", APP))
    step = parts(stored["item"][0], "next-step")
    assert step["step"] in {"wait", "send-documents"}
    assert re.fullmatch(r"2026-.*Z", step["until"])
    assert own(stored["item"][0], "authorized-units") == []


async def test_a_pended_item_names_each_document_that_the_payer_needs(server: Server) -> None:
    response = await pended(server)
    asked = ruling(1, "ask", **{"ask-for": {"system": LOINC, "code": "18748-4", "display": "Imaging study"}})
    assert (await decide(server, response, asked, **NEW)).status_code == 200
    item = body(await server.get(f"/ClaimResponse/{response}", APP))["item"][0]
    wanted = [each["valueCodeableConcept"]["coding"][0]["code"] for each in own(item, "document-wanted")]
    assert "18748-4" in wanted
    assert parts(item, "next-step")["step"] == "send-documents"


async def test_a_denied_item_has_the_day_of_appeal_and_a_code_for_billers(server: Server) -> None:
    response = await pended(server)
    denied = ruling(1, "deny", reason="not-medically-necessary")
    assert (await decide(server, response, denied, client="physician", **NEW)).status_code == 200
    item = body(await server.get(f"/ClaimResponse/{response}", APP))["item"][0]
    assert units(item) == {"authorized": 0, "used": 0, "left": 0}
    step = parts(item, "next-step")
    assert (step["step"], len(step["until"])) == ("appeal", len("2026-01-01"))
    [reason] = own(item, "denial-reason")
    assert reason["valueCodeableConcept"]["coding"] == [{"system": CARC, "code": "50"}]


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_the_answer_to_the_submitter_has_no_extension_of_ours(server: Server, base: str) -> None:
    sent = request_bundle(items=[request_item(), request_item(sequence=2, code="72148", quantity=2)])
    answer = await server.post("/Claim/$submit", sent, base=base)
    assert answer.status_code == 200, answer.text
    assert "preauth.example.org/fhir/StructureDefinition" not in answer.text
