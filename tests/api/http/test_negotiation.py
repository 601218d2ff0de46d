"""Content negotiation: FHIR R4 as JSON only, and the Prefer header of a create or an update."""

from __future__ import annotations

import pytest

from tests.api.members.test_master_data_api import BODIES, ORGANIZATION, created
from tests.api.reading import issues, sample
from tests.support.samples import billing_claim
from tests.support.server import ROOT, Server

JSON = "application/fhir+json"
OTHER_VERSIONS = ["3.0", "4.3", "5.0", "4.0.1", "", "R4", '"3.0"']
R4 = [f"{JSON}; fhirVersion=4.0", f'{JSON};fhirVersion="4.0"', "Application/FHIR+JSON ; FHIRVERSION=4.0; charset=utf-8"]


@pytest.mark.parametrize("version", OTHER_VERSIONS)
async def test_a_body_of_another_version_of_fhir_is_rejected(server: Server, version: str) -> None:
    media_type = f"{JSON}; fhirVersion={version}"
    for path, body, client in (
        ("/Claim/$submit", sample("request-approve"), "ehr-a"),
        ("/Organization", ORGANIZATION, "admin"),
    ):
        answer = await server.post(path, body, client, **{"Content-Type": media_type})
        assert (answer.status_code, issues(answer)[0]["code"]) == (415, "not-supported")
        assert "fhirVersion must be 4.0" in issues(answer)[0]["details"]["text"]


async def test_a_body_has_one_media_type(server: Server) -> None:
    several = f"{JSON}, text/html"
    answer = await server.post("/Claim/$submit", sample("request-approve"), **{"Content-Type": several})
    assert (answer.status_code, issues(answer)[0]["code"]) == (415, "not-supported")
    asked = await server.http.get("/fhir/metadata", params={"_format": several})
    assert asked.status_code == 406


@pytest.mark.parametrize("version", OTHER_VERSIONS)
async def test_a_client_that_accepts_only_another_fhir_version_gets_an_error(server: Server, version: str) -> None:
    for accept in (f"{JSON}; fhirVersion={version}", f"text/html, application/json;q=0.5;fhirVersion={version}"):
        answer = await server.get("/metadata", Accept=accept)
        assert (answer.status_code, issues(answer)[0]["code"]) == (406, "not-supported")
        assert "fhirVersion must be 4.0" in issues(answer)[0]["details"]["text"]
    asked = await server.http.get("/fhir/metadata", params={"_format": f"{JSON}; fhirVersion={version}"})
    assert asked.status_code == 406


@pytest.mark.parametrize("media_type", R4)
async def test_the_server_accepts_the_version_parameter_of_r4(server: Server, media_type: str) -> None:
    headers = {"Content-Type": media_type, "Accept": media_type}
    answer = await server.post("/Claim/$submit", sample("request-approve"), **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)
    asked = await server.http.get("/fhir/metadata", params={"_format": media_type})
    assert asked.status_code == 200


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (f"{JSON}; fhirVersion=3.0, {JSON}; fhirVersion=4.0; q=0.1", 200),
        (f"{JSON}; fhirVersion=3.0, */*;q=0.1", 200),
        (f'{JSON}; x="a, b; fhirVersion=3.0"', 200),
        ("", 200),
        (f"{JSON};q=0, application/json", 200),
        (f"{JSON};q=0, */*", 406),
        ("application/*;q=0.000, */*", 406),
        ("application/*;q=0, application/json;q=0.001", 200),
        (f"{JSON};q=0", 406),
        ("text/html, */*;q=0", 406),
    ],
)
async def test_the_closest_range_decides(server: Server, accept: str, status: int) -> None:
    assert (await server.get("/metadata", Accept=accept)).status_code == status


@pytest.mark.parametrize("type_", BODIES)
async def test_minimal_returns_no_body(server: Server, type_: str) -> None:
    made = await server.post(f"/{type_}", BODIES[type_], "admin", Prefer="return=minimal")
    assert (made.status_code, made.content) == (201, b"")
    assert "content-type" not in made.headers
    assert made.headers["preference-applied"] == "return=minimal"
    path = made.headers["location"].removeprefix(f"{ROOT}/fhir").removesuffix("/_history/1")
    found = await server.get(path, "admin")
    assert found.headers["etag"] == made.headers["etag"] == 'W/"1"'
    changed = await server.put(path, found.json(), **{"If-Match": 'W/"1"', "Prefer": "return=minimal"})
    assert (changed.status_code, changed.content, changed.headers["etag"]) == (200, b"", 'W/"2"')


@pytest.mark.parametrize(
    "prefer", ["return=OperationOutcome", "handling=lenient, Return=operationoutcome", 'return="OperationOutcome"; x=y']
)
async def test_an_outcome_confirms_that_the_resource_is_stored(server: Server, prefer: str) -> None:
    made = await server.post("/Claim", billing_claim(), "biller", Prefer=prefer)
    assert (made.status_code, made.headers["etag"]) == (201, 'W/"1"')
    assert "/Claim/" in made.headers["location"]
    assert [(one["severity"], one["code"]) for one in issues(made)] == [("information", "informational")]
    assert made.headers["preference-applied"] == "return=OperationOutcome"


@pytest.mark.parametrize(
    "prefer", ["return=representation", "return=everything", "x", "return=representation, return=minimal"]
)
async def test_the_resource_is_returned_by_default(server: Server, prefer: str) -> None:
    made = await server.post("/Organization", ORGANIZATION, "admin", Prefer=prefer)
    assert made.json()["resourceType"] == "Organization"


async def test_preferences_on_several_lines_are_combined(server: Server) -> None:
    lines = [("Prefer", "handling=strict"), ("Prefer", "return=minimal"), *server.headers("admin").items()]
    made = await server.http.post("/fhir/Organization", json=ORGANIZATION, headers=lines)
    assert (made.status_code, made.content) == (201, b"")


async def test_an_error_and_the_answer_of_an_operation_are_always_returned(server: Server) -> None:
    refused = await server.post("/Organization", {"resourceType": "Organization"}, "admin", Prefer="return=minimal")
    assert refused.status_code == 422
    assert issues(refused)
    answer = await server.post("/Claim/$submit", sample("request-approve"), Prefer="return=minimal")
    assert answer.json()["resourceType"] == "Bundle"


async def test_a_parameter_that_a_create_or_an_update_does_not_have_is_reported(server: Server) -> None:
    query = "?identifier=1&_format=json&x=y&x=z&%00=1&Jane%20Canary=1"
    made = await server.post(f"/Organization{query}", ORGANIZATION, "admin")
    assert made.status_code == 400
    subjects = [one["details"]["text"].partition(" is not supported. ")[0] for one in issues(made)]
    assert subjects == ["The parameter identifier", "The parameter x", "A parameter"]
    assert "supports _format and _pretty only" in issues(made)[0]["details"]["text"]
    billed = await server.post("/Claim?payer=1", billing_claim(), "biller")
    assert billed.status_code == 400
    before = await created(server, ORGANIZATION)
    path = f"/Organization/{before['id']}"
    assert (await server.put(f"{path}{query}", before, **{"If-Match": "*"})).status_code == 400
    assert (await server.get(path, "admin")).headers["etag"] == 'W/"1"'


@pytest.mark.parametrize(("query", "prefer"), [("?_pretty=true&_format=json", ""), ("?x=y", "handling=lenient")])
async def test_other_parameters_do_not_prevent_a_create(server: Server, query: str, prefer: str) -> None:
    assert (await server.post(f"/Organization{query}", ORGANIZATION, "admin", Prefer=prefer)).status_code == 201
