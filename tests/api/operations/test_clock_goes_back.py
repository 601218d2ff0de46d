"""If the clock goes back, each version of a resource is still later than the previous one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from app.conformance.maintained import MAINTAINED
from app.fhir.instants import instant
from app.records.authorizations import by_id
from tests.api.members.test_master_data_api import BODIES, covered, created
from tests.api.reading import resources
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import request_item
from tests.support.server import START, Server

Json = dict[str, Any]
Change = Callable[[Server, int], Awaitable[httpx.Response]]
"""Creates the version after that number."""


async def maintained(server: Server, type_: str) -> tuple[str, Change]:
    body = (await covered(server, "M901"))[1] if type_ == "Coverage" else await created(server, BODIES[type_])

    async def change(server: Server, version: int) -> httpx.Response:
        return await server.put(f"/{type_}/{body['id']}", body, **{"If-Match": f'W/"{version}"'})

    return f"/{type_}/{body['id']}", change


async def reviewed(server: Server, type_: str) -> tuple[str, Change]:
    assert type_ == "ClaimResponse"
    items = [request_item(sequence, code="72148", quantity=2) for sequence in (1, 2, 3)]
    response = await pended(server, items=items)

    async def change(server: Server, version: int) -> httpx.Response:
        return await decide(server, response, ruling(version))

    return f"/ClaimResponse/{response}", change


@pytest.mark.parametrize("back", [{"days": -2}, {"seconds": -1}, {"microseconds": -1}, {}, {"microseconds": 1}])
@pytest.mark.parametrize("type_", [*MAINTAINED, "ClaimResponse"])
async def test_each_version_of_a_resource_is_later_than_the_previous_one(
    server: Server, type_: str, back: dict[str, float]
) -> None:
    path, change = await (maintained if type_ in MAINTAINED else reviewed)(server, type_)
    for version in (1, 2, 3):
        server.clock.move(**back)
        answer = await change(server, version)
        assert answer.status_code == 200, answer.text
    client = "admin" if type_ in MAINTAINED else "ehr-a"
    history = (await server.get(f"{path}/_history", client)).json()
    moments = [resource["meta"]["lastUpdated"] for resource in resources(history)]
    assert moments == sorted(set(moments), reverse=True)
    assert len(moments) == 4
    assert [entry["response"]["lastModified"] for entry in history["entry"]] == moments
    current = await server.get(path, client)
    assert current.json()["meta"]["lastUpdated"] == moments[0]
    assert instant(parsedate_to_datetime(current.headers["last-modified"]))[:19] == moments[0][:19]
    [in_order, *_] = resources((await server.get(f"/{type_}/_history", client)).json())
    assert in_order["meta"] == current.json()["meta"]


async def test_a_version_has_the_time_of_a_clock_that_goes_forward(server: Server) -> None:
    path, change = await maintained(server, "Organization")
    server.clock.move(days=1)
    assert (await change(server, 1)).json()["meta"]["lastUpdated"] == instant(server.clock.now())
    assert (await server.get(f"{path}/_history/1", "admin")).json()["meta"]["lastUpdated"] == instant(START)


async def test_the_record_of_an_authorization_does_not_go_back_either(server: Server) -> None:
    path, change = await reviewed(server, "ClaimResponse")
    server.clock.move(days=-1)
    await change(server, 1)
    stored = await by_id(server.system.documents, path.rpartition("/")[2])
    assert stored is not None
    assert stored.authorization.updated > START
