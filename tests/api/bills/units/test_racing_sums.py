"""Two servers on one lasting store: bills that race for shared numbers are paid exactly the units that were granted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from app.adapters.sqlite.store import SqliteDocuments
from app.fhir.json import read
from app.ports import Documents
from tests.api.bills.played.checks import check_units_left
from tests.api.bills.played.rows import Bill, Line
from tests.api.bills.scenario_answer import lines_of
from tests.api.bills.scenario_bodies import bill_of, using_up
from tests.api.bills.scenario_play import BILLED, authorize, serving_payers, typed
from tests.store.places import MongoPlace
from tests.support.racing import beside
from tests.support.server import Server

BILLS = 12
UNITS = Decimal(3)


@pytest.fixture(params=["sqlite", "mongodb"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Server]:
    if request.param == "sqlite":
        documents: Documents = SqliteDocuments(tmp_path / "races.sqlite3")
    else:
        place = MongoPlace(request.getfixturevalue("mongodb_url"), f"preauth-{uuid4().hex}")
        documents = place.documents()
    async with serving_payers(tmp_path, documents) as running:
        yield running


@pytest.mark.scenario("S-46")
@pytest.mark.scenario("S-76")
async def test_bills_that_race_for_two_numbers_are_paid_the_units_of_both(server: Server, tmp_path: Path) -> None:
    asked = {name: await authorize(server, name) for name in ("AU10", "AU11")}
    server.clock.instant = BILLED
    [line] = using_up("AU10", int(UNITS), ("76",)).lines
    bills = [sharing(line, place) for place in range(BILLS)]
    sent = [bill_of(bill, f"RACE-{place}", typed(asked)) for place, bill in enumerate(bills)]
    async with beside(server, tmp_path) as other:
        posts = zip([server, other] * (BILLS // 2), sent, strict=True)
        answers = await asyncio.gather(*(one.post("/Claim/$submit", bill, client="biller") for one, bill in posts))
    assert {answer.status_code for answer in answers} == {200}
    lines = [found for answer in answers for found in lines_of(read(answer.content))]
    assert {found.benefit[0] + found.adjusted[0] for found in lines} == {UNITS}
    assert sum(found.benefit[0] for found in lines) == 14
    assert sum(Decimal(link["units-drawn"]) for found in lines for link in found.links if "units-drawn" in link) == 14
    await check_units_left(server, {"AU10": Decimal(0), "AU11": Decimal(0)}, asked)


def sharing(line: Line, place: int) -> Bill:
    """Bill with both numbers, in turns in either order."""
    numbers = ("AU10", "AU11") if place % 2 else ("AU11", "AU10")
    return Bill(number=numbers, lines=(line,))
