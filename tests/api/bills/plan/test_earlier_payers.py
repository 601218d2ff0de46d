"""Coordination of benefits: a payer that is not the first one pays the rest, and needs the answer of the first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.fhir.json import read
from tests.api.bills.scenario_answer import lines_of
from tests.api.members.test_coverage_on_record import stores, submitted
from tests.api.refusing import refused
from tests.support.sample_parties import CPT
from tests.support.samples import PAYER, Json, billed_line, billing_claim, concept, request_bundle
from tests.support.server import Server

DOORS = ("/Claim/$submit", "/Claim")
PAID_FIRST = Decimal("100.00")
SECOND_PAYER = "1666666668"


def adjudicated(amount: Any, category: str = "benefit") -> Json:
    return {
        "category": concept("http://terminology.hl7.org/CodeSystem/adjudication", category),
        "amount": {"value": amount, "currency": "USD"},
    }


def item(*entries: Json, sequence: int = 1) -> Json:
    return {"itemSequence": sequence, "adjudication": list(entries)}


def answer_of_the_first(*, items: list[Json] | None = None, **changes: Any) -> Json:
    """Build the ClaimResponse of the first payer; `changes` replace elements, None removes one."""
    plain = {
        "resourceType": "ClaimResponse",
        "id": "first",
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "claim",
        "patient": {"display": "The member"},
        "created": "2026-12-18",
        "insurer": {"display": "The first payer"},
        "outcome": "complete",
        "item": items
        or [{"itemSequence": 1, "adjudication": [adjudicated(160, "submitted"), adjudicated(PAID_FIRST)]}],
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


def secondary_bill(answer: Json | None, lines: list[Json] | None = None, **changes: Any) -> Json:
    """Build a bill to the second payer of the member, with the answer of the first."""
    bill = billing_claim(lines=lines, **changes)
    [focal] = bill["insurance"]
    first: Json = {"sequence": 1, "focal": False, "coverage": {"display": "The first payer's"}}
    contained = {}
    if answer is not None:
        first["claimResponse"] = {"reference": "#first"}
        contained = {"contained": [answer]}
    return bill | contained | {"insurance": [first, focal | {"sequence": 2}]}


async def authorized(server: Server) -> str:
    return str((await submitted(server, name="FIRST"))["preAuthRef"])


async def answered(server: Server, bill: Json) -> Json:
    answer = await server.post("/Claim/$submit", bill, client="biller")
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)
    return response


@pytest.mark.scenario("S-42")
@pytest.mark.parametrize(
    "answer",
    [
        None,
        answer_of_the_first(use="preauthorization"),
        answer_of_the_first(use="predetermination"),
        answer_of_the_first(status="cancelled"),
        answer_of_the_first(outcome="queued"),
        answer_of_the_first(items=[item(adjudicated(PAID_FIRST), sequence=2)]),
        answer_of_the_first(items=[item(adjudicated(160, "submitted"))]),
    ],
)
async def test_a_second_payer_needs_the_answer_of_the_first(server: Server, answer: Json | None) -> None:
    number = await authorized(server)
    [line] = lines_of(await answered(server, secondary_bill(answer, number=number)))
    assert (line.why, line.remarks, line.benefit[0]) == ("CO-16", ("MA04",), Decimal(0))
    again = secondary_bill(answer_of_the_first(), number=number, control_number="AGAIN")
    [paid] = lines_of(await answered(server, again))
    assert paid.linked is not None
    assert paid.linked["units-drawn"] == 4


@pytest.mark.scenario("S-42")
@pytest.mark.parametrize(("order", "why"), [(1, None), (2, "CO-16")])
async def test_a_payer_is_secondary_by_the_order_on_its_record(server: Server, order: int, why: str | None) -> None:
    number = await authorized(server)
    await stores(server, order=order)
    [line] = lines_of(await answered(server, billing_claim(number=number)))
    assert line.why == why


@pytest.mark.scenario("S-40")
async def test_the_payment_of_the_first_payer_is_subtracted(server: Server) -> None:
    number = await authorized(server)
    response = await answered(server, secondary_bill(answer_of_the_first(), number=number))
    [line] = lines_of(response)
    assert (line.why, line.remarks) == ("OA-23", ())
    assert line.benefit == (Decimal(4), Decimal(60))
    assert line.adjusted == (Decimal(0), Decimal(100))
    assert any("Earlier payers paid 100 USD for the line. 100 is subtracted." in note for note in line.notes)


async def test_a_payment_above_the_charge_leaves_nothing_to_pay_and_draws_the_units(server: Server) -> None:
    number = await authorized(server)
    much = [item(adjudicated(500))]
    [line] = lines_of(await answered(server, secondary_bill(answer_of_the_first(items=much), number=number)))
    assert [*line.benefit, *line.adjusted] == [4, 0, 0, 160]


async def test_a_cut_line_shows_both_reasons_and_still_adds_up(server: Server) -> None:
    number = await authorized(server)
    bill = secondary_bill(answer_of_the_first(), [billed_line(quantity=20)], number=number)
    [written] = (await answered(server, bill))["item"]
    kinds = [one["category"]["coding"][0]["code"] for one in written["adjudication"]]
    entries = [one for one, kind in zip(written["adjudication"], kinds, strict=True) if kind != "remark"]
    submitted_entry, *parts = entries
    assert [one["reason"]["coding"][0]["code"] for one in parts[1:]] == ["198", "23"]
    assert sum(one["amount"]["value"] for one in parts) == submitted_entry["amount"]["value"] == 800
    assert sum(one["value"] for one in parts) == submitted_entry["value"] == 20


@pytest.mark.parametrize("place", ["payment", "total"])
async def test_a_payment_for_the_whole_claim_is_shared_out_from_the_first_line_on(server: Server, place: str) -> None:
    whole = {"payment": {"type": concept("urn:x", "complete"), "amount": {"value": 200, "currency": "USD"}}}
    answer = answer_of_the_first(item=None, **(whole if place == "payment" else {"total": [adjudicated(200)]}))
    for code in ("99213", "99214"):
        await submitted(server, name=code)
    lines = [billed_line(sequence, code=code) for sequence, code in enumerate(("99213", "99214"), 1)]
    found = lines_of(await answered(server, secondary_bill(answer, lines)))
    assert [line.benefit[1] for line in found] == [0, 120]


async def test_a_denied_line_takes_no_part_of_a_payment_for_the_whole_claim(server: Server) -> None:
    answer = answer_of_the_first(item=None, total=[adjudicated(100)])
    await submitted(server, name="99213")
    lines = [billed_line(1, code="70553", quantity=10), billed_line(2, code="99213")]
    denied, paid = lines_of(await answered(server, secondary_bill(answer, lines)))
    assert (denied.why, denied.benefit[1]) == ("CO-197", Decimal(0))
    assert (paid.why, paid.benefit[1], paid.adjusted[1]) == ("OA-23", Decimal(60), Decimal(100))


async def test_the_payments_for_the_parts_of_a_line_are_added_up(server: Server) -> None:
    number = await authorized(server)
    parts = [item(adjudicated(50), adjudicated(20)), item(adjudicated(30))]
    [line] = lines_of(await answered(server, secondary_bill(answer_of_the_first(items=parts), number=number)))
    assert [line.benefit[1], line.adjusted[1]] == [60, 100]


async def test_the_payment_for_an_item_is_shared_out_over_its_details(server: Server) -> None:
    number = await authorized(server)
    group = billed_line(quantity=None)
    price, service = group.pop("unitPrice"), group["productOrService"]
    detail = {"productOrService": service, "quantity": {"value": 2}, "unitPrice": price}
    again = {"modifier": [concept(CPT, "76")]}
    group["detail"] = [{"sequence": 1, **detail}, {"sequence": 2, **detail, **again}]
    response = await answered(server, secondary_bill(answer_of_the_first(), [group], number=number))
    [written] = response["item"]
    amounts = {one["category"]["coding"][0]["code"]: one["amount"]["value"] for one in written["adjudication"]}
    assert amounts == {"submitted": 160, "benefit": 60, "adjustment": 100}


async def test_a_payment_in_another_currency_is_rejected(server: Server) -> None:
    paid = adjudicated(100)
    paid["amount"]["currency"] = "JPY"
    found = await refused(server, DOORS[0], secondary_bill(answer_of_the_first(items=[item(paid)])), client="biller")
    assert (found.status, found.places) == (422, ("Claim.contained[0].item[0].adjudication[0].amount.currency",))


async def test_the_answer_of_a_payer_on_this_server_is_read_from_its_record(server: Server) -> None:
    """A reference that the biller cannot read counts as an unknown one."""
    visit = billed_line(code="99213")
    for payer in (PAYER, SECOND_PAYER):
        request = request_bundle(payer=payer, identifier=payer)
        assert (await server.post("/Claim/$submit", request)).status_code == 200
    first = await answered(server, billing_claim(lines=[visit], number=None, payer=SECOND_PAYER))
    assert list(lines_of(first)[0].benefit) == [4, 160]
    for id_, why in (("unknown", "CO-16"), (first["id"], "OA-23")):
        bill = secondary_bill(None, [visit], number=None, control_number=f"TO-{id_}")
        bill["insurance"][0]["claimResponse"] = {"reference": f"ClaimResponse/{id_}"}
        [line] = lines_of(await answered(server, bill))
        assert line.why == why


async def test_the_answer_of_another_biller_counts_as_an_unknown_one(server: Server) -> None:
    """The owner of the first claim is another organization."""
    visit = billed_line(code="99213")
    await submitted(server, name="FIRST")
    await submitted(server, name="SECOND")
    own = await answered(server, billing_claim(lines=[visit], number=None))
    texts = []
    for id_ in (own["id"], "unknown"):
        bill = secondary_bill(None, [visit], number=None, control_number=f"FOREIGN-{id_}")
        bill["insurance"][0]["claimResponse"] = {"reference": f"ClaimResponse/{id_}"}
        answer = await server.post("/Claim/$submit", bill, client="ehr-b")
        assert answer.status_code == 200, answer.text
        texts.append([(line.why, line.remarks, line.notes) for line in lines_of(read(answer.content))])
    assert texts[0] == texts[1]


@pytest.mark.parametrize("door", DOORS)
async def test_a_negative_payment_is_rejected(server: Server, door: str) -> None:
    answer = answer_of_the_first(items=[item(adjudicated(-1))])
    found = await refused(server, door, secondary_bill(answer), client="biller")
    assert (found.status, found.places) == (422, ("Claim.contained[0].item[0].adjudication[0].amount",))


@pytest.mark.scenario("S-41")
async def test_only_the_number_of_the_focal_insurance_counts(server: Server) -> None:
    number = await authorized(server)
    bill = secondary_bill(answer_of_the_first(), number=None)
    bill["insurance"][0]["preAuthRef"] = [number]
    [line] = lines_of(await answered(server, bill))
    assert (line.why, line.remarks) == ("CO-16", ("M62",))
