"""A correction says what it is and names its original, in several ways; an unclear one is refused."""

from __future__ import annotations

import pytest

from tests.api.bills.life.correcting import (
    FREQUENCY,
    GRANTED,
    approved,
    bill,
    correcting,
    only_line,
    sent,
    units_left,
)
from tests.api.reading import issues
from tests.api.refusing import everything
from tests.support.samples import Json, concept
from tests.support.server import Server


@pytest.mark.parametrize(
    "named",
    [
        {"claim": {"identifier": {"system": "https://biller.example.org/claims", "value": "FIRST"}}},
        {"reference": {"system": "https://biller.example.org/claims", "value": "FIRST"}},
        {"reference": {"value": "the id of the answer"}},
        None,
    ],
    ids=["identifier", "file number", "payer's control number", "its own identifier"],
)
async def test_the_original_is_named_in_several_ways(server: Server, named: Json | None) -> None:
    number = await approved(server)
    first = await sent(server, bill(number, control_number="FIRST"))
    if named == {"reference": {"value": "the id of the answer"}}:
        named = {"reference": {"value": first["id"]}}
    related = {"related": [named], "control_number": "SECOND"} if named else {"control_number": "FIRST"}
    later = bill(number, 6, extension=[{"url": FREQUENCY, "valueCode": "7"}], **related)
    assert only_line(await sent(server, later)).benefit[0] == 6
    assert await units_left(server, number) == GRANTED - 6


@pytest.mark.parametrize(
    "sign",
    [
        {"status": "cancelled"},
        {
            "supportingInfo": [
                {
                    "sequence": 1,
                    "category": concept(
                        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType", "typeofbill"
                    ),
                    "code": concept("https://www.nubc.org/CodeSystem/TypeOfBill", "0138"),
                }
            ]
        },
    ],
    ids=["status", "type of bill"],
)
@pytest.mark.parametrize("door", ["/Claim/$submit", "/Claim"])
async def test_a_void_is_stated_in_several_ways(server: Server, sign: Json, door: str) -> None:
    number = await approved(server)
    first = await sent(server, bill(number))
    related = [{"claim": {"reference": first["request"]["reference"]}}]
    answer = await server.post(door, bill(number, related=related, **sign), "biller")
    assert answer.status_code in {200, 201}, answer.text
    assert await units_left(server, number) == GRANTED


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"related": [{"claim": {"reference": "Claim/x"}}]}, "Claim.related"),
        ({"extension": [{"url": FREQUENCY, "valueCode": "0"}]}, "Claim.extension[0].value"),
        ({"extension": [{"url": FREQUENCY, "valueCode": "7"}], "status": "cancelled"}, "Claim"),
        (
            {
                "extension": [{"url": FREQUENCY, "valueCode": "7"}],
                "related": [{"claim": {"reference": f"Claim/{id_}"}} for id_ in "ab"],
            },
            "Claim.related",
        ),
    ],
    ids=["no frequency", "unknown frequency", "two frequencies", "two originals"],
)
async def test_an_unclear_correction_is_refused_and_draws_nothing(server: Server, changes: Json, place: str) -> None:
    number = await approved(server)
    before = everything(server)
    answer = await server.post("/Claim/$submit", bill(number, **changes), "biller")
    assert answer.status_code == 422
    assert [issue["expression"] for issue in issues(answer)] == [[place]]
    assert everything(server) == before


async def test_a_void_frees_the_identifier_and_the_services(server: Server) -> None:
    number = await approved(server)
    first = await sent(server, bill(number, control_number="MINE"))
    await sent(server, bill(number, control_number="VOID", **correcting(first, "8")))
    again = only_line(await sent(server, bill(number, control_number="MINE", created="2026-12-21")))
    assert again.why is None
    assert again.benefit[0] == 4


async def test_the_services_of_a_replacement_are_not_paid_again(server: Server) -> None:
    await approved(server)
    first = await sent(server, bill(None, code="99213"))
    replaced = await sent(server, bill(None, code="99213", created="2026-12-21", **correcting(first, "7")))
    assert only_line(replaced).why is None
    twice = only_line(await sent(server, bill(None, code="99213", control_number="TWICE")))
    assert twice.why == "OA-18"


async def test_a_cancelled_replacement_chain_balances_on_every_line(server: Server) -> None:
    number = await approved(server)
    response = await sent(server, bill(number, 20))
    for frequency, units in (("7", 15), ("7", 3), ("8", 3)):
        response = await sent(server, bill(number, units, **correcting(response, frequency)))
        line = only_line(response)
        assert line.submitted == tuple(map(sum, zip(line.benefit, line.adjusted, strict=True)))
