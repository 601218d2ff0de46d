"""An error of an answer names the X12 element that the sender must correct."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import Json, answered, extension
from tests.api.updating import DENIED, changed, sent, submitted, update_of
from tests.support.samples import RENDERING, request_bundle
from tests.support.server import Server


def element(claim_response: Json) -> str:
    [error] = claim_response["error"]
    return str(extension(extension(error, "extension-errorElement"), "error")["valueString"])


def renamed(bundle: Json, **changes: Any) -> Json:
    """Change elements of the Patient."""
    entries = [
        {**one, "resource": {**one["resource"], **changes}} if one["resource"]["resourceType"] == "Patient" else one
        for one in bundle["entry"]
    ]
    return {**bundle, "entry": entries}


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        (request_bundle(payer=RENDERING), "2010A-NM109"),
        (renamed(request_bundle(), name=[{"family": "Other", "given": ["Ann"]}]), "2010C-NM103"),
        (renamed(request_bundle(), birthDate="1901-01-01"), "2010C-DMG02"),
    ],
    ids=["insurer", "name", "birth date"],
)
async def test_a_refused_request_names_the_element(server: Server, bundle: Json, expected: str) -> None:
    await submitted(server, request_bundle(identifier="first"))
    assert element(await submitted(server, bundle)) == expected


async def test_a_refused_update_names_the_certification_type(server: Server) -> None:
    request = sent([DENIED])
    await submitted(server, request)
    assert element(await submitted(server, update_of(request, [changed(DENIED)]))).endswith("UM02")


async def test_the_former_edition_has_the_element_as_a_string(server: Server) -> None:
    answer = answered(await server.post("/Claim/$submit", request_bundle(payer=RENDERING), base="/2.0.1/fhir"))
    [error] = answer["error"]
    assert extension(error, "extension-errorElement")["valueString"] == "2010A-NM109"
