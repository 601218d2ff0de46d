"""The providers that a client may submit for when its registered NPIs bind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.reading import Json, answered, issues, resources
from tests.support.samples import RENDERING, REQUESTOR, billing_claim, bundle, entry, parties, request_bundle
from tests.support.server import Server, serving

OF_B = "1444444446"
"""A provider that client ehr-b may speak for, and ehr-a may not."""


@pytest.fixture
async def bound(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, requestor_client_bound=True) as running:
        yield running


def nameless(body: Json) -> Json:
    """Leave the requestor without a number."""
    body["entry"][1]["resource"] |= {"identifier": [{"system": "urn:oid:2.16.840.1.113883.4.4", "value": "12-3456789"}]}
    return body


def in_bundle(claim: Json) -> Json:
    return bundle("profile-pas-request-bundle", [entry("Claim/claim-1", claim), *parties()])


@pytest.mark.parametrize(
    "body",
    [
        request_bundle(requestor=OF_B),
        nameless(request_bundle()),
        billing_claim(billing_provider=OF_B),
        in_bundle(billing_claim(billing_provider=OF_B)),
        billing_claim(provider={"identifier": {"system": "urn:x", "value": REQUESTOR}}),
    ],
)
async def test_a_bound_client_may_submit_only_for_its_own_providers(bound: Server, body: Json) -> None:
    paths = ["/Claim/$submit"] if body["resourceType"] == "Bundle" else ["/Claim/$submit", "/Claim"]
    for path in paths:
        refused = await bound.post(path, body)
        [issue] = issues(refused)
        assert (refused.status_code, issue["code"]) == (403, "forbidden")
        assert OF_B not in refused.text
    assert resources((await bound.get("/Claim", "reviewer")).json()) == []
    assert resources((await bound.get("/Patient", "reviewer")).json()) == []


async def test_a_bound_client_is_answered_for_its_own_provider(bound: Server) -> None:
    number = answered(await bound.post("/Claim/$submit", request_bundle()))["preAuthRef"]
    assert answered(await bound.post("/Claim/$submit", request_bundle(requestor=OF_B), "ehr-b"))["preAuthRef"]
    assert (await bound.post("/Claim", billing_claim(number=number), "biller")).status_code == 201
    assert (await bound.post("/Claim/$submit", billing_claim(billing_provider=RENDERING), "biller")).status_code == 200


async def test_an_unbound_client_may_submit_for_any_provider(server: Server) -> None:
    assert answered(await server.post("/Claim/$submit", request_bundle(requestor=OF_B)))["preAuthRef"]
