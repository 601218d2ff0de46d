"""Play every row of scenarios.yaml through every door: check the answer and the units left."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.domain.authorization_number import canonical
from app.domain.ledger import available, check_balance
from app.domain.line_result import plain
from app.domain.service_line import ServiceLine
from app.domain.units import name_of
from app.fhir.json import read
from app.ports import Documents
from app.records import authorizations, ledger
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.bills.scenario_bodies import PRICE, bill_of
from tests.api.bills.scenario_play import DOORS, Answered, Asked, authorize, begin, serving_payers, typed
from tests.api.bills.scenario_table import Expected, Scenario, table
from tests.api.reading import actions, extension, extensions
from tests.support.samples import Json
from tests.support.server import Server

ROWS = [pytest.param(row, id=row.id, marks=pytest.mark.scenario(row.id)) for row in table().scenarios]


@pytest.mark.parametrize("scenario", ROWS)
@pytest.mark.parametrize("door", DOORS)
async def test_a_bill_gets_the_answer_in_the_table(scenario: Scenario, door: str, tmp_path: Path) -> None:
    await play(scenario, door, tmp_path, MemoryDocuments())


@pytest.mark.parametrize("scenario", ROWS)
async def test_a_bill_gets_the_same_answer_from_sqlite(scenario: Scenario, tmp_path: Path) -> None:
    await play(scenario, "create", tmp_path, SqliteDocuments(tmp_path / "scenario.sqlite3"))


@pytest.mark.parametrize("name", table().authorizations)
async def test_the_authorizations_of_the_scenarios_match_the_table(name: str, tmp_path: Path) -> None:
    async with serving_payers(tmp_path) as server:
        response = (await authorize(server, name)).response
        stored = await authorizations.by_id(server.system.documents, response["id"])
    assert stored is not None
    items = table().authorizations[name].items
    assert [seen(item.requested) for item in stored.authorization.items] == [item.saw for item in items]
    assert list(actions(response).values()) == [item.answer for item in items]
    granted = [item for item in items if item.answer in {"A1", "A6"}]
    assert ("preAuthRef" in response) == bool(granted)
    periods = [extension(item, "extension-itemPreAuthPeriod")["valuePeriod"] for item in _granted_items(response)]
    assert periods == [{"start": str(item.from_), "end": str(item.to)} for item in granted]


def test_every_scenario_is_listed_once() -> None:
    ids = [row.id for row in table().scenarios]
    assert len(ids) == len(set(ids))
    assert {name for row in table().scenarios for name in row.given} == set(table().authorizations)


async def play(scenario: Scenario, door: str, folder: Path, documents: Documents) -> None:
    async with serving_payers(folder, documents, scenario.payer_says) as server:
        asked = await begin(server, scenario)
        claim = bill_of(scenario.bill, f"BILL-{scenario.id}", typed(asked))
        answered = await DOORS[door](server, claim, scenario.bill)
        check_answer(server, scenario, answered)
        await check_units_left(server, scenario, asked, answered)
        await check_both_sides(server, scenario, asked, answered)


def check_answer(server: Server, scenario: Scenario, answered: Answered) -> None:
    """Check that each line has one adjudication, that its amounts add up, and that a note says what to do."""
    response = answered.response
    assert (response["use"], response["outcome"]) == ("claim", "complete")
    found = lines_of(response)
    for line, expected, billed in zip(found, scenario.answer, scenario.bill.lines, strict=True):
        assert line.submitted == (billed.units, billed.units * PRICE)
        assert line.benefit == (expected.paid, expected.paid * PRICE)
        assert tuple(map(sum, zip(line.benefit, line.adjusted, strict=True))) == line.submitted
        assert (line.why, line.remarks) == (expected.why, expected.remarks)
        check_notes(server, line, expected)
    numbers = {line.linked["number"] for line in found if line.linked and "units-drawn" in line.linked}
    assert response.get("preAuthRef") == (numbers.pop() if len(numbers) == 1 else None)


def check_notes(server: Server, line: LineAnswer, expected: Expected) -> None:
    if expected.reason is not None:
        reason = server.system.shipped.adjudication_reasons[expected.reason]
        assert f"{reason.text} {reason.next_step}" in line.notes
    if expected.note is not None:
        assert any(expected.note in note for note in line.notes)
    assert (line.why is None) == (expected.reason is None)


async def check_units_left(server: Server, scenario: Scenario, asked: dict[str, Asked], answered: Answered) -> None:
    """Check that the answer, the record and the ledger agree on the units left."""
    links = [line.linked for line in lines_of(answered.response) if line.linked]
    for name, left in scenario.left.items():
        stored = await authorizations.by_id(server.system.documents, asked[name].id)
        assert stored is not None
        item = stored.authorization.items[0]
        assert available(item) == left
        said = [link for link in links if link["number"] == asked[name].number and "units-drawn" in link]
        assert [Decimal(link["units-remaining"]) for link in said] == [left] * len(said)
        check_balance(stored.authorization, await ledger.entries_of(server.system.documents, asked[name].id))
    assert set(scenario.left) == {name for name in scenario.given if table().authorizations[name].items[0].from_}


async def check_both_sides(server: Server, scenario: Scenario, asked: dict[str, Asked], answered: Answered) -> None:
    """Check that a search by number finds its bills and its answers."""
    numbers = typed(asked)
    on_bill = {scenario.bill.number, *(line.number for line in scenario.bill.lines)} - {None}
    carried = {canonical(numbers[word]) for word in on_bill if word}
    linked = [line.linked for line in lines_of(answered.response) if line.linked]
    assert {link["number"] for link in linked if "units-drawn" in link} <= carried
    for one in asked.values():
        claims = await found_by(server, "Claim", one.number)
        assert (answered.claim in claims) == (one.number in carried)
        if "preAuthRef" in one.response:
            assert await found_by(server, "ClaimResponse", one.number) >= {one.id}
    for number in {link["number"] for link in linked}:
        assert answered.id in await found_by(server, "ClaimResponse", number)


async def found_by(server: Server, type_: str, number: str) -> set[str]:
    answer = await server.get(f"/{type_}?pre-auth-ref={number}", client="biller")
    assert answer.status_code == 200, answer.text
    return {entry["resource"]["id"] for entry in read(answer.content).get("entry", [])}


def seen(line: ServiceLine) -> str:
    """Return the facts of a line that review looked at, as the table writes them."""
    codes = "+".join(coding.code for coding in line.services)
    end = f"-{line.service_end.code}" if line.service_end is not None else ""
    modifiers = "".join(f" {modifier}" for modifier in line.modifiers)
    unit = f" {name_of(line.unit)}" if line.unit is not None else ""
    place = f"at {line.place.code}" if line.place is not None else "anywhere"
    days = f", {line.serviced.start} to {line.serviced.end}" if line.serviced is not None else ""
    return f"{codes}{end}{modifiers} x{plain(line.quantity)}{unit} {place}{days}"


def _granted_items(response: Json) -> list[Json]:
    return [item for item in response["item"] if extensions(item, "extension-itemPreAuthPeriod")]
