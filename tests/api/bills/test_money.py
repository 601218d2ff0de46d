"""Amounts of a bill that do not add up are rejected, and nothing is drawn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.codes import pas
from app.fhir.json import read
from tests.api.bills.scenario_answer import lines_of
from tests.api.refusing import refused
from tests.support.samples import Json, billed_line, billing_claim
from tests.support.server import Server

DOORS = ("/Claim/$submit", "/Claim")
NUMBER = pas("extension-authorizationNumber")

both_doors = pytest.mark.parametrize("door", DOORS)


def usd(value: str) -> Json:
    return {"value": Decimal(value), "currency": "USD"}


def line_with(number: str, *others: str) -> Json:
    return billed_line(extension=[{"url": NUMBER, "valueString": one} for one in (number, *others)])


@both_doors
@pytest.mark.parametrize("net", ["120", "160.01", "159.99", "0"])
async def test_a_net_amount_must_be_the_price_of_the_units(server: Server, door: str, net: str) -> None:
    found = await refused(server, door, billing_claim(lines=[billed_line(net=usd(net))]), client="biller")
    assert (found.status, found.places) == (422, ("Claim.item[0].net",))
    assert found.texts == (f"`net` must be `unitPrice` times `quantity` and `factor`, 160, but is {net}.",)


@pytest.mark.parametrize(
    ("price", "changes", "net"),
    [
        ("40", {}, "160"),
        ("40", {"factor": Decimal("0.5")}, "80"),
        ("40", {"quantity": None}, "40"),
        ("0.3333", {"quantity": {"value": 10}}, "3.33"),
        ("0.3333", {"quantity": {"value": 10}}, "3.34"),
        ("0", {}, "0"),
    ],
)
async def test_a_net_amount_is_compared_to_the_cent(server: Server, price: str, changes: Json, net: str) -> None:
    line = {name: value for name, value in (billed_line() | changes).items() if value is not None}
    sent = billing_claim(lines=[line | {"unitPrice": usd(price), "net": usd(net)}], total=usd(net))
    answer = await server.post("/Claim/$submit", sent, client="biller")
    assert answer.status_code == 200, answer.text
    [answered] = lines_of(read(answer.content))
    assert answered.submitted[1] == Decimal(net)


@both_doors
@pytest.mark.parametrize(
    ("total", "place"),
    [
        (usd("319.99"), "total"),
        (usd("0"), "total"),
        ({"currency": "USD"}, "total.value"),
        (usd("320") | {"currency": "EUR"}, "total.currency"),
    ],
)
async def test_the_total_must_be_the_sum_of_the_lines(server: Server, door: str, total: Json, place: str) -> None:
    lines = [billed_line(), billed_line(2)]
    found = await refused(server, door, billing_claim(lines=lines, total=total), client="biller")
    assert (found.status, found.places) == (422, (f"Claim.{place}",))


async def test_a_total_needs_an_amount_on_each_line(server: Server) -> None:
    unpriced = {name: value for name, value in billed_line(2).items() if name != "unitPrice"}
    bill = billing_claim(lines=[billed_line(), unpriced], total=usd("160"))
    found = await refused(server, "/Claim/$submit", bill, client="biller")
    assert (found.status, found.places) == (422, ("Claim.total",))


async def test_the_amounts_of_details_are_compared_as_those_of_items(server: Server) -> None:
    kept = ("sequence", "productOrService", "unitPrice", "quantity")
    detail = {name: billed_line()[name] for name in kept} | {"net": usd("150")}
    item = billed_line(quantity=1, unitPrice=usd("150"), net=usd("140"), detail=[detail])
    found = await refused(server, "/Claim/$submit", billing_claim(lines=[item]), client="biller")
    assert (found.status, set(found.places)) == (422, {"Claim.item[0].net", "Claim.item[0].detail[0].net"})


@pytest.mark.parametrize("name", ["net", "unitPrice"])
async def test_an_amount_must_have_a_value(server: Server, name: str) -> None:
    bill = billing_claim(lines=[billed_line() | {name: {"currency": "USD"}}])
    found = await refused(server, "/Claim/$submit", bill, client="biller")
    assert (found.status, found.places) == (422, (f"Claim.item[0].{name}.value",))


async def test_net_and_price_have_one_currency(server: Server) -> None:
    line = billed_line(net={"value": 160, "currency": "EUR"})
    found = await refused(server, "/Claim/$submit", billing_claim(lines=[line]), client="biller")
    assert (found.status, found.places) == (422, ("Claim.item[0].net.currency",))


@both_doors
@pytest.mark.scenario("S-69")
async def test_a_line_has_one_authorization_number(server: Server, door: str) -> None:
    for numbers in (("PA260000013", "PA260000021"), ("", "PA260000021")):
        found = await refused(server, door, billing_claim(lines=[line_with(*numbers)]), client="biller")
        assert found.status == 422
        assert {str(place).partition(".extension")[0] for place in found.places} == {"Claim.item[0]"}
    same = billing_claim(lines=[line_with("PA260000013", "pa-26 0000013")])
    assert (await server.post("/Claim/$submit", same, client="biller")).status_code == 200
