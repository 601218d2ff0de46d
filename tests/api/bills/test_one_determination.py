"""A bill is paid only for services that the rules free, or that the review of a request granted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.fhir.json import read
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.bills.scenario_play import NEVER_ISSUED
from tests.api.reading import action, answered, notes, review
from tests.api.reviewing import decide, ruling
from tests.support.samples import (
    CPT,
    POS,
    Json,
    billed_line,
    billing_claim,
    concept,
    entry,
    extension,
    request_bundle,
    request_item,
)
from tests.support.server import Server


async def requested(server: Server, *items: Json, **changes: Any) -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle(items=list(items), **changes)))


async def billed(server: Server, *lines: Json, number: str | None = None) -> list[LineAnswer]:
    answer = await server.post("/Claim/$submit", billing_claim(number=number, lines=list(lines)), client="biller")
    assert answer.status_code == 200, answer.text
    return lines_of(read(answer.content))


def until(code: str) -> Json:
    return extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, code))


def with_extensions(item: Json, *more: Json) -> Json:
    return item | {"extension": [*item["extension"], *more]}


async def test_a_range_over_two_rules_is_pended_and_pays_no_code(server: Server) -> None:
    response = await requested(server, with_extensions(request_item(code="20000", quantity=1), until("99499")))
    (item,) = response["item"]
    assert action(item) == "A4"
    assert "No single rule covers all codes of the range." in " ".join(notes(response, item))
    assert "preAuthRef" not in response
    (line,) = await billed(server, billed_line(code="62323", quantity=1))
    assert (line.why, line.benefit) == ("OA-133", (Decimal(0), Decimal(0)))


async def test_a_range_under_one_rule_pays_each_of_its_codes(server: Server) -> None:
    response = await requested(server, with_extensions(request_item(code="97110"), until("97116")))
    number = response["preAuthRef"]
    inside, outside = await billed(
        server, billed_line(1, code="97112", quantity=1), billed_line(2, code="97140", quantity=1), number=number
    )
    assert inside.why is None
    assert outside.why is not None


async def test_an_order_for_another_service_is_pended_and_not_payable(server: Server) -> None:
    order = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "code": concept(CPT, "62323"),
        "subject": {"reference": "Patient/patient-1"},
    }
    behind = extension("extension-requestedService", valueReference={"reference": "ServiceRequest/order-1"})
    response = await requested(
        server, with_extensions(request_item(), behind), entries=[entry("ServiceRequest/order-1", order)]
    )
    (item,) = response["item"]
    assert action(item) == "A4"
    assert "The order behind the item is for another service." in " ".join(notes(response, item))
    (line,) = await billed(server, billed_line(code="62323", quantity=1))
    assert line.why == "CO-197"


async def test_a_request_without_a_quantity_authorizes_one_unit(server: Server) -> None:
    response = await requested(server, request_item(quantity=None))
    assert action(response["item"][0]) == "A1"
    (line,) = await billed(server, billed_line(quantity=1000), number=response["preAuthRef"])
    assert line.benefit == (Decimal(1), Decimal(40))


async def test_a_service_of_an_earlier_year_is_not_granted_for_the_days_to_come(server: Server) -> None:
    past = ("2020-12-01", "2020-12-31")
    therapy = await requested(server, request_item(code="97110", quantity=1, period=past))
    surgery = await requested(server, request_item(code="27447", quantity=1, period=past))
    assert (action(therapy["item"][0]), action(surgery["item"][0])) == ("A3", "A4")
    assert "preAuthPeriod" not in therapy
    assert "preAuthPeriod" not in surgery


async def test_two_lines_of_one_service_share_the_limit(server: Server) -> None:
    response = await requested(server, request_item(1, quantity=8), request_item(2, quantity=8))
    assert [action(item) for item in response["item"]] == ["A1", "A6"]
    first, second = response["item"]
    assert review(first) != review(second)
    assert "4 of 8 units authorized." in notes(response, second)


async def test_a_request_for_a_service_that_needs_no_authorization_gets_no_number(server: Server) -> None:
    response = await requested(server, request_item(code="99213", quantity=1))
    (item,) = response["item"]
    assert action(item) == "NA"
    assert "This service needs no authorization. A bill for it needs no authorization number." in notes(response, item)
    assert {"preAuthRef", "preAuthPeriod"}.isdisjoint(response)
    (line,) = await billed(server, billed_line(code="99213", quantity=1))
    assert line.why is None


@pytest.mark.parametrize(("place", "why"), [("23", None), ("11", "CO-197")])
async def test_a_brain_mri_is_paid_without_a_number_only_in_an_emergency_room(
    server: Server, place: str, why: str | None
) -> None:
    await requested(server, request_item(code="99213", quantity=1))
    room = concept(POS, place)
    (line,) = await billed(server, billed_line(code="70553", quantity=1, locationCodeableConcept=room))
    assert line.why == why


@pytest.mark.parametrize(("deny", "why"), [(True, "CO-39"), (False, None)])
async def test_a_wrong_number_does_not_pay_a_service_that_was_denied_beforehand(
    server: Server, deny: bool, why: str | None
) -> None:
    request = request_bundle(items=[request_item(code="70553", quantity=1)])
    request["entry"][4]["resource"]["birthDate"] = "2022-05-01"
    pended = answered(await server.post("/Claim/$submit", request))
    assert action(pended["item"][0]) == "A4"
    if deny:
        await decide(server, pended["id"], ruling(1, "deny", reason="not-medically-necessary"))
    line = billed_line(code="70553", quantity=1, locationCodeableConcept=concept(POS, "23"))
    (result,) = await billed(server, line, number=NEVER_ISSUED)
    assert result.why == why


async def test_an_excluded_item_is_not_paid_and_names_its_rule(server: Server) -> None:
    await requested(server, request_item(code="99213", quantity=1), plan="BASIC")
    item, drug = await billed(
        server, billed_line(1, code="A9270", quantity=1), billed_line(2, code="J1745", quantity=1)
    )
    assert (item.why, drug.why) == ("CO-96", "CO-96")
    assert "The Basic plan covers no infused drugs (Sample Payer Basic Plan, Exclusions 4)." in drug.notes


async def test_a_pended_item_names_the_missing_fact(server: Server) -> None:
    response = await requested(server, request_item(code="J1745", quantity=1))
    (item,) = response["item"]
    assert action(item) == "A4"
    assert "The request does not give: plan." in notes(response, item)
