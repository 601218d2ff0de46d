"""The profile of a Bundle that declares none."""

from __future__ import annotations

import pytest

from app.conformance.choice import bundle_profile
from tests.support.samples import (
    PAS,
    Json,
    billing_claim,
    bundle,
    entry,
    extension,
    inquiry_bundle,
    patient,
    request_bundle,
    request_item,
    undeclared,
)

DECIDED = extension("extension-reviewActionCode", valueCode="A1")
IN_DECEMBER = {"billablePeriod": {"start": "2026-12-01"}}


def chosen(body: Json) -> str | None:
    """Return the short name of the profile; None for other Bundles."""
    plain = {name: value for name, value in body.items() if name != "meta"}
    profile = bundle_profile(plain)
    return None if profile is None else profile.removeprefix(f"{PAS}profile-pas-").removesuffix("-bundle")


def beginning(type_: str, **elements: Json) -> Json:
    return bundle("none", [entry(f"{type_}/1", {"resourceType": type_, **elements})])


@pytest.mark.parametrize(
    "body",
    [
        request_bundle(),
        undeclared(request_bundle()),
        undeclared(request_bundle(claim=IN_DECEMBER)),
        undeclared(request_bundle(claim={"item": None, "related": [{}]})),
    ],
    ids=["declared by its Claim", "undeclared", "with a period", "that cancels all"],
)
def test_a_bundle_that_begins_with_a_claim_is_a_request(body: Json) -> None:
    assert chosen(body) == "request"


@pytest.mark.parametrize(
    "body",
    [
        inquiry_bundle(items=[request_item()]),
        undeclared(inquiry_bundle()),
        undeclared(inquiry_bundle(items=[request_item(extension=[DECIDED])])),
        undeclared(inquiry_bundle(items=[request_item(extension=[])], claim=IN_DECEMBER)),
    ],
    ids=["declared by its Claim", "without items", "with criteria", "with a period"],
)
def test_a_claim_with_criteria_of_inquiries_is_an_inquiry(body: Json) -> None:
    assert chosen(body) == "inquiry-request"


def test_a_bundle_that_begins_with_a_claim_response_is_an_answer() -> None:
    assert chosen(beginning("ClaimResponse")) == "response"
    inquired = {"profile": [f"{PAS}profile-claiminquiryresponse|2.2.1"]}
    assert chosen(beginning("ClaimResponse", meta=inquired)) == "inquiry-response"


@pytest.mark.parametrize(
    "body",
    [
        beginning("Patient"),
        bundle("none", []),
        bundle("none", [entry("Claim/1", billing_claim())]),
        {"resourceType": "Bundle", "entry": [None, {"resource": {"resourceType": "Claim"}}]},
        {"resourceType": "Bundle", "entry": [{"resource": 7}]},
        {"resourceType": "Bundle", "entry": 7},
        patient(),
    ],
)
def test_other_resources_get_no_profile(body: Json) -> None:
    assert chosen(body) is None


@pytest.mark.parametrize("meta", [5, {"profile": 5}, {"profile": [5]}, {"tag": []}])
def test_an_unreadable_declaration_counts_as_none(meta: object) -> None:
    assert bundle_profile(request_bundle() | {"meta": meta}) == f"{PAS}profile-pas-request-bundle"


def test_a_declared_profile_is_not_replaced() -> None:
    assert bundle_profile(request_bundle()) is None
