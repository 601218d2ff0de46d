"""A value of another JSON type or form than R4's is named by its place at every door, and never makes a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.refusing import BASES, REQUEST, refused
from tests.support.absent import WHY
from tests.support.samples import Json, billed_line, billing_claim, inquiry_bundle, request_bundle, request_item
from tests.support.server import Server

PATIENT = "Bundle.entry[4].resource"


def of_patient(bundle: Json, **changes: Any) -> Json:
    [one] = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"]
    one.update(changes)
    return bundle


def ruling(**changes: Any) -> Json:
    action = {"name": "action", "valueCode": "certify"}
    sequence = {"name": "sequence", "valuePositiveInt": 1}
    return {"resourceType": "Parameters", "parameter": [{"name": "item", "part": [sequence, action], **changes}]}


BILLS: list[tuple[Json, list[str]]] = [
    ({"contained": [5]}, ["Claim.contained[0]"]),
    ({"lines": [billed_line(2**31)]}, ["Claim.item[0].sequence"]),
    ({"lines": [billed_line(careTeamSequence=[2**31])]}, ["Claim.item[0].careTeamSequence[0]"]),
    ({"lines": [billed_line(day="2026-12-15T10:00:00Z")]}, ["Claim.item[0].serviced"]),
    ({"created": "2026-12-15T99:99:99Z"}, ["Claim.created"]),
    ({"identifier": [{"value": 5}]}, ["Claim.identifier[0].value"]),
    ({"patient": [{"reference": "Patient/1"}]}, ["Claim.patient"]),
]


@pytest.mark.parametrize("door", ["/Claim/$submit", "/Claim"])
@pytest.mark.parametrize(("changes", "places"), BILLS)
async def test_a_wrong_type_in_a_bill_is_named_by_its_place(
    server: Server, door: str, changes: Json, places: list[str]
) -> None:
    found = await refused(server, door, billing_claim(**changes), client="biller")
    assert (found.status, list(found.places)) == (422, places)


@pytest.mark.acceptance("D54")
@pytest.mark.parametrize("base", BASES)
async def test_a_wrong_type_in_a_request_is_named_and_no_value_is_repeated(server: Server, base: str) -> None:
    names = [{"family": 5, "given": ["Verysecret"]}]
    body = of_patient(request_bundle(member="M-SECRET"), name=names, birthDate="31 May 1984")
    found = await refused(server, "/Claim/$submit", body, base=base)
    assert (found.status, set(found.places)) == (422, {f"{PATIENT}.name[0].family", f"{PATIENT}.birthDate"})
    assert not any(secret in str(found) for secret in ("SECRET", "secret", "31 May"))


async def test_after_an_error_of_structure_no_other_issue_is_reported(server: Server) -> None:
    body = request_bundle(items=[request_item(quantity=0)], claim={"created": "yesterday"})
    found = await refused(server, "/Claim/$submit", body)
    assert (found.status, found.places) == (422, (f"{REQUEST}.created",))


@pytest.mark.parametrize("beside", [{}, {"_given": [None, None]}, {"_given": [None, WHY]}, {"_given": WHY}])
@pytest.mark.parametrize("door", ["/Claim/$submit", "/Claim/$inquire"])
async def test_a_null_without_a_reason_is_refused(server: Server, door: str, beside: Json) -> None:
    bundle = request_bundle() if door == "/Claim/$submit" else inquiry_bundle()
    body = of_patient(bundle, name=[{"family": "Sample", "given": [None, "Alex"], **beside}])
    found = await refused(server, door, body)
    assert found.status == 422
    assert {str(place).rpartition(".name")[2][: len("[0].given")] for place in found.places} == {"[0].given"}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (ruling() | {"parameter": []}, ["Parameters.parameter"]),
        (ruling() | {"parameter": {}}, ["Parameters.parameter"]),
        (ruling(part=[{"name": 5, "valueCode": "a"}]), ["Parameters.parameter[0].part[0].name"]),
        (ruling(part=[{"name": "sequence", "valuePositiveInt": "1"}]), ["Parameters.parameter[0].part[0].value"]),
        (ruling(part=[{"name": "quantity", "valueDecimal": True}]), ["Parameters.parameter[0].part[0].value"]),
        (ruling(color="red"), ["Parameters.parameter[0].color"]),
    ],
)
async def test_a_wrong_type_in_a_decision_is_named_by_its_place(server: Server, body: Json, places: list[str]) -> None:
    found = await refused(server, "/ClaimResponse/1/$decide", body, client="reviewer")
    assert (found.status, list(found.places)) == (422, places)


@pytest.mark.parametrize("body", [{}, {"resourceType": "Bundle"}, {"resourceType": ["Parameters"]}])
async def test_a_decision_comes_as_parameters(server: Server, body: Json) -> None:
    found = await refused(server, "/ClaimResponse/1/$decide", body, client="reviewer")
    assert (found.status, found.places) == (400, ("resourceType",))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"parameter": [None]}, "Parameters.parameter[1]"),
        ({"parameter": [{"name": 5}]}, "Parameters.parameter[1].name"),
        ({"parameter": [{"name": "other"}]}, "Parameters.parameter[1]"),
        ({"implicitRules": "urn:example:rules"}, "Parameters.implicitRules"),
        ({"color": "red"}, "Parameters.color"),
    ],
)
@pytest.mark.parametrize("operation", ["$submit", "$inquire"])
async def test_parameters_around_a_resource_must_be_r4(
    server: Server, operation: str, change: dict[str, Any], place: str
) -> None:
    bundle = request_bundle(items=[request_item()]) if operation == "$submit" else inquiry_bundle()
    parameters = [{"name": "resource", "resource": bundle}, *change.get("parameter", ())]
    body = {"resourceType": "Parameters", **change, "parameter": parameters}
    answer = await server.post(f"/Claim/{operation}", body)
    assert answer.status_code == 422
    assert place in {issue["expression"][0] for issue in answer.json()["issue"]}
