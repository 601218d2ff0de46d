"""The Claim that is kept: as submitted, but nothing in it refers to what is not here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fhir.resources.R4B.claim import Claim

from app.bills.read_claim import read_claim
from app.fhir.body import Checked
from app.pas.face import server_face
from app.pas.write_claim import write_claim
from tests.support.answers import DENIED, as_sent, authorization, submitted
from tests.support.samples import CLIENT, NPI, billing_claim, entry, practitioner_role, request_bundle, request_item


def kept(bundle: dict[str, Any], **changes: Any) -> dict[str, Any]:
    request = submitted(bundle)
    record = authorization(request, DENIED, **changes)
    written = as_sent(write_claim(request, record.claim, server_face(record)))
    assert Claim.model_validate(written)
    return written


def test_patient_insurer_and_coverage_refer_to_this_server() -> None:
    claim = kept(request_bundle())
    assert claim["id"] == "claim-id"
    assert claim["patient"] == {"reference": "Patient/patient-id"}
    assert claim["insurer"] == {"reference": "Organization/sample-payer"}
    assert claim["insurance"][0]["coverage"] == {"reference": "Coverage/coverage-id"}


def test_other_parties_are_named_by_identifier_and_name() -> None:
    claim = kept(request_bundle())
    assert claim["provider"] == {
        "type": "Organization", "identifier": {"system": NPI, "value": "1987654328"}, "display": "Riverside Therapy",
    }  # fmt: skip
    assert claim["careTeam"][0]["provider"]["identifier"] == {"system": NPI, "value": "1777777776"}
    assert set(re.findall(r"'reference': '([^']*)'", str(claim))) == {
        "Patient/patient-id", "Organization/sample-payer", "Coverage/coverage-id",
    }  # fmt: skip


def test_a_resource_without_identifier_is_named_by_its_url() -> None:
    bundle = request_bundle(entries=[entry("Encounter/e-1", {"resourceType": "Encounter"})])
    bundle["entry"][0]["resource"]["item"] = [
        request_item(encounter=[{"reference": "Encounter/e-1", "display": "visit"}, {"reference": "Encounter/e-2"}])
    ]
    first, second = kept(bundle)["item"][0]["encounter"]
    assert first == {
        "type": "Encounter", "identifier": {"system": "urn:ietf:rfc:3986", "value": f"{CLIENT}/Encounter/e-1"},
        "display": "visit",
    }  # fmt: skip
    assert second["identifier"]["value"] == f"{CLIENT}/Encounter/e-2"


def test_a_role_without_its_practitioner_is_named_by_its_url() -> None:
    bundle = request_bundle()
    bundle["entry"][5]["resource"] = {**practitioner_role(), "practitioner": {"reference": "Practitioner/gone"}}
    named = kept(bundle)["careTeam"][0]["provider"]
    assert named["identifier"]["value"] == f"{CLIENT}/PractitionerRole/role-1"


def test_a_patient_without_a_member_record_is_named_by_member_id() -> None:
    claim = kept(request_bundle(), patient="", coverage="")
    assert claim["patient"]["identifier"]["value"] == "M001"
    assert claim["insurance"][0]["coverage"]["identifier"]["value"] == "M001"


@pytest.mark.parametrize(
    ("meta", "left"),
    [
        ({"versionId": "7", "lastUpdated": "2020-01-01T00:00:00Z", "profile": ["urn:p"]}, {"profile": ["urn:p"]}),
        ({"versionId": "7"}, None),
        (None, None),
    ],
)
def test_the_version_of_the_client_is_dropped(meta: dict[str, Any] | None, left: dict[str, Any] | None) -> None:
    assert kept(request_bundle(claim={"meta": meta})).get("meta") == left


def test_the_submitted_claim_does_not_change() -> None:
    bundle = request_bundle()
    kept(bundle)
    assert bundle == request_bundle()


def test_a_bill_keeps_its_identifiers_and_contained_resources() -> None:
    body = billing_claim(
        contained=[{"resourceType": "Location", "id": "f", "name": "West"}],
        facility={"reference": "#f"},
        patient={"reference": "Patient/p1"},
    )
    read = read_claim(Checked(body), {"Patient/p1": {"resourceType": "Patient"}})
    record = authorization(submitted(request_bundle()), DENIED)
    claim = as_sent(write_claim(read, "bill-id", server_face(record)))
    assert Claim.model_validate(claim)
    assert claim["patient"] == {"reference": "Patient/patient-id"}
    assert claim["facility"] == {"reference": "#f"}
    assert claim["insurer"] == {**body["insurer"], "reference": "Organization/sample-payer"}


def test_a_contained_resource_is_dropped_when_nothing_refers_to_it_any_longer() -> None:
    body = billing_claim(
        contained=[
            {"resourceType": "Patient", "id": "p", "managingOrganization": {"reference": "#o"}},
            {"resourceType": "Organization", "id": "o", "name": "West"},
            {"resourceType": "Location", "id": "f", "managingOrganization": {"reference": "#o2"}},
            {"resourceType": "Organization", "id": "o2", "name": "East"},
            {"resourceType": "Basic", "id": "about", "subject": {"reference": "#"}},
        ],
        facility={"reference": "#f"},
        patient={"reference": "#p"},
    )
    read = read_claim(Checked(body))
    record = authorization(submitted(request_bundle()), DENIED)
    claim = as_sent(write_claim(read, "bill-id", server_face(record)))
    assert claim["patient"] == {"reference": "Patient/patient-id"}
    assert [resource["id"] for resource in claim["contained"]] == ["f", "o2", "about"]
    assert len(body["contained"]) == 5
    del body["facility"], body["contained"][2:]
    assert "contained" not in write_claim(read_claim(Checked(body)), "bill-id", server_face(record))
