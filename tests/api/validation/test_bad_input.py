"""Faulty requests: rejected with all their faults and without a row, or answered with a business error."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.api.bills.scenario_play import register, serving_payers
from tests.api.reading import answered, extension, issues
from tests.api.refusing import BASES, REQUEST, everything, refusal, refused
from tests.support.samples import NPI, Json, request_bundle, request_item
from tests.support.server import Server, serving

WRONG_CHECK_DIGIT = "1987654321"
PARTIES = {"patient": "Patient", "insurer": "Organization", "provider": "Organization"}
FIRST_PAYER = "1666666668"

pytestmark = pytest.mark.parametrize("base", BASES)


@pytest.mark.acceptance("C38")
@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"resourceType": "Bundle",}', b"<Bundle/>", b"null", b"[]", b'"Bundle"', b"17"]
)
async def test_a_body_other_than_a_json_object_is_a_bad_request(server: Server, base: str, body: bytes) -> None:
    assert (await refused(server, "/Claim/$submit", body, base=base)).status == 400


@pytest.mark.acceptance("C38")
@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceType":"Bundle","type":"collection","type":"batch"}',
        b'{"resourceType":"Bundle","total":NaN}',
        b'{"resourceType":"Bundle","total":-Infinity}',
        b'{"resourceType":"Bundle","total":1e400}',
        b'{"resourceType":"Bundle","id":"\xe9"}',
        b'{"resourceType":"Bundle","id":"\\udc00"}',
        b'{"resourceType":"Bundle","id":"\\u0000"}',
        b'{"resourceType":"Bundle","entry":' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"resourceType":' + b"[" * 100_000,
    ],
    ids=["name twice", "NaN", "Infinity", "huge number", "no UTF-8", "half a pair", "U+0000", "deep", "very deep"],
)
async def test_ambiguous_or_invalid_json_is_a_bad_request(server: Server, base: str, body: bytes) -> None:
    assert (await refused(server, "/Claim/$submit", body, base=base)).status == 400


async def test_a_body_of_another_media_type_is_not_read(server: Server, base: str) -> None:
    sent = request_bundle()
    found = await refused(server, "/Claim/$submit", sent, base=base, **{"Content-Type": "application/fhir+xml"})
    assert found.status == 415


@pytest.mark.acceptance("C37")
async def test_a_body_over_the_limit_is_not_read_to_its_end(tmp_path: Path, base: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1000

    async with serving(tmp_path, max_body_bytes=10_000) as server:
        assert (await refused(server, "/Claim/$submit", b" " * 10_001, base=base)).status == 413
        answer = await server.http.post(f"{base}/Claim/$submit", content=endless(), headers=server.headers("ehr-a"))
        assert refusal(answer).status == 413
        assert (await server.post("/Claim/$submit", request_bundle(), base=base)).status_code == 200


@pytest.mark.parametrize("version", ["9" * 5000, "W/", "one"])
async def test_an_unknown_version_is_a_bad_request(server: Server, base: str, version: str) -> None:
    found = await refused(server, "/Claim/$submit", request_bundle(), base=base, **{"If-Match": version})
    assert found.status == 400


@pytest.mark.parametrize(
    "body", [{}, {"resourceType": "Patient"}, {"resourceType": ["Bundle"]}, {"resourceType": "Parameters"}]
)
async def test_another_resource_is_a_bad_request(server: Server, base: str, body: Json) -> None:
    assert (await refused(server, "/Claim/$submit", body, base=base)).status == 400


async def test_a_claim_for_authorization_without_its_bundle_is_a_bad_request(server: Server, base: str) -> None:
    claim = request_bundle()["entry"][0]["resource"]
    assert (await refused(server, "/Claim/$submit", claim, base=base)).status == 400


@pytest.mark.parametrize("entries", [[], None, {}])
async def test_a_bundle_without_entries_is_refused(server: Server, base: str, entries: object) -> None:
    found = await refused(server, "/Claim/$submit", request_bundle() | {"entry": entries}, base=base)
    assert found.status == 422
    assert "Bundle.entry" in found.places


async def test_the_claim_must_come_first(server: Server, base: str) -> None:
    bundle = request_bundle()
    found = await refused(server, "/Claim/$submit", bundle | {"entry": bundle["entry"][::-1]}, base=base)
    assert (found.status, found.places) == (422, (REQUEST,))


@pytest.mark.parametrize("name", PARTIES)
async def test_a_request_must_name_its_patient(server: Server, base: str, name: str) -> None:
    missing = await refused(server, "/Claim/$submit", request_bundle(claim={name: None}), base=base)
    assert (missing.status, missing.places) == (422, (f"{REQUEST}.{name}",))
    gone = {"reference": f"{PARTIES[name]}/gone"}
    unresolved = await refused(server, "/Claim/$submit", request_bundle(claim={name: gone}), base=base)
    assert (unresolved.status, unresolved.places) == (422, (f"{REQUEST}.{name}.reference",))


async def test_a_request_must_name_its_coverage(server: Server, base: str) -> None:
    for coverage, place in (
        ({}, "coverage"),
        ({"coverage": {"display": "mine"}}, "coverage"),
        ({"coverage": {"reference": "#no"}}, "coverage.reference"),
    ):
        insurance = {"sequence": 1, "focal": True, **coverage}
        found = await refused(server, "/Claim/$submit", request_bundle(claim={"insurance": [insurance]}), base=base)
        assert (found.status, found.places) == (422, (f"{REQUEST}.insurance[0].{place}",))


@pytest.mark.parametrize("use", ["proposal", "", None, 7])
async def test_a_request_is_for_authorization(server: Server, base: str, use: object) -> None:
    bundle = request_bundle()
    bundle["entry"][0]["resource"]["use"] = use
    found = await refused(server, "/Claim/$submit", bundle, base=base)
    assert found.status == 422
    assert set(found.places) == {f"{REQUEST}.use"}


@pytest.mark.parametrize("quantity", [0, -1, -0.001])
async def test_a_request_must_have_an_item(server: Server, base: str, quantity: float) -> None:
    found = await refused(server, "/Claim/$submit", request_bundle(items=[request_item(quantity=quantity)]), base=base)
    assert (found.status, found.places) == (422, (f"{REQUEST}.item[0].quantity",))


@pytest.mark.parametrize("place", ["Organization/clinic-1", "Practitioner/practitioner-1"])
async def test_a_wrong_check_digit_is_an_error_today_and_was_a_warning(server: Server, base: str, place: str) -> None:
    bundle = request_bundle()
    [number] = [one for one in bundle["entry"] if one["fullUrl"].endswith(place)]
    number["resource"]["identifier"] = [{"system": NPI, "value": WRONG_CHECK_DIGIT}]
    if base == "/fhir":
        found = await refused(server, "/Claim/$submit", bundle, base=base)
        assert found.status == 422
        assert set(found.places) == {f"Bundle.entry[{bundle['entry'].index(number)}].resource.identifier[0]"}
    else:
        assert answered(await server.post("/Claim/$submit", bundle, base=base))["outcome"] == "complete"


@pytest.mark.parametrize(
    ("claim", "item", "places"),
    [
        (
            {"patient": None, "created": "yesterday"},
            {"productOrService": None},
            {"patient", "created", "item[1].productOrService"},
        ),
        (
            {"insurer": {"reference": "Organization/gone"}, "status": "draft"},
            {},
            {"insurer.reference", "status", "item[0].quantity", "item[1].quantity"},
        ),
    ],
    ids=["not R4", "R4"],
)
async def test_all_faults_are_reported_together_and_no_person_is_named(
    server: Server, base: str, claim: Json, item: Json, places: set[str]
) -> None:
    """After an error of R4 structure the engine's issues are told alone, otherwise with those of the reader."""
    items = [request_item(quantity=0), request_item(2, quantity=-3, **item)]
    bundle = request_bundle(member="MEMBER-77", items=items, claim=claim)
    answer = await server.post("/Claim/$submit", bundle | {"type": "batch"}, base=base)
    assert answer.status_code == 422
    told = {one["expression"][0] for one in issues(answer)}
    assert told >= {"Bundle.type", *(f"{REQUEST}.{place}" for place in places)}
    for private in ("MEMBER-77", "Sample", "Alex", "1984-05-17", "yesterday"):
        assert private not in answer.text


async def test_an_unknown_member_is_a_business_error(tmp_path: Path, base: str) -> None:
    async with serving_payers(tmp_path, payer_says={"members": "registered-only"}) as server:
        await register(server, "M001")
        known = await server.post("/Claim/$submit", request_bundle(payer=FIRST_PAYER), base=base)
        assert answered(known)["outcome"] == "complete"
        unknown = request_bundle(payer=FIRST_PAYER, member="M999", identifier="REQ-0002")
        check_business_error(await server.post("/Claim/$submit", unknown, base=base), "75", "insurance[0].coverage")
        assert not [row for row in everything(server).values() if row.kind == "member" and "M999" in row.id]


async def test_a_patient_without_a_member_id_is_an_unknown_member(lenient_server: Server, base: str) -> None:
    bundle = request_bundle()
    for one in bundle["entry"]:
        if one["resource"]["resourceType"] in {"Patient", "Coverage"}:
            one["resource"] = {
                name: value for name, value in one["resource"].items() if name not in {"identifier", "subscriberId"}
            }
    answer = await lenient_server.post("/Claim/$submit", bundle, base=base)
    check_business_error(answer, "75", "insurance[0].coverage")
    assert not [kind for kind, _ in everything(lenient_server) if kind in {"member", "Patient", "Coverage"}]


@pytest.mark.requirement("pas-2.2.1/spec-38")
async def test_an_unknown_payer_is_a_business_error(server: Server, base: str) -> None:
    answer = await server.post("/Claim/$submit", request_bundle(payer="1888888884"), base=base)
    check_business_error(answer, "T4", "insurer")


def check_business_error(answer: httpx.Response, code: str, place: str) -> None:
    """The request is answered with an error in place of a decision: what it is, where, and what may be done."""
    response = answered(answer)
    assert response["outcome"] == "error"
    assert not {"item", "preAuthRef"} & response.keys()
    [error] = response["error"]
    assert error["code"]["coding"] == [{"system": "https://codesystem.x12.org/005010/901", "code": code}]
    assert error["code"]["text"]
    assert extension(error, "extension-errorPath")["valueString"] == f"{REQUEST}.{place}"
    followup = extension(error, "extension-errorFollowupAction")["valueCodeableConcept"]["coding"]
    assert followup == [{"system": "https://codesystem.x12.org/005010/889", "code": "C"}]
