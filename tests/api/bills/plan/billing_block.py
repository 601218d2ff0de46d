"""Serve the payers of the scenarios with a block `billing` in the first payer's policy."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import indent
from typing import Any

from app.fhir.json import read
from app.policy.loading import load_policy
from tests.api.bills.played.policies import POLICIES
from tests.api.bills.played.rows import Bill, Line
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.bills.scenario_bodies import bill_of
from tests.api.bills.scenario_play import BILLED, RECEIVED, Asked, authorize, register, typed
from tests.support.samples import Json
from tests.support.server import Server, serving


@asynccontextmanager
async def serving_with(folder: Path, billing: str, *rules: str) -> AsyncIterator[Server]:
    """Serve the payers. `billing` is the block of the first payer's policy; `rules` come before its own."""
    text = (POLICIES / "sample-payer.yaml").read_text(encoding="utf-8")
    before, _, after = text.partition("\nrules:\n")
    first = "".join(f"  - {rule}\n" for rule in rules)
    file = folder / "sample-payer.yaml"
    file.write_text(f"{before}\nbilling:\n{indent(billing, '  ')}\nrules:\n{first}{after}", encoding="utf-8")
    payers = {"sample-payer": load_policy(file), "second-payer": load_policy(POLICIES / "second-payer.yaml")}
    data = folder / "data"
    data.mkdir()
    async with serving(data, policies=payers) as server:
        server.clock.instant = RECEIVED
        yield server


async def on_file(server: Server, *members: str) -> None:
    """Register members, and let the day of the bill come."""
    for member in members:
        await register(server, member)
    server.clock.instant = BILLED


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
    identifier = f"BILL-{hashlib.sha256(repr(sent).encode()).hexdigest()[:10]}"
    answer = await server.post("/Claim/$submit", bill_of(sent, identifier, typed(asked or {})), client="biller")
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)
    return response


def reasons(response: Json) -> list[str]:
    """Return what each line was answered: `paid`, or group, CARC and RARCs as in `CO-198 N435`."""
    return list(map(_reason, lines_of(response)))


def _reason(line: LineAnswer) -> str:
    return " ".join(["paid" if line.why is None else line.why, *line.remarks])
