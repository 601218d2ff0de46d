"""Each operation on the answer to a request takes an imported decision, too: none fails."""

from __future__ import annotations

import pytest

from app.operations import OPERATIONS
from tests.api.imported.importing import imported
from tests.api.reviewing import ruling
from tests.support.server import Server

OPERATIONS_OF_ANSWERS = sorted(
    (row.code, row.body) for row in OPERATIONS if "ClaimResponse" in row.types and "instance" in row.levels
)


@pytest.mark.parametrize(("code", "body"), OPERATIONS_OF_ANSWERS)
async def test_an_operation_answers_or_refuses(server: Server, code: str, body: str) -> None:
    response = await imported(server)
    sent = {"resourceType": body, "parameter": [ruling()]} if code == "decide" else {"resourceType": body}
    for client in ("admin", "reviewer", "ehr-a"):
        answer = await server.post(f"/ClaimResponse/{response['id']}/${code}", sent, client, **{"If-Match": 'W/"1"'})
        assert answer.status_code in {200, 400, 403, 404, 409, 412, 422, 428}, (client, answer.text)


@pytest.mark.parametrize("client", ["admin", "ehr-a", "patient-1"])
async def test_searches_with_everything_about_it_answer(server: Server, client: str) -> None:
    response = await imported(server)
    for query in (f"_id={response['id']}&_include=*", "use=preauthorization&_revinclude=*", "request:missing=true"):
        answer = await server.get(f"/ClaimResponse?{query}", client)
        assert answer.status_code in {200, 400}, answer.text
    assert (await server.get(f"/ClaimResponse/{response['id']}/_history", client)).status_code in {200, 404}
