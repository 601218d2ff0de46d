"""Serve the payers of the scenarios with a block `billing` in the first payer's policy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app.fhir.json import read
from tests.api.bills.played.rows import Bill, Line
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.bills.scenario_bodies import bill_of
from tests.api.bills.scenario_play import BILLED, Asked, authorize, serving_payers, typed
from tests.support.samples import Json
from tests.support.server import Server


@asynccontextmanager
async def serving_with(folder: Path, billing: str) -> AsyncIterator[Server]:
    terms = YAML(typ="safe", pure=True).load(billing)
    async with serving_payers(folder, payer_says={"billing": terms}) as server:
        yield server


async def authorized(server: Server, *names: str) -> dict[str, Asked]:
    """Request authorizations of the table, and let the day of the bill come."""
    asked = {name: await authorize(server, name) for name in names}
    server.clock.instant = BILLED
    return asked


async def billed(
    server: Server, *lines: Line, asked: dict[str, Asked] | None = None, number: str | None = None, **bill: Any
) -> Json:
    """Send a bill of the table's shape, and return its answer."""
    sent = Bill(lines=lines, number=number, **bill)
    identifier = f"BILL-{abs(hash(repr(sent)))}"
    answer = await server.post("/Claim/$submit", bill_of(sent, identifier, typed(asked or {})), client="biller")
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)
    return response


def reasons(response: Json) -> list[str]:
    """Return what each line was answered: `paid`, or group, CARC and RARCs as in `CO-198 N435`."""
    return list(map(_reason, lines_of(response)))


def _reason(line: LineAnswer) -> str:
    return " ".join(["paid" if line.why is None else line.why, *line.remarks])
