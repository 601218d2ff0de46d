"""What the reader leaves to the engine where it is asked first: how deep a body is, and the names in it."""

from __future__ import annotations

import pytest

from app.ports import AnyOf, Query
from tests.api.reading import issues
from tests.support.samples import Json, request_bundle
from tests.support.server import Server


def nested(depth: int) -> Json:
    extension: Json = {"url": "https://ehr.example.org/innermost", "valueBoolean": True}
    for _ in range(depth):
        extension = {"url": "https://ehr.example.org/outer", "extension": [extension]}
    return extension


@pytest.mark.acceptance("D49")
@pytest.mark.parametrize(
    "change",
    [{"<b>": True}, {"a b": {}}, {"_": 1}, {"extension": [nested(30)]}],
    ids=["a tag", "a space", "no letter", "too deep"],
)
@pytest.mark.parametrize("use", ["preauthorization", "claim"])
@pytest.mark.parametrize("wrapped", [False, True])
async def test_invalid_element_names_and_deep_nesting_are_a_bad_request_at_every_place(
    server: Server, change: Json, use: str, wrapped: bool
) -> None:
    body = request_bundle(claim={"use": use, **change})
    sent = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": body}]} if wrapped else body

    answer = await server.post("/Claim/$submit", sent)

    assert answer.status_code == 400
    assert issues(answer)
    assert not await server.system.documents.find(Query("ClaimResponse", (AnyOf("status", ("active",)),)))
