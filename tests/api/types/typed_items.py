"""What a provider's system sends for each type of authorization, and how the answers show the type."""

from __future__ import annotations

from typing import Any

from app.codes import AUTHORIZATION_TYPE
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.reading import Json, resources
from tests.support.samples import billing_claim, extension, request_item, x12
from tests.support.server import Server

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def typed_item(
    code: str, quantity: int, days: tuple[str, str], *, kind: str = "HS", certification: str = "I", **more: Any
) -> Json:
    """Build an item with its request type and its certification type."""
    types = [
        extension("extension-serviceItemRequestType", valueCodeableConcept=x12("1525", kind)),
        extension("extension-certificationType", valueCodeableConcept=x12("1322", certification)),
    ]
    return request_item(1, code, quantity, period=days, extension=types, **more)


def stay(days: int, last: str, *, certification: str = "I", first: str = "2026-01-05") -> Json:
    """Build an item for days of residential treatment."""
    return typed_item("H0017", days, (first, last), kind="AR", certification=certification, system=HCPCS)


def types_of(resource: Json) -> list[str]:
    """Return the types that a stored answer or a Task shows."""
    return [one["valueCode"] for one in resource.get("extension", []) if one["url"] == AUTHORIZATION_TYPE]


async def stored(server: Server, response: str, client: str = "ehr-a") -> Json:
    """Read a stored ClaimResponse."""
    answer = await server.get(f"/ClaimResponse/{response}", client)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def found_by_type(server: Server, resource: str, type_: str, client: str) -> list[str]:
    """Return the ids of the resources that a search by type finds."""
    answer = await server.get(f"/{resource}?authorization-type={type_}", client, Prefer="handling=strict")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in resources(answer.json())]


async def billed(server: Server, line: Json, number: str | None, **claim: Any) -> LineAnswer:
    """Bill one line, and return the answer to it."""
    answer = await server.post("/Claim/$submit", billing_claim(number=number, lines=[line], **claim), "biller")
    assert answer.status_code == 200, answer.text
    [only] = lines_of(resources(answer.json())[0] if answer.json()["resourceType"] == "Bundle" else answer.json())
    return only
