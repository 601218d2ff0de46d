"""The smallest request and inquiry that the PAS profiles allow are answered."""

from __future__ import annotations

import copy

import pytest

from tests.api.reading import actions, answered, resources, returned
from tests.support.samples import Json, inquiry_bundle, request_bundle
from tests.support.server import Server

REQUIRED = {
    "Patient": {"identifier", "name", "gender"},
    "Coverage": {"identifier", "status", "beneficiary", "relationship", "payor"},
    "Organization": {"identifier", "active", "name"},
}

UNKNOWN = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}


def of_type(bundle: Json, type_: str) -> Json:
    """Return the first resource of a type."""
    return next(one for one in resources(bundle) if one["resourceType"] == type_)


def barest(bundle: Json) -> Json:
    """Take out of a Bundle's resources everything that their PAS profiles allow to be left out."""
    bare = copy.deepcopy(bundle)
    claim = bare["entry"][0]["resource"]
    for name in ("careTeam", "diagnosis", "meta"):
        claim.pop(name, None)
    for item in claim.get("item", []):
        for name in ("careTeamSequence", "diagnosisSequence", "servicedPeriod", "quantity"):
            del item[name]
    for type_, wanted in REQUIRED.items():
        for one in resources(bare):
            if one["resourceType"] == type_:
                for name in one.keys() - wanted - {"resourceType", "id"}:
                    del one[name]
    bare["entry"] = [one for one in bare["entry"] if one["resource"]["resourceType"] in {"Claim", *REQUIRED}]
    return bare


@pytest.mark.requirement("pas-2.2.1/conf-11")
@pytest.mark.requirement("pas-2.2.1/conf-12")
@pytest.mark.requirement("pas-2.2.1/conf-14")
async def test_the_server_decides_and_finds_the_smallest_valid_request(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", barest(request_bundle())))
    assert actions(response) == {1: "A1"}
    [found] = returned(await server.post("/Claim/$inquire", barest(inquiry_bundle())))
    assert found["id"] == response["id"]


@pytest.mark.requirement("pas-2.2.1/conf-14")
async def test_an_unidentified_party_of_the_smallest_request_is_a_business_error(server: Server) -> None:
    unnamed = barest(request_bundle())
    for one in resources(unnamed):
        if one["resourceType"] == "Organization":
            del one["identifier"]
    of_type(unnamed, "Coverage")["identifier"][0].pop("value")
    of_type(unnamed, "Patient")["name"] = [{"extension": [UNKNOWN]}]
    assert answered(await server.post("/Claim/$submit", unnamed))["outcome"] == "error"
    inquiry = barest(inquiry_bundle())
    inquiry["entry"][1:] = unnamed["entry"][1:]
    assert returned(await server.post("/Claim/$inquire", inquiry)) == []
