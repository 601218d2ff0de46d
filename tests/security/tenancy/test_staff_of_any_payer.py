"""A payer with any policy name has staff: registered rows name the payer, not the program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.access.grant import Role
from app.access.registry import Client, People
from tests.api.reading import actions
from tests.api.reviewing import decide, pended, ruling
from tests.support.people import DEMO_CLIENTS, register
from tests.support.server import Server, serving, shipped_system


def reviewer(name: str, payer: str) -> Client:
    return Client(id=name, role=Role.REVIEWER, payers=(payer,), scopes=("user/*.rus",))


@pytest.fixture
async def northwind(tmp_path: Path) -> AsyncIterator[Server]:
    """A server whose payer `sample-payer` is called `northwind`, with a reviewer of it and one of another payer."""
    shipped = shipped_system().payers
    renamed = shipped["sample-payer"].model_copy(update={"name": "northwind"})
    staff = reviewer("northwind-reviewer", "northwind"), reviewer("other-reviewer", "second-payer")
    policies = {"northwind": renamed, "second-payer": shipped["second-payer"]}
    async with serving(tmp_path, policies=policies) as server:
        await register(server.system.documents, People(clients=staff))
        server.clients = {**DEMO_CLIENTS, **{client.id: client for client in staff}}
        yield server


async def test_the_reviewer_of_a_payer_with_any_name_decides_its_pended_requests(northwind: Server) -> None:
    response = await pended(northwind)
    decided = await decide(northwind, response, ruling(), client="northwind-reviewer")
    assert decided.status_code == 200
    assert actions(decided.json()) == {1: "A1"}


async def test_the_reviewer_of_another_payer_does_not_know_the_request(northwind: Server) -> None:
    response = await pended(northwind)
    foreign = await decide(northwind, response, ruling(), client="other-reviewer")
    unknown = await decide(northwind, "unknown", ruling(), client="other-reviewer")
    assert foreign.status_code == unknown.status_code == 404
    assert (await northwind.get(f"/ClaimResponse/{response}", "other-reviewer")).status_code == 404
