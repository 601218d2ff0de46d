"""Play every row of scenarios/ through its doors: check the answers and the units left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.domain.line_result import plain
from app.domain.service_line import ServiceLine
from app.domain.units import name_of
from app.policy.loading import shipped_tables
from app.ports import Documents
from app.records import authorizations
from tests.api.bills.played.checks import check_units_left
from tests.api.bills.played.steps import Play
from tests.api.bills.played.story import Scenario
from tests.api.bills.scenario_play import DOORS, authorize, begin, serving_payers
from tests.api.bills.scenario_table import table
from tests.api.reading import actions, extension, extensions
from tests.support.samples import Json


def marked(row: Scenario) -> pytest.MarkDecorator | tuple[pytest.MarkDecorator, ...]:
    """Mark a row with its id. A row that awaits a part of the server must fail until the part is there."""
    named = pytest.mark.scenario(row.id)
    return (named, pytest.mark.xfail(reason=f"awaits {row.awaits}", strict=True)) if row.awaits else named


def plays() -> Iterator[Any]:
    """Yield each row with its doors. A variant, whose id ends with a letter, takes one door, in turns."""
    turns = cycle(DOORS)
    for row in table().scenarios:
        doors = [next(turns)] if row.id[-1].isalpha() else list(DOORS)
        yield from (pytest.param(row, door, id=f"{door}-{row.id}", marks=marked(row)) for door in doors)


STORES: dict[str, Callable[[Path], Documents]] = {
    "bare": lambda _: MemoryDocuments(),
    "Bundle": lambda _: MemoryDocuments(),
    "create": lambda folder: SqliteDocuments(folder / "scenario.sqlite3"),
}
"""The store behind each door: the doors and the stores are independent, so that no row needs all pairs."""


@pytest.mark.parametrize(("scenario", "door"), list(plays()))
async def test_a_bill_gets_the_answer_in_the_table(scenario: Scenario, door: str, tmp_path: Path) -> None:
    async with serving_payers(tmp_path, STORES[door](tmp_path), scenario.payer_says) as server:
        acting = Play(server, scenario, door, await begin(server, scenario))
        for step in scenario.acts:
            await acting.act(step)
        await check_units_left(server, scenario.left, acting.asked)


@pytest.mark.parametrize("name", [name for name, asked in table().authorizations.items() if asked.appeals is None])
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


def test_every_reason_of_a_denial_has_a_scenario() -> None:
    answers = (answer for row in table().scenarios for step in row.acts for answer in step.answer)
    reached = {answer.reason for answer in answers}
    assert shipped_tables().adjudication_reasons.keys() - reached == set()


def test_every_scenario_gives_the_units_left_at_its_end() -> None:
    for row in table().scenarios:
        authorized = {name for name in row.given if table().authorizations[name].items[0].from_} - {"LATE1", "LATE2"}
        assert row.left.keys() >= authorized, row.id


def test_every_scenario_is_listed_once_and_every_authorization_is_used() -> None:
    ids = [row.id for row in table().scenarios]
    assert len(ids) == len(set(ids))
    later = {step.request for row in table().scenarios for step in row.steps if step.request}
    assert {name for row in table().scenarios for name in row.given} | later == set(table().authorizations)


def seen(line: ServiceLine) -> str:
    """Return the facts of a line that review looked at, as the table writes them."""
    codes = "+".join(coding.code for coding in line.naming)
    end = f"-{line.service_end.code}" if line.service_end is not None else ""
    modifiers = "".join(f" {modifier}" for modifier in line.modifiers)
    unit = f" {name_of(line.unit)}" if line.unit is not None else ""
    place = f"at {line.place.code}" if line.place is not None else "anywhere"
    days = f", {line.serviced.start} to {line.serviced.end}" if line.serviced is not None else ""
    return f"{codes}{end}{modifiers} x{plain(line.quantity)}{unit} {place}{days}"


def _granted_items(response: Json) -> list[Json]:
    return [item for item in response["item"] if extensions(item, "extension-itemPreAuthPeriod")]
