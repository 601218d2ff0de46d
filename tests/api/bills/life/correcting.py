"""Bill, correct a bill, and count what is left of an authorization."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.reading import answered
from tests.support.samples import Json, billed_line, billing_claim, request_bundle
from tests.support.server import Server

FREQUENCY = "https://preauth.example.org/fhir/StructureDefinition/claim-frequency"
SUPERSEDED = "https://preauth.example.org/fhir/StructureDefinition/superseded-by"
C4BB = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
GRANTED = 12


async def approved(server: Server) -> str:
    return str(answered(await server.post("/Claim/$submit", request_bundle()))["preAuthRef"])


async def sent(server: Server, bill: Json, client: str = "biller") -> Json:
    answer = await server.post("/Claim/$submit", bill, client)
    assert answer.status_code == 200, answer.text
    response: Json = answer.json()
    return response


def bill(number: str | None, units: int = 4, code: str = "97110", **changes: Any) -> Json:
    return billing_claim(number=number, lines=[billed_line(quantity=units, code=code)], **changes)


def correcting(original: Json, frequency: str) -> dict[str, Any]:
    """Return the elements of a Claim that replaces or voids the claim with this answer."""
    stated = {"url": FREQUENCY, "valueCode": frequency}
    return {"extension": [stated], "related": [{"claim": {"reference": original["request"]["reference"]}}]}


async def units_left(server: Server, number: str) -> Decimal:
    """Bill more units than were ever granted on another day, and return the units that this pays."""
    line = billed_line(quantity=100, day="2026-12-16")
    [probe] = lines_of(await sent(server, billing_claim(number=number, lines=[line])))
    return probe.benefit[0]


async def current(server: Server, response: Json) -> Json:
    read: Json = (await server.get(f"/ClaimResponse/{response['id']}", client="biller")).json()
    return read


def only_line(response: Json) -> LineAnswer:
    [line] = lines_of(response)
    return line
