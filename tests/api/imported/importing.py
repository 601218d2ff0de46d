"""What an administrator does: reports a decision that the payer made by phone."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.samples import CPT, REQUESTOR, Json, coverage, patient
from tests.support.server import Server

NUMBER = "TEL-2026/0417"

_VALUES = {
    "service": "valueCoding",
    "revenue": "valueCoding",
    "modifier": "valueCode",
    "provider": "valueString",
    "place": "valueCode",
    "quantity": "valueDecimal",
    "requested-quantity": "valueDecimal",
    "action": "valueCode",
    "start": "valueDate",
    "cap": "valueDecimal",
    "cap-per": "valueCode",
    "end": "valueDate",
    "reason": "valueCode",
    "note": "valueString",
    "birth-date": "valueDate",
    "decided": "valueDate",
    "channel": "valueCode",
    "type": "valueCode",
    "diagnosis": "valueCode",
}


def reported(items: list[Json] | None = None, aliases: tuple[str, ...] = (), **changes: Any) -> Json:
    """Build the Parameters of `$import`; `changes` replace parameters by name, None removes one."""
    values = {
        "member": "M001",
        "birth-date": "1984-05-17",
        "requestor": REQUESTOR,
        "channel": "phone",
        "number": NUMBER,
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    named = [_named(name, value) for name, value in values.items() if value is not None]
    more = [_named("alias", alias) for alias in aliases]
    return {"resourceType": "Parameters", "parameter": [*named, *more, *([service()] if items is None else items)]}


def service(code: str = "97110", **changes: Any) -> Json:
    """Build an item that certifies six units in the first quarter of 2026; `changes` replace parts, None removes."""
    parts = {
        "service": {"system": CPT, "code": code},
        "quantity": 6,
        "place": "11",
        "action": "certify",
        "start": "2026-01-05",
        "end": "2026-03-31",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return {"name": "item", "part": [_named(name, value) for name, value in parts.items() if value is not None]}


def denied(**changes: Any) -> Json:
    return service(**{"action": "deny", "start": None, "end": None, "reason": "not-medically-necessary", **changes})


async def on_record(server: Server, member: str = "M001", client: str = "admin", payer: str = "sample-payer") -> Json:
    """Let the administrator register the member with a Coverage."""
    person: Json = (await server.post("/Patient", patient(member), client)).json()
    terms = {
        "beneficiary": {"reference": f"Patient/{person['id']}"},
        "payor": [{"reference": f"Organization/{payer}"}],
    }
    assert (await server.post("/Coverage", coverage(member) | terms, client)).status_code == 201
    return person


async def send(server: Server, body: Json, client: str = "admin", base: str = "/fhir") -> httpx.Response:
    return await server.post("/ClaimResponse/$import", body, client, base)


async def imported(server: Server, *items: Json, **changes: Any) -> Json:
    """Import a decision about a member on record; return its ClaimResponse."""
    await on_record(server)
    answer = await send(server, reported(list(items) or None, **changes))
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def _named(name: str, value: Any) -> Json:
    return {"name": name, _VALUES.get(name, "valueString"): value}
