"""The Python clients fhirpy and fhirclient submit a request, inquire about it and search the answer."""

from __future__ import annotations

import pytest
from fhirclient import client as fhirclient
from fhirclient.models import bundle as fhirclient_bundle
from fhirclient.models import claimresponse as fhirclient_claimresponse
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome

from tests.clients.conftest import Vendor
from tests.support.samples import inquiry_bundle, request_bundle

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("programs of others")]

SUBMIT, INQUIRE = "Claim/$submit", "Claim/$inquire"


def test_fhirpy_submits_inquires_and_searches(vendor: Vendor) -> None:
    client = SyncFHIRClient(vendor.base, authorization=f"Bearer {vendor.token}")
    answer = client.execute(SUBMIT, method="post", data=request_bundle(identifier="fhirpy"))
    number = answer["entry"][0]["resource"]["preAuthRef"]
    inquired = client.execute(INQUIRE, method="post", data=inquiry_bundle())
    assert number in str(inquired)
    found = client.resources("ClaimResponse").search(**{"pre-auth-ref": number}).fetch_all()
    assert [one["preAuthRef"] for one in found] == [number]
    assert client.resources("ClaimResponse").search(**{"pre-auth-ref": number}).count() == 1
    assert client.reference("ClaimResponse", found[0]["id"]).to_resource()["preAuthRef"] == number


def test_fhirpy_reads_the_outcome_of_a_refusal(vendor: Vendor) -> None:
    client = SyncFHIRClient(vendor.base, authorization=f"Bearer {vendor.token}")
    with pytest.raises(OperationOutcome) as refused:
        client.execute(SUBMIT, method="post", data={"resourceType": "Bundle", "type": "collection"})
    assert "Bundle" in str(refused.value)


def test_fhirclient_submits_inquires_and_searches(vendor: Vendor) -> None:
    smart = fhirclient.FHIRClient(settings={"app_id": "vendor", "api_base": vendor.base})
    smart.server.session.headers["Authorization"] = f"Bearer {vendor.token}"
    assert smart.server.capabilityStatement.fhirVersion == "4.0.1"
    sent = fhirclient_bundle.Bundle(request_bundle(identifier="fhirclient"))
    answer = fhirclient_bundle.Bundle(smart.server.post_json(SUBMIT, sent.as_json()).json())
    number = answer.entry[0].resource.preAuthRef
    assert number in smart.server.post_json(INQUIRE, inquiry_bundle()).text
    search = fhirclient_claimresponse.ClaimResponse.where({"pre-auth-ref": number})
    found = list(search.perform_resources_iter(smart.server))
    assert [one.preAuthRef for one in found] == [number]
    assert fhirclient_claimresponse.ClaimResponse.read(found[0].id, smart.server).preAuthRef == number
