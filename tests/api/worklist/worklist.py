"""Read the payer's worklist as a reviewer does."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.reading import resources
from tests.support.server import Server

Json = dict[str, Any]


async def listed(server: Server, query: str = "", client: str = "reviewer") -> list[Json]:
    """Return the Tasks that a search finds."""
    answer = await server.get(f"/Task?{query}", client, Prefer="handling=strict")
    assert answer.status_code == 200, answer.text
    found: list[Json] = resources(answer.json())
    return found


async def task(server: Server, response: str) -> Json:
    """Return the Task of a request, by the id of its ClaimResponse."""
    answer = await server.get(f"/Task/{response}", "reviewer")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def act(
    server: Server, code: str, response: str, client: str = "reviewer", *, version: str = "1", **parameters: str
) -> httpx.Response:
    """Take, release or assign the Task of a request."""
    rows = [{"name": name, "valueString": value} for name, value in parameters.items()]
    body = {"resourceType": "Parameters", **({"parameter": rows} if rows else {})}
    return await server.post(f"/Task/{response}/${code}", body, client, **{"If-Match": f'W/"{version}"'})


def inputs(resource: Json) -> dict[str, list[Any]]:
    """Return the inputs of a Task by the code of their type."""
    found: dict[str, list[Any]] = {}
    for row in resource["input"]:
        [value] = [value for name, value in row.items() if name.startswith("value")]
        found.setdefault(row["type"]["coding"][0]["code"], []).append(value)
    return found
