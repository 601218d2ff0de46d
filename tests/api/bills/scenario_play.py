"""Play a scenario over HTTP: submit its requests, its earlier bills, and its bill through a door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.fhir.json import read
from app.policy.loading import load_policy
from app.policy.policy import Policy
from app.ports import Documents
from tests.api.bills.scenario_bodies import bill_of, in_bundle, request_of, using_up
from tests.api.bills.scenario_table import Bill, Scenario, table
from tests.api.reading import administration_number
from tests.api.reviewing import decide, ruling
from tests.support.samples import Json, coverage, patient
from tests.support.server import Server, serving

POLICIES = Path(__file__).with_name("policies")
RECEIVED = datetime(2025, 12, 20, 15, 0, tzinfo=UTC)
BILLED = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
NEVER_ISSUED = "PA260000030"


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
    """Serve both payers of the scenarios. `payer_says` replaces keys of the first payer's policy."""
    changes = {name.replace("-", "_"): value for name, value in (payer_says or {}).items()}
    first, second = _policies()
    payers = {"sample-payer": first.model_copy(update=changes), "second-payer": second}
    async with serving(folder, documents=documents, policies=payers) as server:
        server.clock.instant = RECEIVED
        yield server


async def authorize(server: Server, name: str) -> Asked:
    """Request an authorization of the table, on the common day of receipt."""
    server.clock.instant = RECEIVED
    items = table().authorizations[name].items
    # Only the earlier edition lets an item leave open where it happens.
    base = "/2.0.1/fhir" if any(item.place == "any" for item in items) else "/fhir"
    answer = await server.post("/Claim/$submit", request_of(name), base=base)
    assert answer.status_code == 200, answer.text
    response: Json = read(answer.content)["entry"][0]["resource"]
    return Asked(response, response.get("preAuthRef") or administration_number(response))


async def register(server: Server, member: str) -> None:
    """Register a member as the payer's administrator."""
    created = await server.post("/Patient", patient(member), client="admin")
    assert created.status_code == 201, created.text
    beneficiary = {"beneficiary": {"reference": f"Patient/{created.json()['id']}"}}
    payor = {"payor": [{"reference": "Organization/sample-payer"}]}
    covered = await server.post("/Coverage", coverage(member) | beneficiary | payor, client="admin")
    assert covered.status_code == 201, covered.text


def typed(asked: Mapping[str, Asked]) -> dict[str, str]:
    """Return the numbers by the table's words for them."""
    numbers = {"never issued": NEVER_ISSUED}
    for name, one in asked.items():
        number = one.number
        numbers[name] = number
        numbers[f"{name}, typed by hand"] = f" {number[:2]}-{number[2:6]} {number[6:]} ".lower()
        numbers[f"{name}, miscopied"] = number[:-1] + ("1" if number.endswith("0") else "0")
    return numbers


async def begin(server: Server, scenario: Scenario) -> dict[str, Asked]:
    """Set up the members, authorizations and earlier bills of a scenario."""
    on_file = set(scenario.on_file)
    if scenario.payer_says.get("members") == "registered-only":
        on_file |= {table().authorizations[name].member for name in scenario.given}
    for member in on_file:
        await register(server, member)
    asked = {name: await authorize(server, name) for name in scenario.given}
    for name in scenario.approved:
        decided = await decide(server, asked[name].id, ruling(1, "certify", **{"for": "P90D"}))
        assert decided.status_code == 200, decided.text
    server.clock.instant = BILLED
    for name, units in scenario.used.items():
        answered = await created(server, bill_of(using_up(name, units), f"EARLIER-{name}", typed(asked)))
        assert paid_units(answered) == units
    return asked


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
    return Answered(response, response["request"]["reference"].removeprefix("Claim/"))


async def _bundled(server: Server, claim: Json, bill: Bill) -> Answered:
    sent = in_bundle(claim, bill)
    answer = await server.post("/Claim/$submit", sent, client="biller")
    assert answer.status_code == 200, answer.text
    entries = read(answer.content)["entry"]
    response = entries[0]["resource"]
    assert response["request"]["reference"] == sent["entry"][0]["fullUrl"]
    kept = read((await server.get(f"/ClaimResponse/{response['id']}", client="biller")).content)
    return Answered(response, kept["request"]["reference"].removeprefix("Claim/"))


DOORS: dict[str, Door] = {"bare": _bare, "Bundle": _bundled, "create": created}
"""The doors of a bill: a Claim or a Bundle through `$submit`, or a Claim by FHIR create."""


@cache
def _policies() -> tuple[Policy, Policy]:
    return load_policy(POLICIES / "sample-payer.yaml"), load_policy(POLICIES / "second-payer.yaml")
