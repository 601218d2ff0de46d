"""The answer to an inquiry, in the shape of each edition."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.parameters import Parameters
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.fhir.body import Checked
from app.fhir.json import write
from app.pas.edition import Edition
from app.pas.read_inquiry import SubmittedInquiry, read_inquiry
from app.pas.write_inquiry import Inquired, Match, write_inquiry
from tests.support.answers import (
    BASE,
    CERTIFIED,
    CURRENT,
    NOW,
    NUMBER,
    OLDER,
    PENDED,
    as_sent,
    authorization,
    submitted,
)
from tests.support.samples import CLIENT, inquiry_bundle, request_bundle


def two() -> list[Authorization]:
    request = submitted(request_bundle())
    return [authorization(request, CERTIFIED), authorization(request, PENDED, id="other-id", claim="other-claim")]


def asked(**changes: Any) -> SubmittedInquiry:
    return read_inquiry(Checked(inquiry_bundle(**changes)), CURRENT)


def answered(matching: list[Authorization], inquiry: SubmittedInquiry, edition: Edition = CURRENT) -> Any:
    """Write the answer without the Bundles of the requests."""
    return as_sent(write_inquiry(list(map(Match, matching)), Inquired(inquiry, BASE, NOW, edition)))


def test_2_2_1_answers_with_one_bundle_for_each_match() -> None:
    written = answered(two(), asked())
    assert Parameters.model_validate(written)
    assert [one["name"] for one in written["parameter"]] == ["return", "return"]
    bundles = [one["resource"] for one in written["parameter"]]
    for bundle, match in zip(bundles, two(), strict=True):
        response = bundle["entry"][0]["resource"]
        assert bundle["type"] == "collection"
        assert bundle["meta"]["profile"] == [CURRENT.inquiry_response_bundle]
        assert bundle["entry"][0]["fullUrl"] == f"{BASE}/ClaimResponse/{match.id}"
        assert response["meta"]["profile"] == [CURRENT.inquiry_response]
        assert response["request"] == {"reference": f"{BASE}/Claim/{match.claim}"}


def test_patient_insurer_and_requestor_are_echoed_from_the_inquiry() -> None:
    inquiry = asked()
    written = answered(two()[:1], inquiry)
    entries = written["parameter"][0]["resource"]["entry"]
    assert [one["fullUrl"].removeprefix(f"{CLIENT}/") for one in entries[1:]] == [
        "Patient/patient-1", "Organization/payer-1", "Organization/clinic-1",
    ]  # fmt: skip
    assert write(entries[1]) == write(inquiry.index.bundle["entry"][4])
    assert entries[0]["resource"]["preAuthRef"] == NUMBER


def test_a_requestor_other_than_the_inquirer_is_named_by_identifier() -> None:
    written = answered(two()[:1], asked(requestor="1444444446"))
    entries = written["parameter"][0]["resource"]["entry"]
    assert entries[0]["resource"]["requestor"]["identifier"]["value"] == "1987654328"
    assert all("clinic" not in one["fullUrl"] for one in entries)


def test_without_a_match_the_parameters_are_empty() -> None:
    written = answered([], asked())
    assert written == {"resourceType": "Parameters"}
    assert Parameters.model_validate(written)


def test_2_0_1_answers_with_one_bundle_that_has_all_matches() -> None:
    written = answered([replace(one, edition="2.0.1") for one in two()], asked(), OLDER)
    assert Bundle.model_validate(written)
    types = [one["resource"]["resourceType"] for one in written["entry"]]
    assert types == [
        "ClaimResponse",
        "ClaimResponse",
        "CommunicationRequest",
        "Patient",
        "Organization",
        "Organization",
    ]
    assert len({one["fullUrl"] for one in written["entry"]}) == len(written["entry"])


@pytest.mark.parametrize("edition", [OLDER])
def test_2_0_1_answers_no_match_with_patient_and_insurer(edition: Any) -> None:
    written = answered([], asked(), edition)
    assert Bundle.model_validate(written)
    assert [one["resource"]["resourceType"] for one in written["entry"]] == ["Patient", "Organization"]
