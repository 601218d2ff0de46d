"""Read the payer's worklist as a reviewer does."""

from __future__ import annotations

from typing import Any

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


def inputs(resource: Json) -> dict[str, list[Any]]:
    """Return the inputs of a Task by the code of their type."""
    found: dict[str, list[Any]] = {}
    for row in resource["input"]:
        [value] = [value for name, value in row.items() if name.startswith("value")]
        found.setdefault(row["type"]["coding"][0]["code"], []).append(value)
    return found
