"""A system has the same codes under all of its official names."""

from __future__ import annotations

import pytest

from app.fhir.json import read, write
from tests.api.bills.scenario_answer import lines_of
from tests.api.reading import action, answered
from tests.support.samples import CPT, NPI, POS, Json, billing_claim, request_bundle
from tests.support.server import Server

OIDS = {
    CPT: "urn:oid:2.16.840.1.113883.6.12",
    NPI: "urn:oid:2.16.840.1.113883.4.6",
    POS: "urn:oid:2.16.840.1.113883.6.50",
    "http://hl7.org/fhir/sid/icd-10-cm": "urn:oid:2.16.840.1.113883.6.90",
}


def by_oid(body: Json) -> Json:
    """Write a body with the OIDs of the systems."""
    text = write(body)
    for system, oid in OIDS.items():
        text = text.replace(f'"{system}"', f'"{oid}"')
    written: Json = read(text.encode())
    assert written != body
    return written


@pytest.mark.parametrize("requested_by_oid", [True, False])
@pytest.mark.parametrize("billed_by_oid", [True, False])
async def test_request_and_bill_may_name_systems_by_oid(
    lenient_server: Server, requested_by_oid: bool, billed_by_oid: bool
) -> None:
    """The profiles of PAS bind the codes of a request to the URLs, so only a lenient server reads a request by OID."""
    server = lenient_server
    request = request_bundle()
    approval = answered(await server.post("/Claim/$submit", by_oid(request) if requested_by_oid else request))
    assert action(approval["item"][0]) == "A1"
    server.clock.move(days=360)
    bill = billing_claim(number=approval["preAuthRef"])
    answer = await server.post("/Claim/$submit", by_oid(bill) if billed_by_oid else bill, client="biller")
    assert answer.status_code == 200, answer.text
    [line] = lines_of(read(answer.content))
    assert (line.why, line.benefit) == (None, line.submitted)


async def test_an_npi_under_its_oid_has_a_check_digit(server: Server) -> None:
    bill = by_oid(billing_claim(billing_provider="1987654321"))
    answer = await server.post("/Claim/$submit", bill, client="biller")
    assert answer.status_code == 422
    assert "check digit" in answer.text


async def test_the_stored_claim_keeps_the_name_that_was_sent(server: Server) -> None:
    answer = await server.post("/Claim", by_oid(billing_claim()), client="biller")
    kept = await server.get(answer.headers["location"].split("/fhir")[1].split("/_history")[0], client="biller")
    assert OIDS[CPT] in kept.text
