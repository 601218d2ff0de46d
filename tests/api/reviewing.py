"""What a reviewer does: rules on the items of a request that was pended."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.reading import answered
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server

Json = dict[str, Any]

VALUES = {
    "sequence": "valuePositiveInt",
    "detail-sequence": "valuePositiveInt",
    "sub-detail-sequence": "valuePositiveInt",
    "action": "valueCode",
    "quantity": "valueDecimal",
    "code": "valueCoding",
    "start": "valueDate",
    "end": "valueDate",
    "for": "valueString",
    "reason": "valueCode",
    "note": "valueString",
    "circumstance": "valueString",
    "cap": "valueDecimal",
    "cap-per": "valueCode",
    "network-exception": "valueBoolean",
    "ask-for": "valueCoding",
}

NEW = {"If-Match": 'W/"1"'}
"""The header of a decision on the first version."""


def ruling(sequence: int = 1, action: str = "certify", **parts: Any) -> Json:
    return {"name": "item", "part": _parts({"sequence": sequence, "action": action, **parts})}


def ruling_on_all(action: str = "certify", **parts: Any) -> Json:
    return {"name": "all", "part": _parts({"action": action, **parts})}


def _parts(named: dict[str, Any]) -> list[Json]:
    """Write each part; a list of values repeats the part."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in named.items()}
    return [{"name": name, VALUES[name]: value} for name, values in listed.items() for value in values]


async def pended(server: Server, client: str = "ehr-a", **changes: Any) -> str:
    """Submit a request whose only item is pended, or `items`; returns the ClaimResponse's id."""
    asked = {"items": [request_item(code="72148", quantity=2)], **changes}
    return str(answered(await server.post("/Claim/$submit", request_bundle(**asked), client))["id"])


def clock_change(code: str, **values: Any) -> Json:
    """Return Parameters of `$extend` or `$set-urgency`, with other `values`; None leaves one out."""
    given: Json = {"days": 7, "reason": "more-evidence"}
    if code == "set-urgency":
        given = {"urgency": "expedited", "reason": "The pain grows."}
    given |= values
    kinds = {**VALUES, "days": "valuePositiveInt", "urgency": "valueCode"}
    if code == "set-urgency":
        kinds["reason"] = "valueString"
    rows = [{"name": name, kinds.get(name, "valueString"): value} for name, value in given.items() if value is not None]
    return {"resourceType": "Parameters", "parameter": rows}


async def decide(
    server: Server, response: str, *rulings: Json, client: str = "reviewer", **headers: str
) -> httpx.Response:
    """Decide the current version, unless the headers say If-Match."""
    body = {"resourceType": "Parameters", "parameter": list(rulings)}
    return await server.post(f"/ClaimResponse/{response}/$decide", body, client, **{"If-Match": "*", **headers})
