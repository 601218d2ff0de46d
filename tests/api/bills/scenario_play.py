"""Play a scenario over HTTP: submit its requests, its earlier bills, and its bill through a door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.fhir.json import read
from app.ports import Documents
from tests.api.bills.played.policies import policies
from tests.api.bills.played.requests import request_of
from tests.api.bills.played.rows import Bill
from tests.api.bills.played.story import Coverage, Scenario
from tests.api.bills.scenario_bodies import bill_of, in_bundle, using_up
from tests.api.bills.scenario_table import table
from tests.api.reading import administration_number, extensions
from tests.api.reviewing import decide, ruling
from tests.support.samples import Json, coverage, patient
from tests.support.server import Server, serving

RECEIVED = datetime(2025, 12, 20, 15, 0, tzinfo=UTC)
BILLED = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
NEVER_ISSUED = "PA260000030"
ALWAYS = Coverage()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of a door, and the ids of the stored Claim and ClaimResponse."""

    response: Json
    claim: str

    @property
    def id(self) -> str:
        return str(self.response["id"])


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to a request of the table. `number` goes on its bills; it is empty if the answer has none."""

    response: Json
    number: str

    @property
    def id(self) -> str:
        return str(self.response["id"])


Door = Callable[[Server, Json, Bill], Awaitable[Answered]]


@asynccontextmanager
async def serving_payers(
    folder: Path, documents: Documents | None = None, payer_says: Mapping[str, Any] | None = None
) -> AsyncIterator[Server]:
    """Serve both payers of the scenarios. `payer_says` is merged into the first payer's policy."""
    async with serving(folder, documents=documents, policies=policies(payer_says or {})) as server:
        server.clock.instant = RECEIVED
        yield server


async def authorize(server: Server, name: str, reference: str | None = None, at: datetime | None = RECEIVED) -> Asked:
    """Request an authorization of the table, now or at another time."""
    server.clock.instant = at or server.clock.instant
    items = table().authorizations[name].items
    # Only the earlier edition lets an item leave open where it happens.
    base = "/2.0.1/fhir" if any(item.place == "any" for item in items) else "/fhir"
    answer = await server.post("/Claim/$submit", request_of(name, reference), base=base)
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)["entry"][0]["resource"]
    return Asked(response, response.get("preAuthRef") or administration_number(response))


async def register(server: Server, member: str) -> None:
    """Register a member as the payer's administrator."""
    created = await server.post("/Patient", patient(member), client="admin")
    assert created.status_code == 201, created.text
    await cover(server, member, created.json()["id"])


async def cover(server: Server, member: str, person: str, terms: Coverage = ALWAYS) -> None:
    """Store a coverage of a person as the payer's administrator."""
    beneficiary = {"beneficiary": {"reference": f"Patient/{person}"}}
    payor = {"payor": [{"reference": "Organization/sample-payer"}]}
    ends = {"start": terms.from_, "end": terms.to}
    period = {name: day.isoformat() for name, day in ends.items() if day is not None}
    body = coverage(member) | beneficiary | payor | {"status": terms.status} | ({"period": period} if period else {})
    if terms.status != "active":
        del body["meta"]  # The profile allows only active ones.
    covered = await server.post("/Coverage", body, client="admin")
    assert covered.status_code == 201, covered.text


def typed(asked: Mapping[str, Asked]) -> dict[str, str]:
    """Return the numbers by the table's words for them."""
    numbers = {"never issued": NEVER_ISSUED}
    for name, one in asked.items():
        number = one.number
        numbers[name] = number
        numbers[f"{name}, typed by hand"] = f" {number[:2]}-{number[2:6]} {number[6:]} ".lower()
        numbers[f"{name}, miscopied"] = number[:-1] + ("1" if number.endswith("0") else "0")
        numbers |= {f"the reference of {name}": text for text in _references(one.response)}
    return numbers


def _references(response: Json) -> list[str]:
    """Return the case references of an answer: only some items have one."""
    listed = [extensions(item, "extension-administrationReferenceNumber") for item in response["item"]]
    return [str(one["valueString"]) for found in listed for one in found]


async def begin(server: Server, scenario: Scenario) -> dict[str, Asked]:
    """Set up the members, authorizations and earlier bills of a scenario."""
    on_file = set(scenario.on_file)
    if scenario.payer_says.get("members") == "registered-only":
        on_file |= {table().authorizations[name].member for name in scenario.given}
    for member in on_file:
        await register(server, member)
    times = {name: RECEIVED + timedelta(minutes=place) for place, name in enumerate(scenario.given)}
    asked = {name: await authorize(server, name, at=at) for name, at in times.items()}
    for name in scenario.approved:
        decided = await decide(server, asked[name].id, ruling(1, "certify", **{"for": "P90D"}))
        assert decided.status_code == 200, decided.text
    for member, coverages in scenario.covered.items():
        for terms in coverages:
            await cover(server, member, await _person(server, member), terms)
    server.clock.instant = BILLED
    for name, units in scenario.used.items():
        answered = await created(server, bill_of(using_up(name, units), f"EARLIER-{name}", typed(asked)))
        assert paid_units(answered) == units
    return asked


async def _person(server: Server, member: str) -> str:
    found = read((await server.get("/Patient", client="admin")).content)
    people = [one["resource"] for one in found["entry"]]
    [person] = [one["id"] for one in people if one["identifier"][0]["value"] == member]
    return str(person)


def paid_units(answered: Answered) -> Decimal:
    """Return the units that an answer pays, over all lines."""
    amounts = [each for item in answered.response["item"] for each in item["adjudication"]]
    benefits = [each["value"] for each in amounts if each["category"]["coding"][0]["code"] == "benefit"]
    return sum((Decimal(value) for value in benefits), Decimal(0))


async def created(server: Server, claim: Json, _: Bill | None = None) -> Answered:
    """Bill by FHIR create, and look up the answer by its request."""
    answer = await server.post("/Claim", claim, client="biller")
    assert answer.status_code == 201, answer.text
    claim_id = answer.json()["id"]
    assert answer.headers["location"].endswith(f"/fhir/Claim/{claim_id}/_history/1")
    found = await server.get(f"/ClaimResponse?request=Claim/{claim_id}", client="biller")
    [match] = read(found.content)["entry"]
    return Answered(match["resource"], claim_id)


async def _bare(server: Server, claim: Json, _: Bill) -> Answered:
    answer = await server.post("/Claim/$submit", claim, client="biller")
    assert answer.status_code == 200, answer.text
    response = read(answer.content)
    return Answered(response, response["request"].get("reference", "").removeprefix("Claim/"))


async def _bundled(server: Server, claim: Json, bill: Bill) -> Answered:
    sent = in_bundle(claim, bill)
    answer = await server.post("/Claim/$submit", sent, client="biller")
    assert answer.status_code == 200, answer.text
    entries = read(answer.content)["entry"]
    response = entries[0]["resource"]
    assert response["request"]["reference"] == sent["entry"][0]["fullUrl"]
    if bill.dry_run:
        return Answered(response, "")
    kept = read((await server.get(f"/ClaimResponse/{response['id']}", client="biller")).content)
    return Answered(response, kept["request"]["reference"].removeprefix("Claim/"))


DOORS: dict[str, Door] = {"bare": _bare, "Bundle": _bundled, "create": created}
"""The doors of a bill: a Claim or a Bundle through `$submit`, or a Claim by FHIR create."""
