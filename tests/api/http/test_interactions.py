"""FHIR's read, vread and create for resources that operations write."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from tests.api.reading import answered, issues, resources, sample
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import billing_claim, patient, request_bundle
from tests.support.server import ROOT, Server

TYPES = ("Claim", "ClaimResponse", "Coverage", "Patient", "Organization", "Practitioner")


async def practitioner(server: Server) -> None:
    body = {"resourceType": "Practitioner", "name": [{"family": "Rivera"}]}
    assert (await server.post("/Practitioner", body, "admin")).status_code == 201


@pytest.mark.parametrize("type_", TYPES)
async def test_a_read_returns_the_version_and_the_time_of_the_resource(server: Server, type_: str) -> None:
    await practitioner(server)
    await server.post("/Claim/$submit", sample("request-approve"))
    [entry] = (await server.get(f"/{type_}?_id={await first_id(server, type_)}")).json()["entry"]
    resource = entry["resource"]
    answer = await server.get(f"/{type_}/{resource['id']}")
    assert answer.status_code == 200
    assert answer.json() == resource
    assert entry["fullUrl"] == f"{ROOT}/fhir/{type_}/{resource['id']}"
    assert answer.headers["etag"] == 'W/"1"'
    assert resource["meta"]["versionId"] == "1"
    assert parsedate_to_datetime(answer.headers["last-modified"]) == server.clock.now()
    assert resource["meta"]["lastUpdated"] == "2026-01-01T15:00:00.000Z"
    again = await server.get(f"/{type_}/{resource['id']}/_history/1")
    assert (again.content, again.headers["etag"]) == (answer.content, 'W/"1"')


async def first_id(server: Server, type_: str) -> str:
    return str(resources((await server.get(f"/{type_}?_count=1")).json())[0]["id"])


@pytest.mark.parametrize("type_", TYPES)
async def test_a_missing_resource_is_not_found(server: Server, type_: str) -> None:
    await server.post("/Claim/$submit", sample("request-approve"))
    await practitioner(server)
    id_ = await first_id(server, type_)
    for path in (f"/{type_}/unknown", f"/{type_}/unknown/_history/1", *_versions(type_, id_)):
        answer = await server.get(path)
        assert answer.status_code == 404, path
        assert issues(answer)[0]["code"] == "not-found"


def _versions(type_: str, id_: str) -> list[str]:
    return [f"/{type_}/{id_}/_history/{version}" for version in ("0", "2", "01", "one", "1.0", "9" * 40)]


async def test_an_id_of_another_type_is_not_found(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    assert (await server.get(f"/Claim/{response['id']}")).status_code == 404


@pytest.mark.acceptance("F69")
async def test_an_earlier_version_does_not_change(server: Server) -> None:
    response = await pended(server)
    before = (await server.get(f"/ClaimResponse/{response}")).content
    server.clock.move(days=1)
    await decide(server, response, ruling())
    assert (await server.get(f"/ClaimResponse/{response}/_history/1")).content == before
    after = (await server.get(f"/ClaimResponse/{response}")).json()
    assert after["meta"]["versionId"] == "2"
    assert after["meta"]["lastUpdated"] == "2026-01-02T15:00:00.000Z"
    assert after["created"] == "2026-01-01T15:00:00.000Z"


async def test_a_request_is_not_created_but_submitted(server: Server) -> None:
    claim = sample("request-approve")["entry"][0]["resource"]
    refused = await server.post("/Claim", claim)
    assert refused.status_code == 422
    assert "Claim/$submit" in issues(refused)[0]["details"]["text"]
    assert issues(refused)[0]["expression"] == ["Claim.use"]
    assert resources((await server.get("/Claim")).json()) == []


async def test_a_billing_claim_is_created_with_its_answer_beside_it(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle()))
    created = await server.post("/Claim", billing_claim(number=granted["preAuthRef"]), "biller")
    assert created.status_code == 201
    claim = created.json()
    assert created.headers["location"] == f"{ROOT}/fhir/Claim/{claim['id']}/_history/1"
    assert created.headers["etag"] == 'W/"1"'
    assert (await server.get(f"/Claim/{claim['id']}")).json() == claim
    [response] = resources((await server.get(f"/ClaimResponse?request=Claim/{claim['id']}")).json())
    assert (response["use"], response["preAuthRef"]) == ("claim", granted["preAuthRef"])
    again = await server.post("/Claim", billing_claim(number=granted["preAuthRef"]), "biller")
    assert again.json()["id"] == claim["id"]


@pytest.mark.parametrize("use", ["predetermination", "other", "", None, 1])
async def test_a_claim_of_another_use_is_refused(server: Server, use: object) -> None:
    refused = await server.post("/Claim", billing_claim() | {"use": use}, "biller")
    assert refused.status_code == 422
    assert any("use" in issue["expression"][0] for issue in issues(refused))


@pytest.mark.parametrize("body", [patient(), request_bundle()])
async def test_the_billing_endpoint_accepts_only_claims(server: Server, body: dict[str, object]) -> None:
    refused = await server.post("/Claim", body, "biller")
    assert refused.status_code == 400
    assert issues(refused)[0]["expression"] == ["resourceType"]


async def test_head_answers_as_get_does_without_the_body(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    path = f"/fhir/ClaimResponse/{response['id']}"
    answer = await server.http.head(path, headers=server.headers("ehr-a"))
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"1"')
