"""Grant units of therapy, bill them, and read the answers: over HTTP, under the terms of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.fhir.json import read
from app.policy.policy_text import parse_policy
from app.ports import Documents
from app.records import authorizations, ledger
from tests.api.bills.scenario_answer import CARC, GROUP, LINKED, RARC
from tests.api.reading import notes
from tests.policies.builders import TABLES
from tests.support.sample_parties import REQUESTOR
from tests.support.samples import Json, billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server, serving

RECEIVED = datetime(2025, 12, 10, 15, 0, tzinfo=UTC)
BILLED = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
POLICY = """
policy: sample-payer
payer:
  name: Payer of the tests
  identifiers: [{system: "http://hl7.org/fhir/sid/us-npi", value: "1234567893"}]
  timezone: America/New_York
members: accept-unknown
appeal: {within: P60D, how: Write to us., source: S}
rules:
  - id: therapy
    title: Therapy is authorized
    reference: R
    effective: {from: 2025-01-01}
    when: [{test: service-in, system: cpt, ranges: ["97110-97140"]}]
    then: {action: certify, for: P1Y THEN}
  - id: others
    title: Others need review
    reference: R
    effective: {from: 2025-01-01}
    then: {action: pend, reason: medical-necessity}
"""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """The answer to a line.

    `answer` is such as `paid 6, CO-198 1`; `draws` are such as `8, left 0`. `amounts` is the sum of all amounts but the
    submitted one.
    """

    answer: str
    draws: tuple[str, ...]
    remarks: tuple[str, ...]
    notes: tuple[str, ...]
    submitted: Decimal
    amounts: Decimal


@asynccontextmanager
async def serving_units(
    folder: Path, then: str = "", more: str = "", documents: Documents | None = None
) -> AsyncIterator[Server]:
    """Serve a payer. `then` are further keys of its rule for therapy, `more` are keys of its policy."""
    policy = parse_policy(POLICY.replace(" THEN", then) + more, "test.yaml", TABLES)
    async with serving(folder, documents=documents, policies={policy.name: policy}) as server:
        server.clock.instant = RECEIVED
        yield server


async def granted(server: Server, units: Any = 12, *, name: str = "REQUEST-1", **item: Any) -> Json:
    """Request units of 97110 for the year 2026, and return the answer."""
    asked = request_item(quantity=units, period=("2026-01-01", "2026-12-31"), **item)
    answer = await server.post("/Claim/$submit", request_bundle(identifier=name, items=[asked]))
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)["entry"][0]["resource"]
    return response


def number_of(response: Json) -> str:
    """Return the authorization number of an answer."""
    return str(response["preAuthRef"])


async def billed(
    server: Server, numbers: Sequence[str], *lines: Json, client: str = "biller", provider: str = REQUESTOR
) -> list[LineAnswer]:
    """Bill lines with authorization numbers, and return the answers."""
    server.clock.instant = max(server.clock.instant, BILLED)
    claim = billing_claim(number=None, lines=list(lines), billing_provider=provider)
    claim["insurance"][0] |= {"preAuthRef": list(numbers)} if numbers else {}
    answer = await server.post("/Claim/$submit", claim, client=client)
    assert answer.status_code == 200, answer.text
    response = read(answer.content)
    return [_read(response, item) for item in response["item"]]


def therapy(units: Any = 4, day: str = "2026-03-02", last: str | None = None, **changes: Any) -> Json:
    """Return a line with units of 97110 on a day, or on the days up to the last."""
    line = billed_line(quantity=units, day=None if last else day, **changes)
    return line if last is None else line | {"servicedPeriod": {"start": day, "end": last}}


async def drawn(server: Server, response: Json) -> Decimal:
    """Return the units drawn on the first item of an authorization, by its record and by its ledger."""
    documents = server.system.documents
    stored = await authorizations.by_id(documents, str(response["id"]))
    assert stored is not None
    entries = await ledger.entries_of(documents, stored.authorization.id)
    used = stored.authorization.items[0].consumed
    assert used == -sum((entry.units for entry in entries if entry.item == "1" and entry.kind != "share"), Decimal(0))
    return used


def _read(response: Json, item: Json) -> LineAnswer:
    by_category: dict[str, list[Json]] = {}
    for entry in item["adjudication"]:
        by_category.setdefault(entry["category"]["coding"][0]["code"], []).append(entry)
    [submitted], [benefit] = by_category["submitted"], by_category["benefit"]
    adjustments = by_category.get("adjustment", [])
    return LineAnswer(
        answer=", ".join([f"paid {_plain(benefit['value'])}", *map(_adjustment, adjustments)]),
        draws=tuple(draw for link in item.get("extension", ()) if link["url"] == LINKED and (draw := _draw(link))),
        remarks=tuple(_code(entry["reason"], RARC) for entry in by_category.get("remark", [])),
        notes=tuple(notes(response, item)),
        submitted=Decimal(submitted["amount"]["value"]),
        amounts=sum((Decimal(entry["amount"]["value"]) for entry in [benefit, *adjustments]), Decimal(0)),
    )


def _adjustment(entry: Json) -> str:
    return f"{_code(entry['category'], GROUP)}-{_code(entry['reason'], CARC)} {_plain(entry['value'])}"


def _draw(link: Json) -> str:
    parts = {part["url"]: part.get("valueDecimal") for part in link["extension"]}
    left = "no limit" if parts.get("units-remaining") is None else _plain(parts["units-remaining"])
    return f"{_plain(parts['units-drawn'])}, left {left}" if "units-drawn" in parts else ""


def _plain(value: Any) -> str:
    return f"{Decimal(value).normalize():f}"


def _code(concept: Json, system: str) -> str:
    [code] = [coding["code"] for coding in concept["coding"] if coding["system"] == system]
    return str(code)
