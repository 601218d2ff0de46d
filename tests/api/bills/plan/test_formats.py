"""Identifiers and codes of a bill that cannot be right are rejected, and nothing is drawn."""

from __future__ import annotations

import pytest

from app.codes import EIN
from tests.api.refusing import refused
from tests.support.samples import CPT, NPI, billed_line, billing_claim, concept
from tests.support.server import Server

both_doors = pytest.mark.parametrize("door", ["/Claim/$submit", "/Claim"])


@both_doors
@pytest.mark.scenario("S-67")
@pytest.mark.parametrize("tax_id", ["12-345678", "AB-CDEFGHI", "1234-56789", "1234567890"])
async def test_a_tax_id_has_nine_digits(server: Server, door: str, tax_id: str) -> None:
    numbers = [{"system": NPI, "value": "1987654328"}, {"system": EIN, "value": tax_id}]
    clinic = {"resourceType": "Organization", "id": "clinic", "identifier": numbers}
    bill = billing_claim(contained=[clinic], provider={"reference": "#clinic"})
    found = await refused(server, door, bill, client="biller")
    assert (found.status, found.places) == (422, ("Claim.contained[0].identifier[1]",))


async def test_a_provider_of_the_published_examples_may_bill(server: Server) -> None:
    bill = billing_claim(provider={"identifier": {"system": NPI, "value": "8189991234"}})
    assert (await server.post("/Claim", bill, "biller")).status_code == 201


@both_doors
@pytest.mark.parametrize("code", ["13", "01311", "0A31"])
async def test_a_type_of_bill_has_a_zero_and_three_characters(server: Server, door: str, code: str) -> None:
    bill = billing_claim(
        supportingInfo=[{"sequence": 1, "category": concept("urn:x", "typeofbill"), "code": concept("urn:x", code)}]
    )
    found = await refused(server, door, bill, client="biller")
    assert found.status == 422
    assert "Claim.supportingInfo[0].code" in found.places


@both_doors
@pytest.mark.scenario("S-67")
async def test_a_line_has_at_most_four_modifiers(server: Server, door: str) -> None:
    modifiers = [concept(CPT, code) for code in ("59", "76", "77", "91", "95")]
    found = await refused(server, door, billing_claim(lines=[billed_line(modifier=modifiers)]), client="biller")
    assert (found.status, found.places) == (422, ("Claim.item[0].modifier",))
