"""The Bundle that answers a request: what of it is the client's comes back as it came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from app.fhir.bundle import BundleIndex
from app.fhir.json import read, write
from app.pas.edition import EDITIONS, edition
from app.pas.requests.write_claim_response import write_claim_response
from app.pas.write_response import echoes, write_response
from tests.support.answers import BASE, CERTIFIED, CURRENT, NOW, authorization, submitted
from tests.support.samples import CLIENT, entry, request_bundle

FULL_URL = f"{BASE}/ClaimResponse/5f0c3f2e-8f0a-4c43-9d5b-2f2f2f2f2f2f"


def response(bundle: dict[str, Any]) -> dict[str, Any]:
    return read(text_of_response(bundle).encode())


def text_of_response(bundle: dict[str, Any]) -> str:
    request = submitted(bundle)
    written = write_claim_response(authorization(request, CERTIFIED), request.face, CURRENT)
    return write(write_response(request.index, written, FULL_URL, NOW, CURRENT))


def urls(written: dict[str, Any]) -> list[str]:
    return [one["fullUrl"].removeprefix(f"{CLIENT}/") for one in written["entry"]]


def test_the_claim_response_comes_first_and_the_bundle_is_valid() -> None:
    bundle = request_bundle()
    written = response(bundle)
    assert Bundle.model_validate(written)
    assert (written["type"], written["timestamp"]) == ("collection", "2026-11-20T15:00:00.000Z")
    assert written["identifier"] == bundle["identifier"]
    assert written["entry"][0]["fullUrl"] == FULL_URL
    assert written["entry"][0]["resource"]["resourceType"] == "ClaimResponse"
    assert written["meta"]["profile"] == [CURRENT.response_bundle]


def test_referenced_entries_are_echoed_unchanged_and_once_except_the_claim() -> None:
    bundle = request_bundle()
    bundle["entry"][4]["resource"]["extension"] = [
        {"valueDecimal": Decimal("1.50"), "valueString": 'é"\n', "url": "urn:x"}
    ]
    bundle["entry"][4] = {"resource": bundle["entry"][4]["resource"], "fullUrl": bundle["entry"][4]["fullUrl"]}
    text = text_of_response(bundle)
    echoed = urls(response(bundle))[1:]
    assert echoed == [
        "Patient/patient-1", "Organization/payer-1", "Organization/clinic-1", "Practitioner/practitioner-1",
    ]  # fmt: skip
    sent = {one["fullUrl"]: one for one in bundle["entry"]}
    assert text.endswith("".join(f",{write(sent[f'{CLIENT}/{url}'])}" for url in echoed) + "]}")


def test_references_of_an_echoed_resource_are_echoed_too() -> None:
    bundle = request_bundle(entries=[entry("Organization/group-1", {"resourceType": "Organization"})])
    bundle["entry"][0]["resource"]["provider"] = {"reference": "PractitionerRole/role-1"}
    bundle["entry"][1]["resource"]["partOf"] = {"reference": "Organization/group-1"}
    bundle["entry"][4]["resource"]["link"] = [{"other": {"reference": "Patient/elsewhere"}}]
    assert set(urls(response(bundle))[1:]) == {
        "Patient/patient-1", "Organization/payer-1", "PractitionerRole/role-1", "Practitioner/practitioner-1",
        "Organization/clinic-1", "Organization/group-1",
    }  # fmt: skip


def test_a_cycle_of_references_ends_and_leaves_the_claim_out() -> None:
    bundle = request_bundle()
    bundle["entry"][1]["resource"]["partOf"] = {"reference": "Organization/clinic-1"}
    bundle["entry"][4]["resource"]["extension"] = [{"url": "urn:x", "valueReference": {"reference": "Claim/claim-1"}}]
    assert "Claim/claim-1" not in urls(response(bundle))


def test_numbers_come_back_with_their_digits() -> None:
    bundle = request_bundle()
    bundle["entry"][1]["resource"]["extension"] = [{"url": "urn:x", "valueDecimal": Decimal("100.10")}]
    (clinic,) = (one for one in response(bundle)["entry"] if one["fullUrl"].endswith("clinic-1"))
    assert str(clinic["resource"]["extension"][0]["valueDecimal"]) == "100.10"


def test_a_resource_in_urns_is_echoed_by_its_urn() -> None:
    urn = "urn:uuid:6a1c2b1e-3a52-4dd0-9a7f-0f2b8a9d1c11"
    bundle = request_bundle()
    bundle["entry"][4]["fullUrl"] = urn
    bundle["entry"][0]["resource"]["patient"] = {"reference": urn}
    assert urls(response(bundle))[1] == urn


def test_the_answer_to_a_billing_claim_has_no_pas_profile() -> None:
    written = write_response(BundleIndex(request_bundle()), {"use": "claim"}, FULL_URL, NOW, CURRENT)
    assert "meta" not in written
    bare: dict[str, Any] = {"entry": []}
    assert "identifier" not in write_response(BundleIndex(bare), {"use": "claim"}, FULL_URL, NOW, CURRENT)
    assert echoes(BundleIndex(request_bundle()), b'{"use":"claim"}') == []


def test_editions_are_known_by_version_and_the_default_comes_first() -> None:
    assert [one.version for one in EDITIONS.values()] == ["2.2.1", "2.0.1"]
    assert edition("2.0.1").version == "2.0.1"
    with pytest.raises(KeyError):
        edition("1.0.0")
