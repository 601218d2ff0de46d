"""Concurrent bills: no unit is drawn twice, and a repeated bill counts once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.ledger import available
from app.fhir.json import read
from app.records import authorizations, ledger
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.bills.scenario_bodies import bill_of, using_up
from tests.api.bills.scenario_play import BILLED, Asked, authorize, created, serving_payers, typed
from tests.support.racing import STORES, beside
from tests.support.samples import Json
from tests.support.server import Server

REPEATED = ("76",)
"""The modifier of a procedure that the same provider repeated."""


@pytest.fixture(params=STORES)
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving_payers(tmp_path, STORES[request.param](tmp_path)) as running:
        yield running


@pytest.mark.scenario("S-47")
async def test_of_two_bills_at_once_for_the_last_unit_one_is_paid(server: Server) -> None:
    asked = await with_units_left(server, 1)
    answers = await answered_at_once([server] * 2, [one_unit(asked, "LAST-1"), one_unit(asked, "LAST-2")])
    assert Counter(map(codes, answers)) == {"paid 1": 1, "CO-198 N702 paid 0": 1}
    await assert_used_up(server, asked)


@pytest.mark.scenario("S-47")
async def test_two_processes_on_one_store_do_not_pay_the_last_unit_twice(server: Server, tmp_path: Path) -> None:
    asked = await with_units_left(server, 1)
    async with beside(server, tmp_path) as other:
        bills = [one_unit(asked, f"LAST-{place}") for place in range(8)]
        answers = await answered_at_once([server, other] * 4, bills)
    assert Counter(map(codes, answers)) == {"paid 1": 1, "CO-198 N702 paid 0": 7}
    await assert_used_up(server, asked)


@pytest.mark.scenario("S-48")
async def test_a_repeated_bill_gets_the_first_answer_and_draws_once(server: Server) -> None:
    asked = await with_units_left(server, 12)
    bill = bill_of(using_up("AU1", 4), "SAME", typed({"AU1": asked}))
    first = await server.post("/Claim/$submit", bill, client="biller")
    server.clock.move(days=1)
    second = await server.post("/Claim/$submit", bill, client="biller")
    assert first.status_code == 200
    assert second.content == first.content
    await assert_left(server, asked, 8)


@pytest.mark.scenario("S-48")
async def test_a_bill_sent_through_two_processes_at_once_counts_once(server: Server, tmp_path: Path) -> None:
    asked = await with_units_left(server, 12)
    bill = bill_of(using_up("AU1", 4), "SAME", typed({"AU1": asked}))
    async with beside(server, tmp_path) as other:
        sent = [one.post("/Claim/$submit", bill, client="biller") for one in [server, other] * 6]
        answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    await assert_left(server, asked, 8)
    found = await server.get("/Claim?use=claim&_total=accurate", client="biller")
    assert found.json()["total"] == 1


@pytest.mark.scenario("S-48")
async def test_a_created_copy_of_a_bill_gets_the_claim_of_the_bill(server: Server) -> None:
    asked = await with_units_left(server, 12)
    bill = bill_of(using_up("AU1", 4), "SAME", typed({"AU1": asked}))
    first, second = await created(server, bill), await created(server, bill)
    assert (first.claim, first.id) == (second.claim, second.id)
    await assert_left(server, asked, 8)


@pytest.mark.scenario("S-49")
async def test_of_equal_bills_at_once_under_their_own_identifiers_one_is_paid(server: Server, tmp_path: Path) -> None:
    asked = await with_units_left(server, 12)
    bills = [bill_of(using_up("AU1", 4), f"EQUAL-{place}", typed({"AU1": asked})) for place in range(6)]
    async with beside(server, tmp_path) as other:
        answers = await answered_at_once([server, other] * 3, bills)
    assert Counter(map(codes, answers)) == {"paid 4": 1, "OA-18 paid 0": 5}
    await assert_left(server, asked, 8)


@pytest.mark.scenario("S-49")
async def test_other_services_of_the_day_at_once_are_all_paid_and_each_only_once(
    server: Server, tmp_path: Path
) -> None:
    asked = await with_units_left(server, 12)

    def bills(copy: str) -> list[Json]:
        each = {"GP": 1, "GO": 2, "GN": 3}
        numbers = typed({"AU1": asked})
        return [bill_of(using_up("AU1", units, (own,)), f"{copy}-{own}", numbers) for own, units in each.items()]

    async with beside(server, tmp_path) as other:
        answers = await answered_at_once([server, other] * 3, [*bills("FIRST"), *bills("SECOND")])
        again = await answered_at_once([other] * 3, bills("THIRD"))
    assert Counter(map(codes, answers)) == {"paid 1": 1, "paid 2": 1, "paid 3": 1, "OA-18 paid 0": 3}
    assert Counter(map(codes, again)) == {"OA-18 paid 0": 3}
    await assert_left(server, asked, 6)


@pytest.mark.scenario("S-48")
async def test_of_different_bills_at_once_under_one_identifier_one_is_paid(server: Server, tmp_path: Path) -> None:
    asked = await with_units_left(server, 12)
    bills = [bill_of(using_up("AU1", units), "SAME", typed({"AU1": asked})) for units in range(1, 5)]
    async with beside(server, tmp_path) as other:
        running = zip([server, other] * 2, bills, strict=True)
        answers = await asyncio.gather(*(one.post("/Claim/$submit", bill, client="biller") for one, bill in running))
    assert {answer.status_code for answer in answers} == {200}
    [paid] = [answer for answer in (codes(read(each.content)) for each in answers) if answer != "OA-18 paid 0"]
    await assert_left(server, asked, 12 - int(paid.removeprefix("paid ")))


@pytest.mark.slow
@pytest.mark.scenario("S-76")
async def test_of_200_bills_at_once_on_12_units_exactly_12_are_paid(server: Server) -> None:
    asked = await with_units_left(server, 12)
    bills = [one_unit(asked, f"RACE-{place}") for place in range(200)]
    answers = await answered_at_once([server] * 200, bills)
    assert Counter(map(codes, answers)) == {"paid 1": 12, "CO-198 N702 paid 0": 188}
    assert len({answer["id"] for answer in answers}) == 200
    await assert_used_up(server, asked)


async def with_units_left(server: Server, units: int) -> Asked:
    """Request AU1 and draw on it until `units` units are left."""
    asked = await authorize(server, "AU1")
    server.clock.instant = BILLED
    if units < 12:
        await created(server, bill_of(using_up("AU1", 12 - units), "EARLIER", typed({"AU1": asked})))
    return asked


def one_unit(asked: Asked, identifier: str) -> Json:
    """Bill one unit of a repeated service, which is no duplicate."""
    return bill_of(using_up("AU1", 1, REPEATED), identifier, typed({"AU1": asked}))


async def answered_at_once(servers: list[Server], bills: list[Json]) -> list[Json]:
    sent = (server.post("/Claim/$submit", bill, client="biller") for server, bill in zip(servers, bills, strict=True))
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {200}
    return [read(answer.content) for answer in answers]


def codes(response: Json) -> str:
    """Return the result of the only line, such as `paid 1` or `CO-198 N702 paid 0`."""
    line: LineAnswer
    [line] = lines_of(response)
    why = [line.why, *line.remarks] if line.why else []
    return " ".join([*why, f"paid {line.benefit[0]}"])


async def assert_used_up(server: Server, asked: Asked) -> None:
    await assert_left(server, asked, 0)


async def assert_left(server: Server, asked: Asked, units: int) -> None:
    """Check the units left in the record, and the sum of the ledger."""
    stored = await authorizations.by_id(server.system.documents, asked.id)
    assert stored is not None
    [item] = stored.authorization.items
    assert available(item) == units
    drawn = [-entry.units for entry in await ledger.entries_of(server.system.documents, asked.id)]
    assert sum(drawn, Decimal(0)) == 12 - units
    assert await with_number(server, asked, "ClaimResponse") == await with_number(server, asked, "Claim")


async def with_number(server: Server, asked: Asked, type_: str) -> int:
    """Count the bills, or the answers to them, with the number."""
    path = f"/{type_}?pre-auth-ref={asked.number}&use=claim&_total=accurate"
    total: int = (await server.get(path, client="biller")).json()["total"]
    return total
